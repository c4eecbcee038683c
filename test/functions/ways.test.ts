import { Context } from 'millrace'
import { test } from 'uvu'
import type { Step } from '../support/plainly.js'

import { allWays } from '../support/ways.js'

// A failed task is not run again: the first error is the one that is told.
const sc = new Context({ threads: 2, memory: '256MiB', maxTaskFailures: 1 })
test.after(() => sc.stop())

type Written = Step['op'] | [op: Step['op'], fn: string, captures?: Record<string, unknown>]

const stepOf = (written: Written): Step => {
  const [op, fn, captures] = typeof written === 'string' ? [written] : written
  return { op, ...(fn && { fn }), ...(captures && { captures }) }
}

function same(name: string, items: readonly unknown[], program: Written[], slices?: number): void {
  test(name, () => allWays(sc, items, program.map(stepOf), slices))
}

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  7,
  0.1,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e300,
  5e-324,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
]
const TEXTS = [
  '',
  ' ',
  'a',
  'a b',
  ' a  b ',
  'ß b',
  '😀 x',
  'the\tend',
  '\ufeffx\u2028y',
  'constructor',
  '__proto__',
  '1',
  '0',
]
const MIXED = [
  1,
  '1',
  true,
  1n,
  null,
  undefined,
  Number.NaN,
  'NaN',
  'null',
  [1],
  ['1'],
  [],
  {},
  { a: 1 },
  { a: '1' },
  0,
  -0,
  false,
  '',
  2n ** 64n,
  '\ud800',
  [[1]],
  { b: 1, a: 2 },
  { a: 2, b: 1 },
]
const words: Written = ['flatMap', 'l => l.split(" ")']
/** Text from JavaScript values is coded by a dictionary; text that a function makes is not, as text from files. */
const plainText: Written = ['map', 't => t.concat("")']
const ones: Written = ['map', 'w => [w, 1]']
const add: Written = ['reduceByKey', '(a, b) => a + b']

// ---- what looks alike

same('word count', TEXTS, [plainText, words, ones, add])
same('word count of words that are empty', ['', '', '  '], [plainText, words, ones, add])
same('a split of numbers among texts', ['a b', 'c', 1, 'd'], [words], 1)
same('a split of nulls among texts', ['a b', null, 'd'], [words], 1)
same('a split of text with nulls in it', [1, 2, 3], [['map', 'x => (x === 2 ? null : "a b")'], words])
same('a split of a list', [['a b'], ['c d']], [words], 1)
for (const by of [
  '","',
  '", "',
  '"ß"',
  '/\\s/',
  '/\\s+/',
  '/[ ,]/',
  '/[ ,]+/',
  '/\\W+/',
  '/\\d/',
  '/a|b/',
  '/(,)/',
  '""',
])
  same(
    `a split by ${by}`,
    [...TEXTS, 'a,b', ',', 'a, b,, c', '\u00a0a\u3000', 'ßß', 'éa b😀'],
    [plainText, ['flatMap', `l => l.split(${by})`]],
  )
same('a split by a captured text', ['a--b', '-'], [plainText, ['flatMap', 'l => l.split(by)', { by: '--' }]])
same('a split with a limit', ['a b c'], [plainText, ['flatMap', 'l => l.split(" ", 2)']])
same('a split that is not flattened', ['a b c'], [plainText, ['map', 'l => l.split(" ")']])

const items: Written = ['flatMap', 'x => x.items']
for (const [what, lists] of Object.entries({
  lists: [[1, 2], [], [3], [4, 5, 6]],
  'empty lists': [[], []],
  'long lists': [Array.from({ length: 40_000 }, (_, i) => i), [1]],
  'lists of lists': [[[1], [2, 3]], [], [[]]],
  'lists of records': [[{ a: 1 }], [], [{ a: 2 }, { a: 3 }]],
  'lists with nulls': [[1, null], [], [null]],
  texts: ['ab', '', 'c'],
  'tuples of one length': [
    [1, 'a'],
    [2, 'b'],
  ],
})) {
  const records = (lists as unknown[]).map((list, n) => ({ n, items: list }))
  same(`${what} of records, flattened`, records, [items], 1)
  same(`${what} of records, flattened after a filter`, records, [['filter', 'x => x.n !== 1'], items], 1)
}
same('lists that some records have not, flattened', [{ items: [1] }, { items: null }], [items], 1)

