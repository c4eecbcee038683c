import type { RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

const ACTIONS = {
  sum: rdd => rdd.sum(),
  mean: rdd => rdd.mean(),
  stats: rdd => rdd.stats(),
  variance: rdd => rdd.variance(),
  stdev: rdd => rdd.stdev(),
  sampleVariance: rdd => rdd.sampleVariance(),
  sampleStdev: rdd => rdd.sampleStdev(),
} satisfies Record<string, (rdd: RDD<number>) => Promise<unknown>>

test('what adds up numbers refuses everything else, and names it', () =>
  withContext(async sc => {
    for (const wrong of ['7', null, undefined, 7n, [7], { n: 7 }, new Date(7)])
      for (const records of [[wrong], [1, wrong, 2]])
        for (const rdd of bothWays(sc.parallelize(records, 2) as RDD<never>))
          for (const [name, action] of Object.entries(ACTIONS))
            await fails(
              () => action(rdd),
              'MILLRACE_VALUE',
              RegExp(`${name} works on numbers, but received `),
              / \(partition [01], at the record /,
            )
    await fails(
      sc
        .parallelize(['1', '2'], 1)
        .map(x => x as never as number)
        .sum(),
      'MILLRACE_VALUE',
      /sum works on numbers, but received "1"\. .*\(partition 0, at the record '1'\)/,
    )
  }))

test('false and true count as 0 and 1, as in Python', () =>
  withContext(async sc => {
    for (const rdd of bothWays(sc.parallelize([true, false, true, 2] as number[], 2))) {
      exactly([await rdd.sum(), await rdd.mean()], [3 + 1, 1])
      exactly(await rdd.histogram(2), [
        [0, 1, 2],
        [1, 3],
      ])
      exactly(await rdd.histogram([0, 1, 2]), [
        [0, 1, 2],
        [1, 3],
      ])
    }
    exactly(
      await sc
        .parallelize([true, true] as never as number[], 2)
        .stats()
        .then(s => [s.count, s.sum]),
      [2, 2],
    )
  }))

test('numbers are summed as before, of whatever kind of column', () =>
  withContext(async sc => {
    for (const rdd of bothWays(sc.range(0, 50_000, 1, 3))) {
      exactly(await rdd.sum(), 1_249_975_000)
      exactly(await rdd.map(x => x / 2).sum(), 624_987_500)
      exactly(await rdd.map(() => 1).sum(), 50_000)
      exactly(
        await rdd
          .map(x => [x, 1])
          .values()
          .sum(),
        50_000,
      )
    }
    exactly(await sc.emptyRDD<number>().sum(), 0)
    exactly(await sc.parallelize([-0], 1).sum(), 0)
  }))

test('min and max refuse what has no order', () =>
  withContext(async sc => {
    for (const wrong of [{ a: 1 }, new Map(), new Uint8Array(2), [[{ a: 1 }]]])
      for (const rdd of bothWays(sc.parallelize<unknown>([wrong, wrong], 2)))
        for (const name of ['min', 'max'] as const)
          await fails(
            () => rdd[name](),
            'MILLRACE_VALUE',
            RegExp(`${name} works on numbers, texts, booleans, dates and arrays of these, but received `),
            /Give it a key/,
          )
    const mixed = sc.parallelize<unknown>(['b', 3, null, true, 'a', [1], new Date(3)], 3)
    exactly([await mixed.min(), await mixed.max()], [null, [1]])
    exactly(
      [
        await sc.parallelize(['b', 'c', 'a'], 2).max(),
        await sc.parallelize([new Date(5), new Date(4)]).min(),
      ],
      ['c', new Date(4)],
    )
  }))

test('histogram refuses records that are not of the kind of its borders', () =>
  withContext(async sc => {
    const words = sc.parallelize(['a', 'b'], 1) as RDD<never>
    await fails(words.histogram([0, 1, 2]), 'MILLRACE_VALUE', /histogram works on numbers.* received "a"/)
    await fails(
      sc.range(0, 3, 1, 1).histogram(['a', 'b']),
      'MILLRACE_VALUE',
      /histogram works on texts.* received 0/,
    )
    const mixed = sc.parallelize<unknown>([1, 'a', 2], 2) as RDD<never>
    await fails(mixed.histogram(2), 'MILLRACE_OPTION', /non-number in RDD/)
    await fails(mixed.histogram([0, 5]), 'MILLRACE_VALUE', /received "a"/)
    await fails(sc.parallelize<unknown>([1n], 1).histogram([0, 5]), 'MILLRACE_VALUE', /received 1n/)
    exactly(await (sc.parallelize([1, null, 4, undefined], 2) as RDD<number>).histogram([0, 5]), [
      [0, 5],
      [2],
    ])
    exactly(await sc.parallelize(['b', 'a']).histogram(1), [['a', 'b'], [2]])
    const days = [0, 3, 6].map(n => new Date(n))
    const dates = sc.parallelize([new Date(1), new Date(4), null], 1)
    exactly(await dates.histogram(days), [days, [1, 1]])
    await fails(sc.range(0, 3, 1, 1).histogram(days), 'MILLRACE_VALUE', /works on dates.* received 0/)
    const twice = [new Date(0), new Date(0), new Date(3)]
    await fails(dates.histogram(twice), 'MILLRACE_OPTION', /should not contain duplicated values/)
    const oneDay = sc.parallelize([new Date(5), new Date(5)], 2)
    exactly(await oneDay.histogram(3), [[new Date(5), new Date(5)], [2]])
  }))

test('an accumulator of numbers takes numbers only', () =>
  withContext(async sc => {
    const sum = sc.accumulator(0)
    for (const wrong of ['1', null, undefined, 1n, {}]) {
      await fails(() => sum.add(wrong as never), 'MILLRACE_VALUE', /Accumulator\.add works on numbers/)
      for (const rdd of bothWays(sc.parallelize([wrong], 1)))
        await fails(
          rdd.foreach(x => sum.add(x as never), { sum }),
          'MILLRACE_VALUE',
          /Accumulator\.add works on numbers, but received .* in foreach/,
        )
    }
    sum.add(true as never)
    assert.is(sum.value, 1)
  }))

test.run()
