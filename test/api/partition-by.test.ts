import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, partitionsOf, withContext } from '../support/with-context.js'

const pairsOf = <K>(keys: K[]): [K, number][] => keys.map((key, i) => [key, i])

test('a whole number goes to partition key mod n, never negative, whatever its size', () =>
  withContext(async sc => {
    const wholes = [0, 1, -1, -0, 7, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 40 + 1, -(2 ** 45), 2 ** 53 - 1]
    for (const keys of [
      wholes.slice(0, 7),
      wholes,
      wholes.filter(x => !Object.is(x, -0)).map(BigInt),
      [...wholes, 'text'],
    ]) {
      const pairs = pairsOf<unknown>(keys)
      const place = (key: unknown): number => Number(((BigInt(key as number) % 3n) + 3n) % 3n)
      for (const rdd of bothWays(sc.parallelize(pairs, 2))) {
        const parts = await partitionsOf(rdd.partitionBy(3))
        const whole = parts.map(part => part.filter(([key]) => key !== 'text'))
        exactly(
          whole,
          [0, 1, 2].map(part => pairs.filter(([key]) => key !== 'text' && place(key) === part)),
        )
      }
    }
  }))

test('every other key has one place, in whatever column it comes', () =>
  withContext(async sc => {
    const keys: unknown[] = [
      '',
      'a',
      '\ud800',
      0.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1e300,
      null,
      undefined,
      true,
      10n ** 30n,
      [1, 'a'],
      { a: 1 },
      new Date(3),
    ]
    const places = new Map<unknown, number>()
    // All in one column of mixed type, each in a column of its own, and each twice.
    for (const source of [keys, ...keys.map(key => [key]), ...keys.map(key => [key, key])]) {
      for (const rdd of bothWays(sc.parallelize(pairsOf(source), 1))) {
        const found = await rdd
          .partitionBy(5)
          .mapPartitionsWithIndex((part, pairs) => Array.from(pairs, ([, i]) => [i, part]))
          .collect()
        for (const [i, part] of found) {
          const key = source[i!]
          if (!places.has(key)) places.set(key, part!)
          assert.is(part, places.get(key), `the place of ${String(key)}`)
        }
        assert.is(found.length, source.length)
      }
    }
  }))

test('by-key operators put keys where partitionBy does, in as many partitions as are asked for', () =>
  withContext(async sc => {
    const records = Array.from({ length: 60 }, (_, i): [number, number] => [(i * 7) % 20, i])
    for (const rdd of bothWays(sc.parallelize(records, 4))) {
      const keys = await partitionsOf(rdd.partitionBy(3).keys())
      const expected = keys.map(part => [...new Set(part)])
      const add = (a: number, b: number): number => a + b
      for (const result of [
        rdd.reduceByKey(add, 3).keys(),
        rdd.groupByKey(3).keys(),
        rdd.combineByKey(x => x, add, add, 3).keys(),
        rdd.keys().distinct(3),
      ])
        exactly(await partitionsOf(result), expected)
      assert.is(rdd.reduceByKey(add).getNumPartitions(), sc.defaultParallelism)
      assert.is(rdd.groupByKey().getNumPartitions(), sc.defaultParallelism)
      assert.is(rdd.distinct().getNumPartitions(), sc.defaultParallelism)
    }
  }))

test('a partition function gives the partition modulo n, and its values stay in order', () =>
  withContext(async sc => {
    for (const rdd of bothWays(sc.parallelize(pairsOf(['a', 'bb', 'ccc', 'dd']), 2))) {
      exactly(await partitionsOf(rdd.partitionBy(2, key => key.length)), [
        [
          ['bb', 1],
          ['dd', 3],
        ],
        [
          ['a', 0],
          ['ccc', 2],
        ],
      ])
      exactly(await partitionsOf(rdd.partitionBy(3, key => shift - key.length, { shift: 2 ** 40 })), [
        [['a', 0]],
        [['ccc', 2]],
        [
          ['bb', 1],
          ['dd', 3],
        ],
      ])
    }
    for (const part of [0.5, Number.NaN, '1', 1n, undefined]) {
      await fails(
        sc
          .parallelize(pairsOf(['a']), 1)
          .partitionBy(2, () => part as number, { part })
          .collect(),
        'MILLRACE_TASK',
        /expected a whole number from the partition function/,
      )
    }
  }))
declare const shift: number

test('repartition spreads evenly over exactly n partitions, and keeps every record', () =>
  withContext(async sc => {
    for (const [n, from, to] of [
      [0, 2, 3],
      [1, 1, 4],
      [10, 2, 3],
      [1000, 3, 7],
      [1000, 7, 1],
    ] as const) {
      const records = Array.from({ length: n }, (_, i) => `r${i}`)
      for (const rdd of bothWays(sc.parallelize(records, from))) {
        const spread = rdd.repartition(to)
        assert.is(spread.getNumPartitions(), to)
        const parts = await partitionsOf(spread)
        assert.is(parts.length, to)
        exactly(parts.flat().sort(), records.sort())
        const sizes = parts.map(part => part.length)
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= from, `sizes ${sizes}`)
      }
    }
  }))

test('a number of partitions that is none is refused', () =>
  withContext(async sc => {
    const rdd = sc.parallelize<[string, number]>([['a', 1]])
    const wrong: [value: unknown, pattern: RegExp][] = [
      [0, /Number of partitions must be positive, but received 0/],
      [-1, /Number of partitions must be positive/],
      [1.5, /a whole number from 1 to 100000 for the number of partitions but received 1\.5/],
      ['3', /received "3"/],
      [Number.NaN, /received NaN/],
    ]
    for (const [value, pattern] of wrong) {
      const n = value as number
      for (const make of [
        () => rdd.repartition(n),
        () => rdd.distinct(n),
        () => rdd.partitionBy(n),
        () => rdd.groupByKey(n),
        () => rdd.reduceByKey((a, b) => a + b, n),
        () =>
          rdd.combineByKey(
            x => x,
            x => x,
            x => x,
            n,
          ),
      ])
        await fails(make, 'MILLRACE_OPTION', pattern)
    }
  }))

test.run()