same('pairs in other ways', TEXTS, [
  ones,
  ['map', '([w, n]) => [n, w]'],
  ['map', 'p => ({ w: p[1], n: p[0] })'],
])
same(
  'sums of numbers and texts',
  [
    ['a', 1],
    ['a', 'x'],
    ['a', 2],
    ['b', 'y'],
    ['b', null],
  ],
  [add],
)
same('sums that become text late', [...Array(200).fill(['a', 1]), ['a', 'x'], ['a', 1]], [add], 1)
same(
  'sums of texts',
  TEXTS.map(t => ['a', t]),
  [add],
)
same(
  'sums of lists',
  [
    ['a', [1]],
    ['a', [2]],
  ],
  [add],
)
same(
  'sums of BigInts',
  [
    ['a', 1n],
    ['a', 2n ** 63n],
  ],
  [add],
)
same(
  'sums of BigInts and numbers',
  [
    ['a', 1],
    ['a', 1n],
  ],
  [add],
  1,
)
same(
  'sums beyond 32 bits',
  Array.from({ length: 10 }, () => ['a', 2 ** 31 - 1]),
  [add],
)
same(
  'sums beyond 53 bits',
  Array.from({ length: 9 }, (_, i) => ['a', 2 ** 53 - i]),
  [add],
)
same(
  'sums that depend on their order',
  [1e300, 1, -1e300, 0.1, 0.2, 0.3].map(x => ['a', x]),
  [add],
  3,
)
same(
  'sums of nothing but -0',
  [
    ['a', -0],
    ['b', -0],
    ['b', -0],
  ],
  [add],
)
same(
  'differences',
  [
    ['a', 3],
    ['a', 2],
    ['a', 1],
  ],
  [['reduceByKey', '(a, b) => a - b']],
  1,
)
same(
  'sums the other way round, of texts',
  [
    ['a', 'x'],
    ['a', 'y'],
  ],
  [['reduceByKey', '(a, b) => b + a']],
  1,
)
same(
  'reducers of pairs of numbers',
  NUMBERS.map(x => ['a', [x, 1]]),
  [['reduceByKey', '([s, n], [t, m]) => [s + t, n + m]']],
)
same(
  'reducers of triples, of which a number is lost',
  [
    ['a', [1, 2, 3]],
    ['a', [4, 5, 6]],
  ],
  [['reduceByKey', '([s, n], [t, m]) => [s + t, n + m]']],
)
same(
  'reducers of records',
  NUMBERS.map(x => ['a', { x, n: 1 }]),
  [['reduceByKey', '(a, b) => ({ x: Math.max(a.x, b.x), n: a.n + b.n })']],
)
same(
  'reducers that give the names in another order',
  [
    ['a', { x: 1, n: 1 }],
    ['a', { x: 2, n: 1 }],
    ['b', { x: 3, n: 1 }],
  ],
  [['reduceByKey', '(a, b) => ({ n: a.n + b.n, x: a.x + b.x })']],
)
same(
  'a reducer with a parameter named Math',
  [
    ['a', 1],
    ['a', 2],
  ],
  [['reduceByKey', '(Math, b) => Math.max(Math, b)']],
  1,
)

for (const fold of [
  'a + b',
  'Math.min(a, b)',
  'Math.max(b, a)',
  'a < b ? a : b',
  'a <= b ? b : a',
  'b > a ? b : a',
  'a >= b ? b : a',
]) {
  const pairsOfNumbers = NUMBERS.flatMap((x, i) =>
    NUMBERS.flatMap((y, k) => [
      [`${i}.${k}`, x],
      [`${i}.${k}`, y],
    ]),
  )
  same(`${fold} of any two numbers`, pairsOfNumbers, [['reduceByKey', `(a, b) => ${fold}`]], 1)
  same(`${fold} in all`, NUMBERS, [['reduce', `(a, b) => ${fold}`]])
  same(
    `${fold} in all, of whole numbers`,
    [5, 2 ** 31 - 1, -4, 2 ** 31 - 1, 0],
    [['reduce', `(a, b) => ${fold}`]],
    3,
  )
  same(`${fold} in all, of texts`, ['b', 'a', '10', '9'], [['reduce', `(a, b) => ${fold}`]])
}

