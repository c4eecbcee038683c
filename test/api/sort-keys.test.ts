import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { Seeded } from '../support/seeded.js'
import { withContext } from '../support/with-context.js'

const { NaN: nan, POSITIVE_INFINITY: infinite, MIN_VALUE, MAX_VALUE } = Number
const WHOLE = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 255, 256, 65_535, -65_536]
const DOUBLES = [...WHOLE, -0, 0.5, -0.5, nan, infinite, -infinite, MIN_VALUE, -MIN_VALUE, MAX_VALUE, 2 ** 53]
const WORDS = [
  '',
  '\0',
  'a',
  'a\0',
  'a\0\0\0\0\0\0\0\0',
  'ab',
  'é',
  '中',
  '\u{d7ff}',
  '\u{e000}',
  '\u{ffff}',
  '\u{10000}',
  '\u{10ffff}',
]
const LONG = 'https://example.org/'

const byNumber = (a: number, b: number): number =>
  a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b))
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Sorts pairs of a key and a number of their own, both ways, and compares with the sort of JavaScript, which is stable. */
const sortsLike = <K>(keys: K[], compare: (a: K, b: K) => number): Promise<void> =>
  withContext(async sc => {
    const pairs = keys.map((key, i): [K, number] => [key, i])
    for (const ascending of [true, false]) {
      const sign = ascending ? 1 : -1
      const expected = [...pairs].sort(([a], [b]) => sign * compare(a, b))
      for (const parts of [1, 2, 5])
        exactly(await sc.parallelize(pairs, 3).sortByKey(ascending, parts).collect(), expected)
      exactly(
        await sc
          .parallelize(pairs, 3)
          .sortBy(([key]) => key, ascending, 2)
          .collect(),
        expected,
      )
      exactly(
        await (ascending
          ? sc.parallelize(pairs, 3).takeOrdered(70, ([key]) => key)
          : sc.parallelize(pairs, 3).top(70, ([key]) => key)),
        expected.slice(0, 70),
      )
    }
  })

test('whole numbers are sorted to the ends of their range', () => {
  const random = new Seeded(1)
  return sortsLike(
    Array.from({ length: 3000 }, () =>
      random.chance(0.1) ? random.pick(WHOLE) : (random.below(2 ** 31) - 2 ** 30) * 2,
    ),
    byNumber,
  )
})

test('doubles are sorted with NaN as the greatest, and -0 beside 0', () => {
  const random = new Seeded(2)
  return sortsLike(
    Array.from({ length: 3000 }, () =>
      random.chance(0.3) ? random.pick(DOUBLES) : (random.below(2 ** 31) - 2 ** 30) / 1e6,
    ),
    byNumber,
  )
})

test('NaN may be most of the keys', () => {
  const random = new Seeded(6)
  return sortsLike(
    Array.from({ length: 2000 }, () => (random.chance(0.6) ? nan : random.below(100) / 2)),
    byNumber,
  )
})

test('numbers that are whole at first are sorted with those that are not', () =>
  sortsLike([...Array.from({ length: 2000 }, (_, i) => (i * 7919) % 2003), 0.5, nan, -0, 1999.5], byNumber))

test('texts are sorted by their code units, however long they are', () => {
  const random = new Seeded(3)
  const text = (): string => {
    const parts = Array.from({ length: random.below(4) }, () => random.pick(WORDS))
    return (random.chance(0.6) ? LONG : '') + parts.join('') + (random.chance(0.3) ? LONG.repeat(3) : '')
  }
  return sortsLike(Array.from({ length: 4000 }, text), byText)
})

test('texts of characters around the surrogates are sorted, and divided, by their code units', async () => {
  const random = new Seeded(7)
  const characters = ['\u{d7ff}', '\u{e000}', '\u{ffff}', '\u{10000}', '\u{10ffff}']
  const words = Array.from({ length: 2000 }, () => random.many(4, characters).join(''))
  await sortsLike(words, byText)
  // Words that are cut out of a text lie as its bytes.
  await withContext(async sc => {
    for (const ascending of [true, false]) {
      const sorted = sc
        .parallelize([words.join(' ')])
        .flatMap(line => line.split(' '))
        .sortBy(word => word, ascending, 5)
      const sign = ascending ? 1 : -1
      exactly(
        await sorted.collect(),
        [...words].sort((a, b) => sign * byText(a, b)),
      )
    }
  })
})

test('texts that are all the same at first are sorted by what follows', () =>
  sortsLike(
    Array.from({ length: 1000 }, (_, i) => LONG.repeat(20) + String((i * 7919) % 1009).padStart(12, '0')),
    byText,
  ))

test('keys of several types are sorted by type first', () => {
  const random = new Seeded(4)
  const rank = (key: unknown): number => (key === null ? 0 : typeof key === 'number' ? 2 : 3)
  return sortsLike(
    Array.from({ length: 500 }, () => random.pick<number | string | null>([null, 1, 2.5, 'a', 'b', ''])),
    (a, b) =>
      rank(a) - rank(b) || (typeof a === 'number' ? byNumber(a, b as number) : byText(`${a}`, `${b}`)),
  )
})

test('the first of many records are those that a sort of all would give', () =>
  withContext(async sc => {
    const random = new Seeded(5)
    const records = Array.from({ length: 100_000 }, (_, i): [string, number] => [
      `k${random.below(50_000)}`,
      i,
    ])
    const expected = [...records].sort(([a], [b]) => byText(a, b))
    const rdd = sc.parallelize(records, 2)
    exactly(await rdd.takeOrdered(100, ([key]) => key), expected.slice(0, 100))
    exactly(await rdd.takeOrdered(3, ([, i]) => -i), [...records].reverse().slice(0, 3))
    exactly(
      await sc
        .parallelize(
          Float64Array.from(records, ([, i]) => i / 2),
          2,
        )
        .top(3),
      [49_999.5, 49_999, 49_998.5],
    )
    exactly(await rdd.takeOrdered(0, ([key]) => key), [])
  }))

test('a key without an order is an error with its operator, also among many others', () =>
  withContext(async sc => {
    const keys = Array.from({ length: 300 }, (_, i): unknown => (i === 250 ? { a: 1 } : i))
    const error = await fails(
      sc
        .parallelize(keys, 2)
        .sortBy(x => x, true, 1)
        .collect(),
      'MILLRACE_TASK',
      /give a key function/,
    )
    exactly(error.operator?.startsWith('sortBy at '), true)
  }))

test.run()
