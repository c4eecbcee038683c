import { Context } from 'millrace'
import { test } from 'uvu'

import type { Step } from '../support/plainly.js'
import { Seeded } from '../support/seeded.js'
import { allWays } from '../support/ways.js'

/** What records are, by and large; programs may meet others all the same. */
type Kind = 'whole' | 'number' | 'text' | 'big' | 'yes' | 'list' | 'record' | 'pair' | 'any'

const one: Record<Kind, (seeded: Seeded) => unknown> = {
  whole: s => s.pick([s.below(10), s.below(10), -s.below(1000), 2 ** 31 - 1, -(2 ** 31)]),
  number: s =>
    s.pick([s.next(), s.below(5), -0, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 31, 2 ** 53 + 2, -1e300]),
  text: s => s.pick(['', ' ', 'a', 'b', 'a b', ' c  a ', 'ß', '😀 b', '7', '-0', 'null', `w${s.below(20)}`]),
  big: s => s.pick([0n, 1n, -1n, BigInt(s.below(9)), 2n ** 63n - 1n, 2n ** 63n]),
  yes: s => s.chance(0.5),
  list: s => Array.from({ length: s.below(5) }, () => s.pick([1, 2, 'a', null, 0.5])),
  record: s => ({ user: one.text(s), amount: one.number(s), tags: s.many(s.below(3), ['x', 'y']) }),
  pair: s => [one.text(s), one.whole(s)],
  any: s =>
    s.pick([
      null,
      undefined,
      '\ud800',
      [],
      {},
      { a: 1, b: 2 },
      { b: 2, a: 1 },
      [[-0]],
      one[s.pick(SIMPLE)](s),
    ]),
}
const SIMPLE: Kind[] = ['whole', 'number', 'text', 'big', 'yes', 'list', 'record', 'pair']

/** Functions for records of a kind, and what they give. Some are understood, some only look like it. */
const MAPS: Record<Kind, [fn: string, gives: Kind][]> = {
  whole: [
    ['x => x * 2', 'number'],
    ['x => x % 7', 'number'],
    ['x => (x | 0) + 1', 'whole'],
    ['x => [x % 3, x]', 'pair'],
    ['x => [x, 1]', 'pair'],
    ['x => x > 5', 'yes'],
    ['x => `${x}`', 'text'],
    ['x => x > 3 ? x : `${x}`', 'any'],
  ],
  number: [
    ['x => x / 3', 'number'],
    ['x => -x', 'number'],
    ['x => Math.max(x, 0)', 'number'],
    ['x => x % 2', 'number'],
    ['x => ({ user: "u", amount: x, tags: [] })', 'record'],
    ['x => [Math.trunc(x), [x, 1]]', 'pair'],
    ['x => Number.isInteger(x) ? x : null', 'any'],
  ],
  text: [
    ['x => x.concat("")', 'text'],
    ['x => x.toUpperCase()', 'text'],
    ['x => [x, 1]', 'pair'],
    ['({ length }) => length', 'whole'],
    ['x => ({ user: x, amount: x.length, tags: [x] })', 'record'],
    ['x => x.split(" ")', 'list'],
    ['x => [x[0], x]', 'pair'],
    ['x => { const w = x; return [w, w] }', 'pair'],
  ],
  big: [
    ['x => x + 1n', 'big'],
    ['x => [x, `${x}`]', 'pair'],
    ['x => Number(x)', 'number'],
  ],
  yes: [
    ['x => !x', 'yes'],
    ['x => [x, 1]', 'pair'],
    ['x => x ? 1 : -0', 'number'],
  ],
  list: [
    ['x => x.length', 'whole'],
    ['([a]) => a', 'any'],
    ['x => x[1]', 'any'],
    ['([a, b]) => [b, a]', 'pair'],
    ['x => [...x, 1]', 'list'],
  ],
  record: [
    ['({ user, amount }) => [user, amount]', 'pair'],
    ['r => r.amount', 'number'],
    ['r => r.user', 'text'],
    ['({ tags }) => tags', 'list'],
    ['({ user: u, ...rest }) => ({ user: u, ...rest })', 'record'],
    ['r => ({ tags: r.tags, amount: r.amount, user: r.user })', 'record'],
    ['r => [r, r.amount]', 'pair'],
  ],
  pair: [
    ['([k, v]) => [v, k]', 'pair'],
    ['p => p[0]', 'any'],
    ['p => p[1]', 'any'],
    ['([k, v]) => ({ user: k, amount: v, tags: [] })', 'record'],
    ['p => [p, 1]', 'pair'],
    ['([, v]) => v', 'any'],
  ],
  any: [
    ['x => [x, 1]', 'pair'],
    ['x => typeof x', 'text'],
    ['x => [typeof x, x]', 'pair'],
    ['x => x', 'any'],
    ['x => x ?? 0', 'any'],
  ],
}
const FILTERS: Record<Kind, string[]> = {
  whole: ['x => x > 0', 'x => x % 2 === 0', 'x => x'],
  number: ['x => x < 1', 'x => x', 'x => Object.is(x, -0) || x > 0'],
  text: ['x => x', 'x => x.length > 0', 'x => x !== ""', 'x => x > "a"'],
  big: ['x => x > 0n', 'x => x'],
  yes: ['x => x', 'x => !x'],
  list: ['x => x.length', 'x => x.includes(1)'],
  record: ['r => r.user', 'r => r.amount > 0', '({ tags }) => tags.length'],
  pair: ['p => p[0]', '([k]) => k !== "a"', '([, v]) => v > 1'],
  any: ['x => x', 'x => x !== null', 'x => typeof x !== "object"'],
}
const FLATS: [kind: Kind, fn: string, gives: Kind][] = [
  ['text', 'x => x.split(" ")', 'text'],
  ['text', 'x => x.split(/\\s+/)', 'text'],
  ['text', 'x => x.split(/[ a]/)', 'text'],
  ['text', 'x => x', 'text'],
  ['list', 'x => x', 'any'],
  ['record', 'r => r.tags.map(t => [t, r.amount])', 'pair'],
  ['whole', 'x => x > 8 ? [] : [x, -x]', 'number'],
  ['pair', 'p => p', 'any'],
  ['any', 'x => [x, x]', 'any'],
]
const REDUCERS = [
  '(a, b) => a + b',
  '(a, b) => a > b ? a : b',
  '(a, b) => Math.min(a, b)',
  '(a, b) => b',
  '(a, b) => [a, b].flat().length',
  '([s, n], [t, m]) => [s + t, n + m]',
  '(a, b) => ({ user: a.user + b.user, amount: a.amount + b.amount, tags: a.tags })',
]

