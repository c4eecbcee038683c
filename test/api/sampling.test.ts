import type { RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

const NAN = Number.NaN

const between = (least: number, x: number, most: number): void =>
  assert.ok(least <= x && x <= most, `${x} is not in [${least}, ${most}]`)

test('a sample is about as large as asked for, in order, and the same for the same seed', () =>
  withContext(async sc => {
    const numbers = sc.range(0, 10_000, 1, 4)
    const sample = await numbers.sample(false, 0.2, 42).collect()
    between(1800, sample.length, 2200)
    exactly(
      sample,
      sample.toSorted((a, b) => a - b),
    )
    exactly(new Set(sample).size, sample.length)
    for (const rdd of bothWays(numbers)) exactly(await rdd.sample(false, 0.2, 42).collect(), sample)
    assert.not.equal(await numbers.sample(false, 0.2, 43).collect(), sample)
    assert.not.equal(await numbers.sample(false, 0.2).collect(), await numbers.sample(false, 0.2).collect())
    exactly(await numbers.sample(false, 0, 1).count(), 0)
    exactly(await numbers.sample(false, 1, 1).count(), 10_000)
    const unsteady = numbers.sample(false, 0.5)
    exactly(await unsteady.collect(), await unsteady.collect())
  }))

test('with replacement records come several times', () =>
  withContext(async sc => {
    const sample = await sc.range(0, 5000, 1, 3).sample(true, 2, 7).collect()
    between(9500, sample.length, 10_500)
    const times = new Map<number, number>()
    for (const x of sample) times.set(x, (times.get(x) ?? 0) + 1)
    // Of a Poisson distribution of mean 2, e ** -2 of the records are missing.
    between(580, 5000 - times.size, 780)
    between(6, Math.max(...times.values()), 14)
    exactly(await sc.range(0, 5000, 1, 3).sample(true, 2, 7).collect(), sample)
    exactly(await sc.range(100).sample(true, 0, 7).count(), 0)
  }))

test('partitions do not draw the same numbers', () =>
  withContext(async sc => {
    const places = await sc
      .range(0, 4000, 1, 4)
      .sample(false, 0.5, 3)
      .map(x => x % 1000)
      .collect()
    const twice = places.length - new Set(places).size
    between(900, twice, 1250)
  }))

test('sampleByKey takes a part of its own of each key', () =>
  withContext(async sc => {
    const pairs = sc.range(0, 6000, 1, 3).map(x => [['a', 'b', 'c'][x % 3]!, x] as [string, number])
    const fractions = { a: 0.1, b: 0, c: 1 }
    for (const given of [fractions, new Map(Object.entries(fractions))]) {
      const counts = await pairs.sampleByKey(false, given, 5).countByKey()
      between(150, counts.get('a')!, 250)
      exactly([counts.get('b'), counts.get('c')], [undefined, 2000])
    }
    const often = await pairs.sampleByKey(true, { a: 0.1, b: 0, c: 3 }, 5).countByKey()
    between(5700, often.get('c')!, 6300)
    await fails(
      () => pairs.sampleByKey(false, { a: 1, b: 1 }).count(),
      'MILLRACE_TASK',
      /no fraction for the key c/,
    )
    await fails(
      () => pairs.sampleByKey(false, { a: -1 }),
      'MILLRACE_OPTION',
      /Negative fraction value -1 for the key/,
    )
  }))

test('sampleByKey compares keys by structure', () =>
  withContext(async sc => {
    const keys = [['x'], { a: 1, b: 2 }, 'x', '["x"]', 7, NAN, null, new Date(5)]
    for (const pairs of bothWays(sc.parallelize(keys.map((key): [unknown, number] => [key, 1]))) as RDD<
      [unknown, number]
    >[]) {
      const fractions: [unknown, number][] = [
        [['x'], 1],
        [{ b: 2, a: 1 }, 1],
        ['x', 0],
        ['["x"]', 0],
        [7, 1],
        [NAN, 1],
        [null, 0],
        [new Date(5), 1],
      ]
      exactly(await pairs.sampleByKey(false, new Map(fractions), 3).keys().collect(), [
        ['x'],
        { a: 1, b: 2 },
        7,
        NAN,
        new Date(5),
      ])
      await fails(
        pairs.sampleByKey(false, new Map(fractions.slice(1)), 3).count(),
        'MILLRACE_TASK',
        /no fraction for the key \["x"\]/,
      )
    }
  }))

test('seeds that differ give samples that differ, whatever their sign and size', () =>
  withContext(async sc => {
    const seeds = [0, 1, -1, -2, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 32 + 1, -(2 ** 32), 2 ** 53, -(2 ** 53)]
    const samples = seeds.map(seed => sc.range(0, 64, 1, 1).sample(false, 0.5, seed).collect())
    exactly(new Set((await Promise.all(samples)).map(String)).size, seeds.length)
  }))

test('randomSplit puts each record into one of its RDDs', () =>
  withContext(async sc => {
    const numbers = sc.range(0, 5000, 1, 3)
    const [few, many] = numbers.randomSplit([2, 3], 17)
    const [a, b] = [await few!.collect(), await many!.collect()]
    exactly(
      [...a, ...b].toSorted((x, y) => x - y),
      await numbers.collect(),
    )
    between(1850, a.length, 2150)
    exactly(await numbers.randomSplit([2, 3], 17)[0]!.collect(), a)
    exactly(await numbers.randomSplit([1, 0])[1]!.count(), 0)
    await fails(() => numbers.randomSplit([1, -1]), 'MILLRACE_OPTION', /Weights must be nonnegative/)
    await fails(() => numbers.randomSplit([0, 0]), 'MILLRACE_OPTION', /Sum of weights must be positive/)
    await fails(() => numbers.randomSplit([NAN, 1]), 'MILLRACE_OPTION', /Weights must be nonnegative/)
    for (const weights of [
      [Number.POSITIVE_INFINITY, 1],
      [1e308, 1e308],
    ])
      await fails(() => numbers.randomSplit(weights), 'MILLRACE_OPTION', /Sum of weights must be finite/)
    for (const weights of [['1', '2'], [null, 1], [1n]])
      await fails(() => numbers.randomSplit(weights as never), 'MILLRACE_OPTION', /an array of numbers/)
  }))

test('takeSample gives as many records as asked for, in an order at random', () =>
  withContext(async sc => {
    const numbers = sc.range(0, 1000, 1, 3)
    for (const num of [1, 10, 999]) {
      const sample = await numbers.takeSample(false, num, 9)
      exactly(new Set(sample).size, num)
      exactly(await numbers.takeSample(false, num, 9), sample)
    }
    const all = await numbers.takeSample(false, 5000, 9)
    exactly(
      all.toSorted((a, b) => a - b),
      await numbers.collect(),
    )
    assert.not.equal(all, await numbers.collect())
    exactly((await numbers.takeSample(true, 5000, 9)).length, 5000)
    exactly(await numbers.takeSample(true, 0), [])
    exactly(await sc.emptyRDD().takeSample(true, 5), [])
    await fails(() => numbers.takeSample(false, -1), 'MILLRACE_OPTION', /Sample size cannot be negative/)
  }))

test('what is no sample is refused', () =>
  withContext(async sc => {
    const numbers = sc.range(3)
    await fails(() => numbers.sample(false, -0.5), 'MILLRACE_OPTION', /Fraction must be nonnegative/)
    await fails(() => numbers.sample(false, Number.NaN), 'MILLRACE_OPTION', /Fraction must be nonnegative/)
    await fails(
      () => numbers.sample(0.5 as never, 1),
      'MILLRACE_OPTION',
      /a boolean for withReplacement of sample/,
    )
    await fails(
      () => numbers.sample(true, 1, 'x' as never),
      'MILLRACE_OPTION',
      /a finite number for the seed/,
    )
  }))

test('countApproxDistinct comes near the number of different records', () =>
  withContext(async sc => {
    for (const [count, sd] of [
      [1000, 0.05],
      [1000, 0.01],
      [30_000, 0.03],
    ] as const) {
      for (const rdd of bothWays(sc.range(0, count * 2, 1, 3).map(x => x % count, { count }))) {
        const found = await rdd.countApproxDistinct(sd)
        between(count * (1 - 3 * sd), found, count * (1 + 3 * sd))
      }
    }
    const words = sc.range(0, 2000, 1, 3).map(x => ({ name: `n${x % 500}`, at: [x % 500] }))
    between(450, await words.countApproxDistinct(), 550)
    exactly(await sc.parallelize([0, -0, 0, null, undefined, null]).countApproxDistinct(), 3)
    exactly(await sc.range(0, 5000).countApproxDistinct(0.0001), 5000)
    exactly(await sc.emptyRDD().countApproxDistinct(), 0)
    await fails(
      () => words.countApproxDistinct(0.00000001),
      'MILLRACE_OPTION',
      /relativeSD should be greater than 0.000017/,
    )
  }))

test.run()
