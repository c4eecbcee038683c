import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { REMAINDER, remainder, withRemainders } from '../../src/functions/remainder.js'
import { type AnyNode, parseFunction } from '../../src/functions/syntax.js'
import { exactly } from '../support/exactly.js'
import { carried, evaluated } from '../support/functions.js'
import { Seeded } from '../support/seeded.js'

const rewritten = (text: string): string => {
  const { source, node } = parseFunction(text)!
  return withRemainders(source, node as unknown as AnyNode)
    .replaceAll(REMAINDER, 'rem')
    .replace(/\s+,/g, ',')
}

for (const [text, expected] of [
  ['x => x % 3', 'x => rem(x, 3)'],
  ['x => x%3', 'x => rem(x, 3)'],
  ['x => x % 3 % 2', 'x => rem(rem(x, 3), 2)'],
  ['x => x % (3)', 'x => rem(x, 3)'],
  ['x => (x + 1) % 3', 'x => rem((x + 1), 3)'],
  ['x => ((x)) % 3 + 1', 'x => rem(((x)), 3) + 1'],
  ['x => (x % 5, x) % 3', 'x => rem((rem(x, 5), x), 3)'],
  ['x => -x % 3', 'x => rem(-x, 3)'],
  ['x => 2 * x % 1000', 'x => rem(2 * x, 1000)'],
  ['x => x % 1e3', 'x => rem(x, 1000)'],
  ['x => x % 0x10', 'x => rem(x, 16)'],
  ['x => f(x % 3)[x % 2]', 'x => f(rem(x, 3))[rem(x, 2)]'],
  ['x => `${x % 3} ${x % 4}`', 'x => `${rem(x, 3)} ${rem(x, 4)}`'],
  ['x => ({ a: x % 3, [x % 2]: 1 })', 'x => ({ a: rem(x, 3), [rem(x, 2)]: 1 })'],
  ['({ a = b % 3 }) => a', '({ a = rem(b, 3) }) => a'],
  ['x => { if (x % 2) return x % 3 }', 'x => { if (rem(x, 2)) return rem(x, 3) }'],
  ['x => x\n % 3', 'x => rem(x, 3)'],
  ['x => x % 3 // % 4', 'x => rem(x, 3) // % 4'],
  // left as they are
  ['x => x % y', 'x => x % y'],
  ['x => x % 0', 'x => x % 0'],
  ['x => x % -3', 'x => x % -3'],
  ['x => x % 2.5', 'x => x % 2.5'],
  ['x => x % 4294967296', 'x => x % 4294967296'],
  ['x => x % 3n', 'x => x % 3n'],
  ['x => x % "3"', 'x => x % "3"'],
  ['x => 7 % x', 'x => 7 % x'],
  ['x => { x %= 3; return x }', 'x => { x %= 3; return x }'],
  ['x => x /* ) */ % 3', 'x => x /* ) */ % 3'],
  ['x => "x % 3"', 'x => "x % 3"'],
] as const) {
  test(`${JSON.stringify(text)} is rewritten to ${JSON.stringify(expected)}`, () =>
    assert.is(rewritten(text), expected))
}

const BITS = new DataView(new ArrayBuffer(8))

test('a remainder is that of the language, to the bit', () => {
  const seeded = new Seeded(1)
  const values = [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    5e-324,
  ]
  for (const edge of [2 ** 31, 2 ** 32, 2 ** 53, Number.MAX_VALUE])
    values.push(edge - 1, edge, edge + 1, -edge - 1, -edge, -edge + 1)
  for (let i = 0; i < 20_000; i++) {
    // Any bits whatever, and whole numbers of any size.
    BITS.setUint32(0, seeded.below(2 ** 32))
    BITS.setUint32(4, seeded.below(2 ** 32))
    values.push(BITS.getFloat64(0), Math.trunc((seeded.next() - 0.5) * 2 ** seeded.below(56)))
  }
  for (const divisor of [1, 2, 3, 7, 10, 1000, 65_536, 2 ** 31 - 1])
    for (const value of values)
      if (!Object.is(remainder(value, divisor), value % divisor)) assert.unreachable(`${value} % ${divisor}`)
})

test('a remainder of what is no number is that of the language', async () => {
  const rest = evaluated<(x: unknown) => unknown>('x => x % 4')
  const fn = carried<typeof rest>('x => x % 4')
  for (const value of [
    '7',
    '-7',
    '',
    'x',
    null,
    undefined,
    true,
    [],
    [7],
    {},
    new Date(7),
    { valueOf: () => 6 },
  ])
    exactly(fn(value), rest(value))
  for (const value of [7n, Symbol('s'), Object.create(null)]) {
    const outcome = (f: typeof rest): string => {
      try {
        return String(f(value))
      } catch (error) {
        return String(error)
      }
    }
    assert.match(outcome(fn), /^TypeError/)
    assert.is(outcome(fn), outcome(rest))
  }
  let asked = 0
  fn({ valueOf: () => asked++ })
  assert.is(asked, 1, 'an object is asked for its value once')
})

test.run()
