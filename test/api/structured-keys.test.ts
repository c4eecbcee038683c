import { inspect } from 'node:util'
import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { Seeded } from '../support/seeded.js'
import { withContext } from '../support/with-context.js'

/** Equal for keys that are: objects whatever the order of their properties, 0 and -0, NaN and NaN. */
function same(key: unknown): unknown {
  if (Array.isArray(key)) return key.map(same)
  if (typeof key === 'object' && key !== null && !(key instanceof Date))
    return Object.fromEntries(
      Object.entries(key)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => [name, same(value)]),
    )
  return Object.is(key, -0) ? 0 : key
}
const textOf = (key: unknown): string => inspect(same(key), { depth: 9 })

/** The sums by key, each key as it was first seen, in the order of first appearance. */
function sums(pairs: readonly [unknown, number][]): unknown[] {
  const found = new Map<string, [unknown, number]>()
  for (const [key, value] of pairs) {
    const known = found.get(textOf(key))
    if (known === undefined) found.set(textOf(key), [key, value])
    else known[1] += value
  }
  return [...found.values()]
}

const numbers = [0, 1, 2, -1]
const doubles = [0, -0, 0.5, Number.NaN, 2 ** 40]
const words = ['', 'a', 'b', '1']

type Make = (random: Seeded) => unknown
const pick =
  (...pools: unknown[][]): Make =>
  random =>
    pools.map(pool => random.pick(pool))
const KEYS: Record<string, Make> = {
  'a number and a text': pick(numbers, words),
  'a double and a truth value': pick(doubles, [true, false]),
  'one item': pick(numbers),
  'three items': pick(words, doubles, numbers),
  'a pair within': random => [random.pick(numbers), [random.pick(words), random.pick(numbers)]],
  'dates and bigints': random => [new Date(random.below(3)), BigInt(random.below(3))],
  'something or nothing': pick([null, 1, undefined], [null, 'a']),
  'items of several types': pick([1, '1', 1n, null, true], [1, 1.5, 'a']),
  'tuples of several lengths': random => random.many(random.below(4), numbers),
  'long lists': random => Array.from({ length: 17 }, (_, i) => (i === 16 ? random.below(3) : i)),
  'objects, whatever the order of properties': random =>
    random.chance(0.5)
      ? { a: random.pick(numbers), b: random.pick(words) }
      : { b: random.pick(words), a: random.pick(numbers) },
  'objects with other properties': random =>
    random.chance(0.5) ? { a: random.pick(numbers) } : { a: random.pick(numbers), b: 1 },
  'objects in arrays': random => [{ a: random.pick(doubles) }, random.pick(words)],
  'arrays and what looks like them': random =>
    random.pick([['a', 1], { 0: 'a', 1: 1 }, 'a,1', [['a', 1]], ['a', '1']]),
}

for (const [name, key] of Object.entries(KEYS)) {
  test(`keys of ${name} are the same if their parts are`, () =>
    withContext(async sc => {
      const random = new Seeded(name.length)
      const pairs = Array.from({ length: 400 }, (_, i): [unknown, number] => [key(random), i])
      const expected = sums(pairs)
      for (const slices of [1, 3]) {
        const rdd = sc.parallelize(pairs, slices)
        exactly(await rdd.reduceByKey((a, b) => a + b, 1).collect(), expected)
        exactly(
          await rdd
            .groupByKey(1)
            .mapValues(values => values.reduce((a, b) => a + b))
            .collect(),
          expected,
        )
        const keys = expected.map(pair => (pair as [unknown])[0])
        exactly(await rdd.keys().distinct(1).collect(), keys)
        // Whatever column a key lies in, its partition is the same.
        exactly(await rdd.reduceByKey((a, b) => a + b, 4).count(), keys.length)
        exactly(
          await rdd.join(sc.parallelize(sums(pairs) as [unknown, number][], 2), 3).count(),
          pairs.length,
        )
      }
    }))
}

test('tuples become other keys in the middle of a partition, and are still known', () =>
  withContext(async sc => {
    const tuple = (i: number): [unknown, number] => [[i % 100, `k${i % 7}`], 1]
    const other = (i: number): [unknown, number] => [
      i % 2 === 0 ? `text ${i % 10}` : [i % 100, `k${i % 7}`, 1],
      1,
    ]
    const pairs = Array.from({ length: 60_000 }, (_, i) =>
      i < 40_000 ? tuple(i) : i % 3 === 0 ? tuple(i) : other(i),
    )
    const expected = sums(pairs)
    exactly(
      await sc
        .parallelize(pairs, 1)
        .reduceByKey((a, b) => a + b, 1)
        .collect(),
      expected,
    )
    exactly(
      await sc
        .parallelize(pairs, 4)
        .reduceByKey((a, b) => a + b, 3)
        .count(),
      expected.length,
    )
  }))

test('keys of several structures, each in a column of its own, are told apart and found again', () =>
  withContext(async sc => {
    const columns: unknown[][] = [
      [
        [1, 'a'],
        [2, 'b'],
      ],
      [
        [1, 'a', 1],
        [1, 'a', 2],
      ],
      [
        [1.5, 'a'],
        [1, 'a'],
      ],
      [
        [1, 2],
        [2, 1],
        ['1', '2'],
      ],
      [
        { a: 1, b: 'x' },
        { a: 2, b: 'x' },
      ],
      [
        { b: 'x', a: 2 },
        { b: 'x', a: 1 },
      ],
      [{ a: 1, c: 'x' }],
      [
        [1, 'a'],
        [2, 'b'],
      ],
      ['a', 'b'],
      [1, 2.5],
      [
        [[1, 'a'], 1],
        [[1, 'a'], 2],
      ],
    ]
    const pairs = (keys: unknown[]): [unknown, number][] => keys.map((key, i) => [key, i + 1])
    for (const order of [columns, columns.toReversed()]) {
      const rdd = sc.union(order.map(keys => sc.parallelize(pairs(keys), 1)))
      const expected = sums(order.flatMap(pairs))
      exactly(
        await rdd
          .coalesce(1)
          .reduceByKey((a, b) => a + b, 1)
          .collect(),
        expected,
      )
      exactly(await rdd.reduceByKey((a, b) => a + b, 1).collect(), expected)
      exactly(await rdd.reduceByKey((a, b) => a + b, 5).count(), expected.length)
      exactly(await rdd.coalesce(1).groupByKey(1).count(), expected.length)
    }
  }))

test.run()
