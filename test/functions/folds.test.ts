import { test } from 'uvu'
import { foldOf } from '../../src/functions/folds.js'
import { type Fold, NotUnderstood } from '../../src/functions/meaning.js'
import { exactly } from '../support/exactly.js'
import { constructOf, evaluated, reading } from '../support/functions.js'

const NAMES = ['sum', 'min', 'max', '<a', '<=a', '>a', '>=a', '<b', '<=b', '>b', '>=b']

/** A fold in short: `<a` is `a < b ? a : b`, `<b` is `a < b ? b : a`. */
function text(fold: Fold | NotUnderstood): string {
  if (fold instanceof NotUnderstood) return `not understood: ${fold.construct}`
  if ('op' in fold) return NAMES[fold.op]!
  const items = fold.items.map((item, k) => (fold.names ? `${fold.names[k]}=` : '') + text(item)).join(' ')
  return fold.names ? `{${items}}` : `[${items}]`
}

for (const [source, folds] of [
  ['(a, b) => a + b', 'sum'],
  ['(a, b) => b + a', 'sum'],
  ['(a, b) => { return a + b }', 'sum'],
  ['function (a, b) { return a + b }', 'sum'],
  ['(total, next) => { const sum = total; return sum + next }', 'sum'],
  ['(a, b) => Math.min(a, b)', 'min'],
  ['(a, b) => Math.max(b, a)', 'max'],
  ['(a, b) => Math["max"](a, b)', 'max'],
  ['(a, b) => a < b ? a : b', '<a'],
  ['(a, b) => a <= b ? a : b', '<=a'],
  ['(a, b) => a > b ? a : b', '>a'],
  ['(a, b) => a >= b ? a : b', '>=a'],
  ['(a, b) => a < b ? b : a', '<b'],
  ['(a, b) => a >= b ? b : a', '>=b'],
  ['(a, b) => b < a ? a : b', '>a'],
  ['(a, b) => b >= a ? b : a', '<=b'],
  ['(a, b) => [a[0] + b[0], a[1] + b[1]]', '[sum sum]'],
  ['([s, n], [t, m]) => [s + t, Math.max(n, m)]', '[sum max]'],
  ['([s, [n]], [t, [m]]) => [s + t, [n < m ? n : m]]', '[sum [<a]]'],
  ['(a, b) => ({ n: a.n + b.n, least: Math.min(a.least, b.least) })', '{n=sum least=min}'],
  ['({ n }, { n: m }) => ({ n: n + m })', '{n=sum}'],
  ['(a, b) => ({ "n m": a["n m"] + b["n m"] })', '{n m=sum}'],
  ['(a, b) => (cov_1a2b3c4d5e().f[0]++, cov_1a2b3c4d5e().s[0]++, a + b)', 'sum'],
  ['(a, b) => a > b ? (cov_1a2b3c4d5e().b[0][0]++, a) : (cov_1a2b3c4d5e().b[0][1]++, b)', '>a'],
] as const) {
  test(`${source} folds by ${folds}`, () => exactly(text(foldOf(reading(source))), folds))

  test(`${source} is that fold of any two numbers`, () => {
    const fn = evaluated<(a: unknown, b: unknown) => unknown>(source.replace(/cov_\w+\(\)\S+\+\+/g, '0'))
    const fold = foldOf(reading(source)) as Fold
    const numbers = [
      0,
      -0,
      1,
      -1,
      0.1,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]
    for (const a of numbers)
      for (const b of numbers) {
        // Each number of a record is another pair: that a number is taken from the wrong place shows.
        const [left, right] = [spread(fold, a), spread(fold, b)]
        exactly(fn(left, right), apply(fold, left, right), `${a}, ${b}`)
      }
  })
}

/** A value of the shape of a fold, with different numbers in it. */
function spread(fold: Fold, n: number, path = 1): unknown {
  if ('op' in fold) return n * path
  const items = fold.items.map((item, k) => spread(item, n, path + k * 2))
  return fold.names ? Object.fromEntries(items.map((item, k) => [fold.names![k], item])) : items
}

