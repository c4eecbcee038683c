import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, partitionsOf, withContext } from '../support/with-context.js'

test('zipWithIndex, zip and zipWithUniqueId take memory by the record, however many partitions there are', () =>
  withContext(
    async sc => {
      const many = sc.range(0, 10_000, 1, 1000)
      const numbered = await many.zipWithIndex().collect()
      exactly(numbered.length, 10_000)
      assert.ok(numbered.every(([x, place]) => x === place))
      const zipped = await many.zip(many.map(x => -x)).collect()
      exactly(zipped.length, 10_000)
      assert.ok(zipped.every(([x, y]) => x === -y))
      exactly(new Set(await many.zipWithUniqueId().values().collect()).size, 10_000)
    },
    { memory: '256MiB' },
  ))

test('cartesian does not copy a side for each partner', () =>
  withContext(
    async sc => {
      const [left, right] = [sc.range(0, 20, 1, 20), sc.range(0, 200_000, 1, 20)]
      exactly(
        await left
          .cartesian(right.map(x => `text ${x}`))
          .filter(([x, t]) => t === `text ${x}`)
          .count(),
        20,
      )
    },
    { memory: '64MiB' },
  ))

test('zipWithIndex counts once, and not at all for one partition', () =>
  withContext(async sc => {
    const calls = sc.accumulator(0)
    const counted = (slices: number) =>
      sc.parallelize(['a', 'b', 'c'], slices).map(
        x => {
          calls.add(1)
          return x
        },
        { calls },
      )
    await counted(1).zipWithIndex().collect()
    exactly(calls.value, 3)
    const numbered = counted(3).zipWithIndex()
    exactly(calls.value, 3)
    exactly(await numbered.collect(), [
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ])
    exactly(calls.value, 3 + 2 + 3) // the last partition's number of records is of no use
    exactly(await numbered.count(), 3)
    exactly(calls.value, 8 + 3)
    exactly(await numbered.take(1), [['a', 0]])
    exactly(calls.value, 11 + 1)
  }))

test('zip and cartesian compute the partitions that are asked for, and no others', () =>
  withContext(async sc => {
    const calls = sc.accumulator(0)
    const rdd = sc.parallelize([1, 2, 3, 4], 4).map(
      x => {
        calls.add(1)
        return x
      },
      { calls },
    )
    exactly(await rdd.zip(rdd).first(), [1, 1])
    exactly(calls.value, 2)
    exactly(await rdd.cartesian(rdd).first(), [1, 1])
    exactly(calls.value, 4)
  }))

test('zip takes what both sides are as it is: lists, files, kept records, exchanges, unions', () =>
  withContext(async sc => {
    const letters = sc.parallelize(['a', 'b', 'c', 'd'], 2)
    for (const numbers of [
      ...bothWays(sc.range(4)),
      sc.range(0, 4, 1, 2).persist(),
      sc.range(0, 2, 1, 1).union(sc.range(2, 4, 1, 1)),
      sc.range(0, 4, 1, 4).coalesce(2),
      sc.parallelize([3, 1, 2, 0], 3).sortBy(x => x, true, 2),
      sc.parallelize([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }], 2).map(r => r.n),
    ])
      exactly(await letters.zip(numbers).collect(), [
        ['a', 0],
        ['b', 1],
        ['c', 2],
        ['d', 3],
      ])
    const lists = sc.parallelize([[1], [2, 3], [], null], 2)
    exactly(await partitionsOf(lists.zip(letters)), [
      [
        [[1], 'a'],
        [[2, 3], 'b'],
      ],
      [
        [[], 'c'],
        [null, 'd'],
      ],
    ])
    exactly(
      await sc
        .parallelize([[1], []], 2)
        .cartesian(sc.parallelize([[], [2]], 1))
        .collect(),
      [
        [[1], []],
        [[1], [2]],
        [[], []],
        [[], [2]],
      ],
    )
    const long = sc.range(0, 100_000, 1, 2)
    const pairs = await long
      .zip(long.flatMap(x => [x]))
      .filter(([x, y]) => x === y)
      .count()
    exactly(pairs, 100_000)
    await fails(
      long.zip(long.filter(x => x !== 99_999)).count(),
      'MILLRACE_TASK',
      /Can only zip RDDs with same number of elements in each partition, but one has 50000 and the other 49999/,
      /in zip at many-partitions/,
    )
  }))

test.run()
