import type { Context, RDD } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

/** What JavaScript lets through: any value for any argument. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Loose = Record<string, (...args: any[]) => any>
const loose = (of: RDD<unknown> | Context): Loose => of as unknown as Loose
const numbers = (sc: Context): Loose => loose(sc.parallelize([3, 1, 2], 2))
const pairs = (sc: Context): Loose =>
  loose(
    sc.parallelize(
      [
        ['b', 1],
        ['a', 2],
      ] as [string, number][],
      2,
    ),
  )

test('null stands for what is not given, as None does', () =>
  withContext(async sc => {
    exactly(await numbers(sc).top!(2, null, null), [3, 2])
    exactly(await numbers(sc).takeOrdered!(2, null), [1, 2])
    exactly([await numbers(sc).min!(null), await numbers(sc).max!(null)], [1, 3])
    exactly(await pairs(sc).sortByKey!(true, null, null).keys().collect(), ['a', 'b'])
    exactly(pairs(sc).partitionBy!(3, null).getNumPartitions(), 3)
    exactly(await pairs(sc).repartitionAndSortWithinPartitions!(1, null).keys().collect(), ['a', 'b'])
    for (const rdd of [
      pairs(sc).reduceByKey!((a: number) => a, null),
      pairs(sc).join!(pairs(sc), null),
      numbers(sc).distinct!(null),
      numbers(sc).sortBy!((x: number) => x, true, null),
      loose(sc).parallelize!([1], null),
      loose(sc).textFile!('package.json', null),
    ])
      exactly((rdd as RDD<unknown>).getNumPartitions() > 0, true)
    exactly(await loose(sc).range!(3, null, null, null).collect(), [0, 1, 2])
    exactly(await numbers(sc).sample!(false, 1, null).collect(), [3, 1, 2])
    exactly((await numbers(sc).randomSplit!([1], null)[0].collect()).length, 3)
    exactly((await numbers(sc).takeSample!(false, 3, null)).length, 3)
    exactly(await numbers(sc).pipe!('cat', null).collect(), ['3', '1', '2'])
    exactly(loose(sc).accumulator!(0, null).value, 0)
  }))

test('anything else that is no function is refused, and the error says where', () =>
  withContext(async sc => {
    for (const wrong of [0, '', Number.NaN, false, Symbol('s'), 1n, {}]) {
      for (const name of ['min', 'max'])
        await fails(
          () => numbers(sc)[name]!(wrong),
          'MILLRACE_OPTION',
          RegExp(`expected a function for ${name}`),
        )
      for (const name of ['top', 'takeOrdered'])
        await fails(() => numbers(sc)[name]!(1, wrong), 'MILLRACE_OPTION', RegExp(`a function for ${name}`))
      for (const name of ['partitionBy', 'repartitionAndSortWithinPartitions'])
        await fails(() => pairs(sc)[name]!(1, wrong), 'MILLRACE_OPTION', RegExp(`a function for ${name}`))
    }
  }))

test('what has no order or no value is refused where a number is expected', () =>
  withContext(async sc => {
    for (const wrong of [Symbol('s'), 1n, '1', {}, Number.NaN]) {
      const refused = (call: () => unknown): Promise<unknown> => fails(call, 'MILLRACE_OPTION')
      await refused(() => numbers(sc).top!(wrong))
      await refused(() => numbers(sc).takeOrdered!(wrong))
      await refused(() => numbers(sc).take!(wrong))
      await refused(() => numbers(sc).takeSample!(false, wrong))
      await refused(() => numbers(sc).treeReduce!((a: number) => a, wrong))
      await refused(() =>
        numbers(sc).treeAggregate!(
          0,
          (a: number) => a,
          (a: number) => a,
          wrong,
        ),
      )
      await refused(() => numbers(sc).countApproxDistinct!(wrong))
      await refused(() => numbers(sc).sample!(false, wrong))
      await refused(() => numbers(sc).histogram!(wrong))
    }
    await fails(() => numbers(sc).histogram!(2 ** 31), 'MILLRACE_OPTION', /from 1 to 100000 .*2147483648/)
    for (const wrong of [null, undefined, 1, 'a', [1]])
      await fails(
        () => pairs(sc).sampleByKey!(false, wrong),
        'MILLRACE_OPTION',
        /a Map or an object.*sampleByKey/,
      )
    await fails(() => pairs(sc).sampleByKey!(false, { a: '1' }), 'MILLRACE_OPTION', /a number for .* "a"/)
    for (const captures of [[1], new Map(), 'x', 1, null])
      await fails(
        () => numbers(sc).map!((x: number) => x, captures),
        'MILLRACE_OPTION',
        /an object of named values.*the captures of map/,
      )
  }))

test('take of none, or of fewer, gives nothing, as in PySpark', () =>
  withContext(async sc => {
    exactly([await numbers(sc).take!(0), await numbers(sc).take!(-3)], [[], []])
    await fails(() => numbers(sc).take!(0.5), 'MILLRACE_OPTION', /a whole number/)
  }))

test.run()
