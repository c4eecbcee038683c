import { Context, type RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, partitionsOf, withContext } from '../support/with-context.js'

test('sortBy cuts many records into partitions of about one size, in order', () =>
  withContext(async sc => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 20_011)
    const parts = await partitionsOf(sc.parallelize(numbers, 3).sortBy(x => x, true, 4))
    exactly(
      parts.flat(),
      [...numbers].sort((a, b) => a - b),
    )
    for (const part of parts) assert.ok(part.length > 4000 && part.length < 6000, `${part.length}`)
  }))

test('records of equal keys keep their order, upwards and downwards', () =>
  withContext(async sc => {
    const pairs = ['b1', 'a1', 'b2', 'a2', 'c1', 'b3'].map((text): [string, string] => [text[0]!, text])
    for (const rdd of bothWays(sc.parallelize(pairs, 3))) {
      exactly(await rdd.sortByKey(true, 2).values().collect(), ['a1', 'a2', 'b1', 'b2', 'b3', 'c1'])
      exactly(await rdd.sortByKey(false, 2).values().collect(), ['c1', 'b1', 'b2', 'b3', 'a1', 'a2'])
    }
  }))

test('there is an order of numbers, texts, dates and arrays, and none of objects', () =>
  withContext(async sc => {
    const sorted = <T>(items: T[]): Promise<T[]> =>
      sc
        .parallelize(items, 2)
        .sortBy(x => x)
        .collect()
    exactly(await sorted([3, Number.NaN, -1, Number.POSITIVE_INFINITY]), [
      -1,
      3,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ])
    exactly(await sorted(['b', 'B', '', 'a']), ['', 'B', 'a', 'b'])
    exactly(await sorted([[1, 10], [1, 9], [0, 99], [1]]), [[0, 99], [1], [1, 9], [1, 10]])
    exactly(await sorted([new Date(2), new Date(1)]), [new Date(1), new Date(2)])
    exactly(await sorted([2n ** 70n, 1n]), [1n, 2n ** 70n])
    await fails(sorted([{ a: 1 }, { a: 2 }]), 'MILLRACE_TASK', /give a key function/)
  }))

test('a sort is lazy, and has its partitions before it runs', () =>
  withContext(async sc => {
    const calls = sc.accumulator(0)
    const sorted = sc.parallelize([2, 1], 2).sortBy(
      x => {
        calls.add(1)
        return x
      },
      true,
      3,
      { calls },
    )
    exactly(sorted.getNumPartitions(), 3)
    exactly(calls.value, 0)
    exactly(await sorted.collect(), [1, 2])
    exactly(
      await sc
        .emptyRDD<number>()
        .sortBy(x => x)
        .collect(),
      [],
    )
    await fails(
      () => sorted.sortBy(x => x, true, 0),
      'MILLRACE_OPTION',
      /Number of partitions must be positive/,
    )
    await fails(() => sorted.sortBy(x => x, 'desc' as never), 'MILLRACE_OPTION', /true or false/)
  }))

test("an error of the key function is the sort's", () =>
  withContext(async sc => {
    const sorted = sc.parallelize([1, 2], 2).sortBy(x => {
      if (x === 2) throw new Error('no key')
      return x
    })
    await fails(sorted.collect(), 'MILLRACE_TASK', /no key in sortBy at order\.test/)
  }))

test('repartitionAndSortWithinPartitions sorts where partitionBy puts', () =>
  withContext(async sc => {
    const pairs = [
      [0, 5],
      [3, 8],
      [2, 6],
      [0, 8],
      [3, 8],
      [1, 3],
    ] as [number, number][]
    const parts = sc.parallelize(pairs, 2).repartitionAndSortWithinPartitions(2, k => k % 2, true)
    exactly(await partitionsOf(parts), [
      [
        [0, 5],
        [0, 8],
        [2, 6],
      ],
      [
        [1, 3],
        [3, 8],
        [3, 8],
      ],
    ])
  }))

