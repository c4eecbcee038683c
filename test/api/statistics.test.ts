import type { RDD, Stats } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

const { NaN: NAN, POSITIVE_INFINITY: INFINITY } = Number

test('stats describes numbers in one pass, however they are partitioned', () =>
  withContext(async sc => {
    for (const slices of [1, 2, 5, 9]) {
      for (const rdd of bothWays(sc.parallelize([2, 4, 4, 4, 5, 5, 7, 9], slices))) {
        const stats: Stats = await rdd.stats()
        exactly(stats.count, 8)
        exactly([stats.min, stats.max], [2, 9])
        for (const [actual, expected] of [
          [stats.sum, 40],
          [stats.mean, 5],
          [stats.variance, 4],
          [stats.stdev, 2],
          [stats.sampleVariance, 32 / 7],
          [await rdd.mean(), 5],
          [await rdd.variance(), 4],
          [await rdd.stdev(), 2],
          [await rdd.sampleVariance(), 32 / 7],
          [await rdd.sampleStdev(), Math.sqrt(32 / 7)],
        ] as const)
          assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`)
      }
    }
  }))

test('a shift of all numbers by a billion leaves their variance as it is', () =>
  withContext(async sc => {
    const variance = await sc.parallelize([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], 2).sampleVariance()
    assert.ok(Math.abs(variance - 30) < 1e-9, `${variance}`)
  }))

test('no number has a count and extremes, one has no sample variance, and NaN spreads', () =>
  withContext(async sc => {
    exactly(await sc.parallelize<number>([], 3).stats(), {
      count: 0,
      mean: NAN,
      sum: 0,
      min: INFINITY,
      max: -INFINITY,
      variance: NAN,
      stdev: NAN,
      sampleVariance: NAN,
      sampleStdev: NAN,
    })
    const one = sc.parallelize([3], 2)
    exactly([await one.stdev(), await one.sampleStdev()], [0, NAN])
    exactly(await sc.parallelize([1, NAN]).mean(), NAN)
  }))

test('histogram counts into even buckets and into given ones, the last with its upper border', () =>
  withContext(async sc => {
    for (const rdd of bothWays(sc.range(51))) {
      exactly(await rdd.histogram(2), [
        [0, 25, 50],
        [25, 26],
      ])
      exactly(await rdd.histogram([0, 5, 25, 50]), [
        [0, 5, 25, 50],
        [5, 20, 26],
      ])
      exactly(await rdd.histogram([10, 20]), [[10, 20], [11]])
      exactly(await rdd.histogram(1), [[0, 50], [51]])
    }
    const words: [string[], number[]] = await sc
      .parallelize(['ab', 'ac', 'b', 'bd', 'ef'])
      .histogram(['a', 'b', 'c'])
    exactly(words, [
      ['a', 'b', 'c'],
      [2, 2],
    ])
    exactly(await sc.parallelize([1, NAN, 3, null, -1] as number[]).histogram([0, 2, 4]), [
      [0, 2, 4],
      [1, 1],
    ])
    exactly(await sc.parallelize([1, NAN, 3]).histogram(2), [
      [1, 2, 3],
      [1, 1],
    ])
    exactly(await sc.parallelize([5, 5, 5]).histogram(4), [[5, 5], [3]])
  }))

test('histogram refuses what are no buckets, in the words of Spark', () =>
  withContext(async sc => {
    const rdd: RDD<number> = sc.range(3)
    for (const [buckets, words] of [
      [0, /number of buckets must be >= 1/],
      [1.5, /a whole number from 1 to 100000 for the number of buckets but received 1.5/],
      [[], /buckets should have more than one value/],
      [[1], /buckets should have more than one value/],
      [[2, 1], /buckets should be sorted/],
      [[1, 1, 2], /buckets should not contain duplicated values/],
      [[1, NAN], /can not have None or NaN in buckets/],
      [[1, 'a'], /of one type/],
      ['two', /a list or tuple or number/],
    ] as const)
      await fails(() => rdd.histogram(buckets as number), 'MILLRACE_OPTION', words)
    await fails(
      () => sc.emptyRDD<number>().histogram(2),
      'MILLRACE_EMPTY',
      /can not generate buckets from empty RDD/,
    )
    for (const far of [
      [1, INFINITY],
      [-1e308, 1e308],
    ])
      await fails(() => sc.parallelize(far).histogram(2), 'MILLRACE_OPTION', /infinite value/)
    await fails(() => sc.parallelize(['a', 'b'] as never[]).histogram(2), 'MILLRACE_OPTION', /non-number/)
  }))

test('top and takeOrdered give records in order, by themselves or by a key', () =>
  withContext(async sc => {
    for (const rdd of bothWays(sc.parallelize([10, 1, 2, 9, 3, 4, 5, 6, 7], 4))) {
      exactly(await rdd.top(3), [10, 9, 7])
      exactly(await rdd.top(2, String), [9, 7])
      exactly(await rdd.takeOrdered(6), [1, 2, 3, 4, 5, 6])
      exactly(await rdd.takeOrdered(3, x => -x), [10, 9, 7])
      exactly(await rdd.takeOrdered(99), [1, 2, 3, 4, 5, 6, 7, 9, 10])
      exactly([await rdd.top(0), await rdd.takeOrdered(0)], [[], []])
      const sign = -1
      exactly(await rdd.top(1, x => x * sign, { sign }), [1])
    }
    exactly(await sc.emptyRDD<number>().top(3), [])
    exactly(
      await sc
        .parallelize(
          [
            ['b', 2],
            ['a', 9],
            ['b', 1],
          ] as [string, number][],
          2,
        )
        .top(2),
      [
        ['b', 2],
        ['b', 1],
      ],
    )
  }))

test('records with equal keys come in the order they have, the first partition first', () =>
  withContext(async sc => {
    const words = ['c1', 'a2', 'b1', 'd1', 'e2']
    exactly(await sc.parallelize(words, 3).takeOrdered(4, w => w[1]), ['c1', 'b1', 'd1', 'a2'])
    exactly(await sc.parallelize(words, 3).top(3, w => w[1]), ['a2', 'e2', 'c1'])
  }))

test('many more records than asked for are not all kept', () =>
  withContext(async sc => {
    exactly(await sc.range(0, 100_000, 1, 3).top(2), [99_999, 99_998])
    exactly(await sc.range(0, 100_000, 1, 3).takeOrdered(2, x => -x), [99_999, 99_998])
  }))

test('what has no order needs a key, and no records are fewer than none', () =>
  withContext(async sc => {
    const objects = sc.parallelize([{ a: 2 }, { a: 1 }])
    await fails(() => objects.top(1), 'MILLRACE_TASK', /received object; give a key function/)
    await fails(() => sc.parallelize([{}, {}], 1).top(1), 'MILLRACE_TASK', /give a key function/)
    exactly(await objects.takeOrdered(1, o => o.a), [{ a: 1 }])
    for (const take of [() => objects.top(-1), () => objects.takeOrdered(-1)])
      await fails(take, 'MILLRACE_OPTION', /top N cannot be negative\./)
    await fails(() => objects.top(1.5), 'MILLRACE_OPTION', /the number of records of top/)
  }))

test('the tree actions give what the plain ones give', () =>
  withContext(async sc => {
    const rdd = sc.range(1, 11, 1, 5)
    exactly(await rdd.treeReduce((a, b) => a + b), 55)
    exactly(await rdd.treeReduce((a, b) => a + b, 5), 55)
    exactly(
      await rdd.treeAggregate(
        [0, 0] as [number, number],
        ([sum, n], x) => [sum + x, n + 1] as [number, number],
        ([a, n], [b, m]) => [a + b, n + m] as [number, number],
      ),
      [55, 10],
    )
    await fails(
      () => rdd.treeReduce((a, b) => a + b, 0),
      'MILLRACE_OPTION',
      /Depth cannot be smaller than 1 but got 0/,
    )
    await fails(
      () => sc.emptyRDD<number>().treeReduce((a, b) => a + b),
      'MILLRACE_EMPTY',
      /Cannot reduce empty RDD/,
    )
  }))

test.run()