function apply(fold: Fold, a: unknown, b: unknown): unknown {
  if ('op' in fold) return OPERATIONS[fold.op]!(a as number, b as number)
  const names = fold.names ?? fold.items.map((_, k) => String(k))
  const of = (value: unknown, name: string): unknown => (value as Record<string, unknown>)[name]
  const items = fold.items.map((item, k) => apply(item, of(a, names[k]!), of(b, names[k]!)))
  return fold.names ? Object.fromEntries(items.map((item, k) => [names[k], item])) : items
}

const OPERATIONS: ((a: number, b: number) => number)[] = [
  (a, b) => a + b,
  Math.min,
  Math.max,
  (a, b) => (a < b ? a : b),
  (a, b) => (a <= b ? a : b),
  (a, b) => (a > b ? a : b),
  (a, b) => (a >= b ? a : b),
  (a, b) => (a < b ? b : a),
  (a, b) => (a <= b ? b : a),
  (a, b) => (a > b ? b : a),
  (a, b) => (a >= b ? b : a),
]

test('Math.min and Math.max are folds as they stand', () => {
  exactly(text(foldOf(reading(Math.min))), 'min')
  exactly(text(foldOf(reading(Math.max))), 'max')
  exactly(text(foldOf(reading(Math.hypot))), 'not understood: Math.hypot')
})

for (const source of [
  // other operations
  '(a, b) => a - b',
  '(a, b) => a * b',
  '(a, b) => a | b',
  '(a, b) => a && b',
  '(a, b) => a',
  '(a, b) => b',
  '(a, b) => [a]',
  '(a, b) => 1',
  // nearly
  '(a, b) => a + a',
  '(a, b) => a + b + 0',
  '(a, b) => a + 1',
  '(a, b) => +a + +b',
  '(a, b) => `${a + b}`',
  '(a, b) => "" + a + b',
  '(a, b) => Math.min(a, b, 0)',
  '(a, b) => Math.min(a)',
  '(a, b) => Math.min(...[a, b])',
  '(a, b) => Math.min(a, a)',
  '(a, b) => Math.pow(a, b)',
  '(a, b) => Math[a](a, b)',
  '(a, b) => Math.max.call(a, b)',
  '(a, b) => max(a, b)',
  '(a, b) => a < b ? a : a',
  '(a, b) => a < a ? a : b',
  '(a, b) => a == b ? a : b',
  '(a, b) => a < 0 ? a : b',
  '(a, b) => a < b ? b : 0',
  // other numbers than the same of both sides
  '(a, b) => a[0] + b[0]',
  '([s, n], [t, m]) => [s + m, n + t]',
  '([s, n], [t, m]) => s + t',
  '([s, n], [t, m]) => [s + t, n + m, s + m]',
  '([s, n], [t, m]) => [n + m, s + t]',
  '(a, b) => ({ n: a.n + b.m })',
  '(a, b) => ({ n: a.m + b.m })',
  '(a, b) => ({ ...a, n: a.n + b.n })',
  '(a, b) => ({ get n() { return a.n + b.n } })',
  '(a, b) => ({ [a.n]: a.n + b.n })',
  '(a, b) => [a[0] + b[0], , 1]',
  '(a, b) => [...a, ...b]',
  '(a, b) => ({ __proto__: a.__proto__ + b.__proto__ })',
  // more than the result
  '(a, b) => { seen.n++; return a + b }',
  '(a, b) => { a += b; return a }',
  '(a, b) => (a = a + b)',
  '(a, b) => { if (b > 0) return a + b; return a }',
  '(a, b) => { const [x] = a; return a + b }',
  '(a, b) => { const n = a.n.m; return a + b }',
  '(a, { n }) => a + b',
  '(a, b, i) => a + b',
  '(a, b = 0) => a + b',
  '(a, ...b) => a + b',
  '(a) => a + a',
  // names that stand for something else
  '(Math, b) => Math.max(Math, b)',
  '(a, b) => { const Math = a; return Math.max(a, b) }',
]) {
  test(`${source} is no fold`, () => {
    constructOf(foldOf(reading(source, { seen: { n: 0 }, max: Math.max, b: 1 })))
  })
}

test('a captured Math is not the Math of everybody', () => {
  constructOf(foldOf(reading('(a, b) => Math.max(a, b)', { Math: { max: 1 } })))
})

test('a module function is no fold', async () => {
  const { moduleFunction } = await import('millrace')
  constructOf(foldOf(reading(moduleFunction('file:///Math.min', 'min'))))
})

test.run()
