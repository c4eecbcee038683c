import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { Seeded } from '../support/seeded.js'
import { withContext } from '../support/with-context.js'

/** So many rows go through several chunks of a task: what fits at first may not fit later on. */
const ROWS = 80_000
const PARTS = 3

type Pair = [key: unknown, value: unknown]

const random = new Seeded(43)
const key = (range: number): number => random.below(range) - (range >> 2)
const late = (row: number): boolean => row % (ROWS / 2) > ROWS / 3

const CASES: [name: string, pairs: (row: number) => Pair][] = [
  ['few keys', row => [key(10), row / 3]],
  ['many keys', row => [key(5000), row / 3]],
  ['more keys than come back often', row => [key(20_000), row / 3]],
  ['keys that go up', row => [row, 1]],
  ['a range that grows', row => [late(row) ? key(90_000) : key(100), 0.1]],
  ['a range that becomes too large', row => [late(row) && row % 5 === 0 ? row * 20_011 : key(500), 0.1]],
  ['now near, now far apart', row => [(row >> 14) % 2 ? key(500) : Math.imul(key(500), 40_000_003), 0.1]],
  ['values that look like none', row => [key(3000), late(row) ? random.pick([-0, 0, NaN, Infinity]) : -0]],
  ['values that are no numbers in the end', row => [key(300), late(row) && row % 7 === 0 ? 'x' : 1]],
  ['keys with a fraction in the end', row => [late(row) ? key(300) / 2 : key(300), 1]],
  ['keys that are text in the end', row => [late(row) && row % 3 === 0 ? `k${row % 10}` : key(300), 1]],
  ['one key a chunk', row => [row >> 14, 1]],
]

/** As decision 11 of the semantics has it: keys by first appearance over the partitions in order. */
function plain<V>(pairs: Pair[], add: (a: V, b: V) => unknown): Pair[] {
  const merged = new Map<unknown, unknown>()
  const slice = Math.ceil(pairs.length / 2)
  for (const part of [pairs.slice(0, slice), pairs.slice(slice)]) {
    const sums = new Map<unknown, unknown>()
    for (const [k, v] of part) sums.set(k, sums.has(k) ? add(sums.get(k) as V, v as V) : v)
    for (const [k, v] of sums) merged.set(k, merged.has(k) ? add(merged.get(k) as V, v as V) : v)
  }
  return [...merged]
}

for (const [name, pairOf] of CASES) {
  test(`${name}: the same sums in the same order as a Map has them`, () =>
    withContext(async sc => {
      const pairs = Array.from({ length: ROWS }, (_, row) => pairOf(row))
      const expected = plain(pairs, (a: number, b: number) => a + b)
      const sums = (parts: number): Promise<Pair[]> =>
        sc
          .parallelize(pairs, 2)
          .reduceByKey((a, b) => (a as number) + (b as number), parts)
          .collect()
      exactly(await sums(1), expected)
      const divided = await sums(PARTS)
      exactly(divided.length, expected.length)
      for (let part = 0; part < PARTS; part++) {
        const whole = ([k]: Pair): boolean => Number.isInteger(k) && ((k as number) - part) % PARTS === 0
        exactly(divided.filter(whole), expected.filter(whole))
      }
    }))
}

interface Stats {
  n: number
  most: number
  least: number
}

test('several numbers at a time, and other folds than sums', () =>
  withContext(async sc => {
    const pairs = Array.from({ length: ROWS }, (_, row): [number, Stats] => [
      key(4000),
      { n: 1, most: row / 3, least: late(row) ? -row : Infinity },
    ])
    const both = (a: Stats, b: Stats): Stats => ({
      n: a.n + b.n,
      most: Math.max(a.most, b.most),
      least: a.least < b.least ? a.least : b.least,
    })
    exactly(await sc.parallelize(pairs, 2).reduceByKey(both, 1).collect(), plain(pairs, both) as never)
  }))

test.run()
