import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

test('min and max compare as PySpark does: a NaN that does not come first is passed over', () =>
  withContext(async sc => {
    const cases: [records: unknown[], min: unknown, max: unknown][] = [
      [[3], 3, 3],
      [[2, 1, 3], 1, 3],
      [[1, Number.NaN, 0, 2], 0, 2],
      [[Number.NaN, 1], Number.NaN, Number.NaN],
      [[0, -0], 0, 0],
      [[-0, 0], -0, -0],
      [[-2147483648, 2147483648, -0.5], -2147483648, 2147483648],
      [
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
        Number.NEGATIVE_INFINITY,
        Number.POSITIVE_INFINITY,
      ],
      [['b', 'a', 'é', ''], '', 'é'],
      [[2n, 1n, 2n ** 64n], 1n, 2n ** 64n],
    ]
    for (const [records, min, max] of cases) {
      for (const rdd of bothWays(sc.parallelize(records, 1)))
        exactly([await rdd.min(), await rdd.max()], [min, max])
    }
  }))

test('min and max by a key give the first of the records that share it', () =>
  withContext(async sc => {
    const words = ['bb', 'a', 'ccc', 'd', 'eee']
    for (const rdd of bothWays(sc.parallelize(words, 3)))
      exactly([await rdd.min(w => w.length), await rdd.max(w => w.length)], ['a', 'ccc'])
  }))

test('arrays are compared item by item, as tuples in Python', () =>
  withContext(async sc => {
    const tuples = [
      [1, 2],
      [1, 10],
      [0, 99],
    ]
    for (const rdd of bothWays(sc.parallelize(tuples, 2))) {
      exactly([await rdd.min(), await rdd.max()], [tuples[2], tuples[1]])
      exactly(await rdd.max(([a, b]) => [-a!, b]), tuples[2])
      exactly(await rdd.min(([a, b]) => [-a!, b]), tuples[0])
    }
  }))

test('a key function has captures of any name', () =>
  withContext(async sc => {
    const [key, fn, a] = [-1, (x: number) => x * key, 10]
    for (const rdd of bothWays(sc.parallelize([3, 1, 2], 2))) {
      exactly(await rdd.min(x => x * key, { key }), 3)
      exactly(await rdd.max(x => fn(x) % a, { fn, key, a }), 1)
    }
  }))

test('nothing has no extreme', () =>
  withContext(async sc => {
    for (const rdd of [...bothWays(sc.parallelize<number>([], 2)), sc.emptyRDD<number>()]) {
      for (const action of [() => rdd.min(), () => rdd.max(), () => rdd.min(x => -x)])
        await fails(action, 'MILLRACE_EMPTY', /Can not reduce\(\) empty RDD.*isEmpty/)
    }
  }))

test.run()