test('zip pairs the records at the same places', () =>
  withContext(async sc => {
    const [x, y] = [sc.parallelize([0, 1, 2, 3, 4], 2), sc.parallelize(['a', 'b', 'c', 'd', 'e'], 2)]
    for (const rdd of bothWays(x))
      exactly(await partitionsOf(rdd.zip(y)), [
        [
          [0, 'a'],
          [1, 'b'],
        ],
        [
          [2, 'c'],
          [3, 'd'],
          [4, 'e'],
        ],
      ])
    await fails(
      () => x.zip(sc.parallelize([1], 3)),
      'MILLRACE_OPTION',
      /Can only zip with RDD which has the same number of partitions/,
    )
    await fails(
      x.zip(sc.parallelize([1, 2, 3], 2)).collect(),
      'MILLRACE_TASK',
      /Can only zip RDDs with same number of elements in each partition/,
    )
    await fails(() => x.zip([1] as never), 'MILLRACE_OPTION', /expected an RDD/)
    const other = new Context({ threads: 1 })
    await fails(() => x.zip(other.parallelize([1], 2)), 'MILLRACE_OPTION', /same Context/)
    await other.stop()
  }))

test('places and numbers are given in the order of the partitions', () =>
  withContext(async sc => {
    const rdd = sc.parallelize(['a', 'b', 'c', 'd', 'e'], 3)
    exactly(await rdd.zipWithIndex().collect(), [
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['d', 3],
      ['e', 4],
    ])
    exactly(await rdd.zipWithUniqueId().collect(), [
      ['a', 0],
      ['b', 1],
      ['c', 4],
      ['d', 2],
      ['e', 5],
    ])
    exactly(await sc.emptyRDD().zipWithIndex().collect(), [])
  }))

test('cartesian has a partition for each pair of partitions', () =>
  withContext(async sc => {
    const rdd = sc.parallelize([1, 2], 2)
    exactly(await partitionsOf(rdd.cartesian(sc.parallelize(['x', 'y', 'z'], 2))), [
      [[1, 'x']],
      [
        [1, 'y'],
        [1, 'z'],
      ],
      [[2, 'x']],
      [
        [2, 'y'],
        [2, 'z'],
      ],
    ])
    exactly(await rdd.cartesian(rdd).count(), 4)
    exactly(await rdd.cartesian(sc.emptyRDD()).collect(), [])
  }))

test('coalesce puts neighbours together, and never makes more partitions unless it shuffles', () =>
  withContext(async sc => {
    const rdd = sc.parallelize([1, 2, 3, 4, 5], 5)
    exactly(await partitionsOf(rdd.coalesce(2)), [
      [1, 2],
      [3, 4, 5],
    ])
    exactly(rdd.coalesce(9).getNumPartitions(), 5)
    exactly(rdd.coalesce(9, true).getNumPartitions(), 9)
    await fails(() => rdd.coalesce(0), 'MILLRACE_OPTION', /Number of partitions must be positive/)
  }))

test('what works on keys refuses what is no pair, by its own name', () =>
  withContext(async sc => {
    const numbers = sc.parallelize([1, 2], 2) as never as RDD<[number, number]>
    await fails(numbers.sortByKey().collect(), 'MILLRACE_VALUE', /sortByKey works on \[key, value\] records/)
    await fails(numbers.lookup(1), 'MILLRACE_VALUE', /lookup works on/)
    await fails(numbers.countByKey(), 'MILLRACE_VALUE', /countByKey works on/)
    const sampled = numbers.sampleByKey(false, new Map([[1, 1]]))
    await fails(sampled.collect(), 'MILLRACE_VALUE', /sampleByKey works on/)
  }))

test('lookup finds the values of a key, of one with a structure too', () =>
  withContext(async sc => {
    const pairs = sc.parallelize<[unknown, number]>(
      [
        ['a', 1],
        [[1, 2], 2],
        [Number.NaN, 3],
        ['a', 4],
        [null, 5],
        [undefined, 6],
      ],
      3,
    )
    exactly(await pairs.lookup('a'), [1, 4])
    exactly(await pairs.lookup([1, 2]), [2])
    exactly(await pairs.lookup(Number.NaN), [3])
    exactly(await pairs.lookup(null), [5])
    exactly(await pairs.lookup('x'), [])
  }))

test('reduceByKeyLocally gives a Map', () =>
  withContext(async sc => {
    const pairs = sc.parallelize([
      ['a', 1],
      ['b', 1],
      ['a', 1],
    ] as [string, number][])
    exactly(
      await pairs.reduceByKeyLocally((a, b) => a + b),
      new Map([
        ['a', 2],
        ['b', 1],
      ]),
    )
  }))

test.run()
