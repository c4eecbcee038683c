import type { RDD } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

/* What PySpark's own tests (test_rdd.py) hold of its RDDs. */

const { NaN: NAN, POSITIVE_INFINITY: INFINITY } = Number

test('histogram', () =>
  withContext(async sc => {
    const counts = async (items: number[], buckets: number[]): Promise<number[]> =>
      (await sc.parallelize(items, 2).histogram(buckets))[1]
    exactly(await counts([], [0, 10]), [0])
    exactly(await counts([], [0, 4, 10]), [0, 0])
    exactly(await counts([10.01, -0.01], [0, 10]), [0])
    exactly(await counts([10.01, -0.01], [0, 4, 10]), [0, 0])
    exactly(await counts([1, 2, 3, 4], [0, 10]), [4])
    exactly(await counts([1, 2, 3, 4], [0, 4, 10]), [3, 1])
    exactly(await counts([1, 2, 3, 4], [1, 4]), [4])
    exactly(await counts([10.01, -0.01, NAN, INFINITY], [-INFINITY, 0, INFINITY]), [1, 2])
    exactly(await counts([-0.01, 0, 1, 2, 3, 3.5, 10, 11], [0, 5, 10]), [5, 1])
    const even = (items: unknown[], n: number): Promise<[unknown[], number[]]> =>
      sc.parallelize(items as number[], 2).histogram(n)
    exactly(await even([1, 2, 3, 4], 1), [[1, 4], [4]])
    exactly(await even([1, 2, 3, 4], 2), [
      [1, 2.5, 4],
      [2, 2],
    ])
    exactly(await even([1], 1), [[1, 1], [1]])
    exactly(await even([1, 1, 1, 1], 1), [[1, 1], [4]])
    exactly(await even([1, INFINITY], 1), [[1, INFINITY], [2]])
    exactly(await even(['ab', 'ac', 'b', 'bd', 'ef'], 1), [['ab', 'ef'], [5]])
    await fails(even(['ab', 'ac', 'b', 'bd', 'ef'], 2), 'MILLRACE_OPTION', /non-number/)
    await fails(even([], 1), 'MILLRACE_EMPTY')
  }))

test('zip, of RDDs that fit and of those that do not', () =>
  withContext(async sc => {
    const a = sc.range(0, 100, 1, 4)
    exactly(await a.zip(sc.range(1, 101, 1, 4)).count(), await a.zip(a.map(x => x * 2)).count())
    const pairs = a.zip(a.map(x => String(x)))
    exactly(await pairs.keys().collect(), await a.collect())
    await fails(() => a.zip(sc.range(0, 100, 1, 5)), 'MILLRACE_OPTION', /same number of partitions/)
    await fails(a.zip(sc.range(0, 99, 1, 4)).count(), 'MILLRACE_TASK', /same number of elements/)
  }))

test('sorting an empty RDD, and one by what its keys become', () =>
  withContext(async sc => {
    exactly(await sc.emptyRDD<[number, number]>().sortByKey().collect(), [])
    exactly(
      await sc
        .emptyRDD<number>()
        .sortBy(x => -x)
        .collect(),
      [],
    )
    const pairs = sc.parallelize([
      ['Mary', 1],
      ['had', 2],
      ['a', 3],
    ] as [string, number][])
    exactly(
      await pairs
        .sortByKey(true, 3, k => k.toLowerCase())
        .keys()
        .collect(),
      ['a', 'had', 'Mary'],
    )
  }))

test('a zero value belongs to each key, and to each partition', () =>
  withContext(async sc => {
    const data: [number, number][] = Array.from({ length: 10 }, (_, i) => [i % 3, i])
    const lists = sc.parallelize(data, 3).aggregateByKey(
      [] as number[],
      (list, x) => {
        list.push(x)
        return list
      },
      (a, b) => {
        a.push(...b)
        return a
      },
    )
    exactly(await lists.sortByKey(true, 1).collect(), [
      [0, [0, 3, 6, 9]],
      [1, [1, 4, 7]],
      [2, [2, 5, 8]],
    ])
    const counts = sc.parallelize(data, 3).foldByKey(0, (a, b) => a + b)
    exactly(await counts.sortByKey(true, 1).values().collect(), [18, 12, 15])
  }))

test('countByKey, lookup and collectAsMap of a cartesian product', () =>
  withContext(async sc => {
    const product = sc.range(0, 3, 1, 2).cartesian(sc.range(0, 2, 1, 2)) as RDD<[number, number]>
    const sorted = (map: Map<number, number>): unknown => [...map].sort(([a], [b]) => a - b)
    const [twice, last] = [await product.countByKey(), await product.collectAsMap()]
    exactly(
      sorted(twice),
      [0, 1, 2].map(key => [key, 2]),
    )
    exactly(
      sorted(last),
      [0, 1, 2].map(key => [key, 1]),
    )
    exactly(await product.lookup(1), [0, 1])
  }))

test('take looks at as few partitions as it needs, and none for none', () =>
  withContext(async sc => {
    const seen = sc.accumulator(0)
    const rdd = sc.range(0, 100, 1, 50).map(
      x => {
        seen.add(1)
        return x
      },
      { seen },
    )
    exactly(await rdd.take(1), [0])
    exactly(seen.value <= 2, true)
    exactly(await rdd.take(0), [])
    exactly(
      await sc
        .range(0, 10, 1, 5)
        .filter(x => x > 8)
        .take(1),
      [9],
    )
  }))

test('partitions are as many as was asked for', () =>
  withContext(async sc => {
    const rdd = sc.range(0, 10, 1, 5)
    exactly(rdd.repartition(3).getNumPartitions(), 3)
    exactly(rdd.coalesce(3).getNumPartitions(), 3)
    exactly(rdd.distinct(3).getNumPartitions(), 3)
    exactly(rdd.sortBy(x => x, true, 3).getNumPartitions(), 3)
    exactly(rdd.groupBy(x => x % 2, 3).getNumPartitions(), 3)
    exactly(rdd.cartesian(rdd).getNumPartitions(), 25)
    exactly(rdd.union(rdd).getNumPartitions(), 10)
  }))

test.run()