for (const [name, keys] of Object.entries({
  NUMBERS,
  TEXTS,
  MIXED,
  whole: [3, -3, 3, 70_000, -70_000, 3],
  big: [1n, 1n, -1n],
})) {
  const pairs = [...keys, ...keys].map((k, i) => [k, i])
  same(`keys: ${name}`, pairs, [add])
  same(`keys on one side: ${name}`, pairs, [add], 1)
  same(`keys grouped: ${name}`, pairs, ['groupByKey'])
  same(`keys made unique: ${name}`, [...keys, ...keys], ['distinct'])
  same(`keys of a record: ${name}`, keys, [['keyBy', 'x => [x]'], ['mapValues', 'x => [x]'], 'groupByKey'])
}
for (const k of [Number.NaN, -0, 0, 'x', '\ud800', null, true, 2 ** 40]) {
  same(
    `a constant key and value: ${Object.is(k, -0) ? '-0' : JSON.stringify(k)}`,
    ['a', 'b', 'c'],
    [['map', 'w => [k, k]', { k }], 'groupByKey'],
  )
}
same(
  'a constant key that is 0 in one branch and -0 in the other',
  [1, 2],
  [['map', 'x => x > 1 ? [0, x] : [-0, x]'], add],
)

same('conditions on texts', TEXTS, [
  plainText,
  ['filter', 'w => w'],
  ['filter', 'w => w.length > 0'],
  ones,
  ['filter', 'p => p[0]'],
])
same('conditions on anything', MIXED, [['filter', 'x => x']])
same('conditions on lists', [[], [0], [[]]], [['filter', 'x => x.length']])
same('conditions on fields', [{ w: '' }, { w: 'a' }, { w: 0 }, {}], [['filter', 'x => x.w']])
same('conditions on what has no length', [null, 'a'], [['filter', 'x => x.length > 0']], 1)

same('a pattern on what has no fields', [{ a: 1 }, null], [['map', '({ a }) => 1']], 1)
same('a pattern on what is no list', [[1], 2], [['map', '([a]) => "list"']], 1)
same('a pattern on a list of another length', [[1, 2], [3], [], [4, 5, 6]], [['map', '([a, b]) => [b, a]']])
same('a pattern on texts', ['ab', '😀', ''], [['map', '([a, b]) => [b, a]']])
same(
  'a constant that is not used and throws',
  [{ a: { b: 1 } }, {}],
  [['map', 'x => { const y = x.a.b; return 1 }']],
  1,
)
same('fields that are missing', [{ a: 1 }, {}, { b: 2, a: 3 }], [['map', '({ a }) => [a]']])
same('fields of null', [{ a: 1 }, null], [['map', 'x => x.a']], 1)
same(
  'fields that objects have by themselves',
  [{ a: 1 }],
  [['map', 'x => [typeof x.toString, x.constructor === Object]']],
)
same(
  'a field by the name of __proto__',
  [JSON.parse('{"__proto__":5,"a":1}'), { a: 2 }],
  [['map', 'x => [x.a, x]']],
)
same(
  'names in the order they were written',
  [1],
  [
    ['map', 'x => ({ b: x, a: x, 1: x })'],
    ['map', 'x => Object.keys(x)'],
  ],
)
same('wide tuples', [1], [['map', `x => [${Array(40).fill('x').join()}]`]])
same(
  'the first items of lists',
  [
    [1, 2],
    [3, 4, 5],
    [null, 6],
  ],
  ['keys'],
  1,
)
same('the first item of lists of one', [[1], [2]], ['keys'], 1)
same('the second items of lists of one', [[1], [2]], ['values'], 1)

for (const value of [
  'undefined',
  'null',
  '-0',
  'NaN',
  '1n',
  '"\\ud800"',
  '[]',
  '[1, , 2]',
  '{}',
  'new Date(5)',
  'new Map([[1, 2]])',
])
  same(`results that are ${value}`, [1, 2, 3], [['map', `x => x === 2 ? ${value} : x`]])
same(
  'results that change their type after a while',
  Array.from({ length: 300 }, (_, i) => i),
  [['map', 'x => x < 100 ? x : x < 150 ? -0 : x < 200 ? `${x}` : [x, x]']],
)
same(
  'pairs whose parts change their type after a while',
  Array.from({ length: 300 }, (_, i) => i),
  [['map', 'x => [x < 100 ? x : x / 2, x < 200 ? `${x}` : null]'], 'groupByKey'],
)
same(
  'remainders',
  [...NUMBERS, 12, -12, 3.5],
  [['map', 'x => [x % 3, (x + 1) % 1000, x % 0, x % -3, x % 2.5, -x % 7]']],
)
same('remainders of what is no number', ['5', '', null, true, [7], {}], [['map', 'x => x % 4']])
same('remainders of BigInts', [5n], [['map', 'x => x % 4']], 1)

// ---- errors