/** A chain of operators that fits the kind, as a rule. */
function program(seeded: Seeded, first: Kind): Step[] {
  const steps: Step[] = []
  let kind = first
  // With a dictionary and without, in case the records are text.
  if (kind === 'text' && seeded.chance(0.7)) steps.push({ op: 'map', fn: 'x => x.concat("")' })
  for (let left = 1 + seeded.below(4); left > 0; left--) {
    const flats = FLATS.filter(([of]) => of === kind)
    const dice = seeded.next()
    if (dice < 0.25) steps.push({ op: 'filter', fn: seeded.pick(FILTERS[kind]) })
    else if (dice < 0.4 && flats.length > 0) {
      const [, fn, gives] = seeded.pick(flats)
      steps.push({ op: 'flatMap', fn })
      kind = gives
    } else if (kind === 'pair' && dice < 0.6) {
      steps.push({
        op: 'mapValues',
        fn: seeded.pick(MAPS[seeded.pick(['whole', 'any', 'number'] as const)])[0],
      })
    } else {
      const [fn, gives] = seeded.pick(MAPS[kind])
      steps.push({ op: 'map', fn })
      kind = gives
    }
  }
  if (kind === 'pair')
    steps.push(
      seeded.pick<Step>([
        { op: 'reduceByKey', fn: seeded.pick(REDUCERS) },
        { op: 'reduceByKey', fn: '(a, b) => a + b' },
        { op: 'groupByKey' },
        { op: 'keys' },
        { op: 'distinct' },
      ]),
    )
  else if (seeded.chance(0.3))
    steps.push(seeded.pick<Step>([{ op: 'distinct' }, { op: 'count' }, { op: 'keyBy', fn: 'x => [x]' }]))
  return steps
}

/** Sizes around those at which something changes: the rows that show a type, and those of a chunk. */
const SIZES = [0, 1, 2, 5, 20, 63, 64, 65, 130, 300]
const CHUNK = 16_384

const sc = new Context({ threads: 2, memory: '512MiB', maxTaskFailures: 1 })
test.after(() => sc.stop())

for (let seed = 1; seed <= 200; seed++) {
  test(`chain ${seed} at random`, async () => {
    const seeded = new Seeded(seed)
    const kind = seeded.pick([...SIMPLE, 'any'] as Kind[])
    // Every tenth list is of one kind for a while, and then of another.
    const other = seeded.chance(0.1) ? seeded.pick([...SIMPLE, 'any'] as Kind[]) : kind
    const size = seeded.pick(SIZES)
    const items = Array.from({ length: size }, (_, i) => one[i > size * 0.8 ? other : kind](seeded))
    await allWays(sc, items, program(seeded, kind), 1 + seeded.below(4))
  })
}

for (let seed = 1; seed <= 6; seed++) {
  test(`chain ${seed} at random, over several chunks`, async () => {
    const seeded = new Seeded(seed)
    const kind = seeded.pick(['whole', 'number', 'text', 'pair'] as const)
    const items = Array.from({ length: CHUNK * 2 + 100 }, (_, i) =>
      one[i > CHUNK * 1.5 && seed % 2 ? 'any' : kind](seeded),
    )
    await allWays(sc, items, program(seeded, kind), 1 + seeded.below(2))
  })
}

test.run()
