import fc from 'fast-check'

/** `mix` is numbers with a few texts among them, `loose` pairs of a few keys and these. */
export type Kind = 'number' | 'text' | 'pair' | 'mix' | 'loose' | 'any'

const NUMBERS: number[] = [
  ...[0, 1, 2, 3, -1, -7, 100, 0.5, -0, 1e300],
  ...[2 ** 31, -(2 ** 31), 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY],
]
const TEXTS = ['', 'a', 'b', 'a b', 'b  a', ' ', 'ä€😀', '\ud800', 'x'.repeat(50), '1', 'null']
const OTHERS: unknown[] = [
  ...[null, undefined, true, 5n, 2n ** 70n],
  ...[[1, 'a'], [1, ['a']], [], { a: 1, b: 2 }, { b: 2, a: 1 }],
]

const number = fc.constantFrom(...NUMBERS)
const text = fc.constantFrom(...TEXTS)
const any = fc.constantFrom<unknown>(...NUMBERS, ...TEXTS, ...OTHERS)
const mix = fc.oneof(
  { weight: 19, arbitrary: number as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: text },
)

/** Records of a kind: few enough that keys meet, with all that is awkward among them. */
export const RECORDS: Record<Kind, fc.Arbitrary<unknown>> = {
  number,
  text,
  pair: fc.tuple(any, number),
  mix,
  loose: fc.tuple(fc.constantFrom<unknown>(0, 1, 'a'), mix),
  any,
}

/** Lists of records, most of them short, now and then of a hundred. */
export const listOf = (kind: Kind): fc.Arbitrary<unknown[]> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.array(RECORDS[kind], { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(RECORDS[kind], { minLength: 20, maxLength: 100 }) },
  )