const unlucky = (record: string): string =>
  `x => { if (x === ${record}) throw new RangeError("unlucky " + x); return x }`
const hundred = Array.from({ length: 100 }, (_, i) => i)
for (const op of ['map', 'filter', 'keyBy'] as const)
  same(
    `an error in ${op}`,
    hundred,
    [
      ['map', 'x => x + 1'],
      [op, unlucky('77')],
      ['map', 'x => [x]'],
    ],
    1,
  )
same(
  'an error in mapValues',
  hundred,
  [
    ['map', 'x => [x, x]'],
    ['mapValues', unlucky('77')],
  ],
  1,
)
same(
  'an error in flatMapValues',
  hundred,
  [
    ['map', 'x => [x, x]'],
    ['flatMapValues', 'x => x === 77 ? x.y.z : [x]'],
  ],
  1,
)
same('an error behind a split', ['a b', 'c d e'], [plainText, words, ['map', unlucky('"d"')]], 1)
same(
  'an error behind a flatMap',
  [1, 2],
  [
    ['flatMap', 'x => [x, x * 10]'],
    ['map', unlucky('10')],
  ],
  1,
)
same(
  'an error in reduce',
  [1, 2, 3],
  [['reduce', '(a, b) => { if (b === 3) throw new Error("three"); return a + b }']],
  1,
)
same(
  'an error in reduceByKey',
  [
    ['a', 1],
    ['a', null],
  ],
  [['reduceByKey', '(a, b) => a + b.length']],
  1,
)
same('what is thrown and is no error', [1], [['map', 'x => { throw { message: "not an error" } }']], 1)
same('flatMap of what is no list', [1, 2], [['flatMap', 'x => x > 1 ? 5 : [x]']], 1)
same(
  'flatMap of iterables',
  ['ab', '😀'],
  [
    ['flatMap', 'x => x'],
    ['flatMap', 'x => new Set([x, x])'],
  ],
)
same('flatMap by a generator', [2, 0], [['flatMap', 'function* (n) { for (let i = 0; i < n; i++) yield i }']])
same('records that are no pairs', [[1, 2], 3], [['mapValues', 'x => x']], 1)

// ---- records of which only some is looked at

const WIDE = Array.from({ length: 70 }, (_, i) => ({
  id: i,
  name: `name ${i}`,
  place: { x: i / 2, tags: [`t${i % 3}`, 'u'] },
  none: i % 5 === 0 ? null : i,
  pair: [`k${i % 4}`, [i, `v${i}`]],
}))
for (const chain of [
  [['filter', 'o => o.id % 3 === 0']],
  [['filter', 'o => o.none']],
  [
    ['filter', 'o => o.id > 3'],
    ['map', 'o => o.name.length'],
  ],
  [
    ['filter', 'o => o.id > 3'],
    ['filter', 'o => o.place.x < 20'],
    ['map', '({ name, ...rest }) => [name, rest]'],
  ],
  [['map', 'o => o.place.tags.join("-")']],
  [['map', 'o => Object.keys(o)']],
  [
    ['map', '({ pair: [k, [n]], none }) => ({ k, n, none })'],
    ['filter', 'o => o.n > 5'],
  ],
  [['map', 'o => { const p = { ...o }; p.id++; return p }']],
  [['map', 'o => { const { place: { x }, name } = o; return x + name }']],
  [['map', 'o => o.missing ?? "x" in o']],
  [['map', 'o => o.pair.length + o.place.tags.length']],
  [['map', 'o => o.pair.map(String)']],
  [
    ['flatMap', 'o => o.place.tags.map(tag => [tag, o.id])'],
    ['reduceByKey', '(a, b) => a + b'],
  ],
  [
    ['keyBy', 'o => o.pair[0]'],
    ['mapValues', 'o => o.place.x'],
    ['reduceByKey', '(a, b) => a + b'],
  ],
  [
    ['keyBy', 'o => o.place.tags'],
    ['mapValues', '({ id, none }) => [id, none]'],
  ],
  [
    ['map', 'o => [o.name, o.id]'],
    ['flatMapValues', 'n => [n, -n]'],
  ],
  [
    ['map', 'o => o.pair'],
    ['map', '([, [n]]) => n'],
    ['filter', 'n => n % 2'],
  ],
  [
    ['map', 'o => o.pair'],
    ['filter', '([k]) => k !== "k1"'],
  ],
  [['map', 'o => o.name.missing.x']],
] as Written[][])
  same(chain.map(written => (written as string[])[1]).join(', '), WIDE, chain, 2)

// ---- at random

test.run()
