import type { Context, RDD } from 'millrace'
import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

/** The examples of PySpark's own documentation of RDDs, retyped, with the results that are printed there. */
const EXAMPLES: [name: string, result: unknown, run: (sc: Context) => unknown][] = [
  [
    'aggregate',
    [10, 4],
    sc =>
      sc.parallelize([1, 2, 3, 4]).aggregate(
        [0, 0],
        ([s, n], y) => [s + y, n + 1],
        ([s, n], [t, m]) => [s + t, n + m],
      ),
  ],
  [
    'aggregate of nothing',
    [0, 0],
    sc =>
      sc.parallelize<number>([]).aggregate(
        [0, 0],
        ([s, n], y) => [s + y, n + 1],
        ([s, n], [t, m]) => [s + t, n + m],
      ),
  ],
  [
    'collectAsMap',
    new Map([
      [1, 2],
      [3, 4],
    ]),
    sc =>
      sc
        .parallelize<[number, number]>([
          [1, 2],
          [3, 4],
        ])
        .collectAsMap(),
  ],
  [
    'combineByKey',
    [
      ['a', [1, 2]],
      ['b', [1]],
    ],
    sc =>
      sorted(
        letters(sc).combineByKey(
          a => [a],
          (list, b) => [...list, b],
          (a, b) => [...a, ...b],
        ),
      ),
  ],
  [
    'countByKey',
    [
      ['a', 2],
      ['b', 1],
    ],
    async sc => [...(await letters(sc).countByKey())].sort(),
  ],
  [
    'countByValue',
    [
      [1, 2],
      [2, 3],
    ],
    async sc => [...(await sc.parallelize([1, 2, 1, 2, 2], 2).countByValue())].sort(),
  ],
  ['distinct', [1, 2, 3], sc => sorted(sc.parallelize([1, 1, 2, 3]).distinct())],
  [
    'filter',
    [2, 4],
    sc =>
      sc
        .parallelize([1, 2, 3, 4, 5])
        .filter(x => x % 2 === 0)
        .collect(),
  ],
  [
    'flatMap',
    [1, 1, 1, 2, 2, 3],
    sc => sorted(sc.parallelize([2, 3, 4]).flatMap(x => Array.from({ length: x - 1 }, (_, i) => i + 1))),
  ],
  [
    'flatMapValues',
    [
      ['a', 'x'],
      ['a', 'y'],
      ['a', 'z'],
      ['b', 'p'],
      ['b', 'r'],
    ],
    sc =>
      sc
        .parallelize<[string, string[]]>([
          ['a', ['x', 'y', 'z']],
          ['b', ['p', 'r']],
        ])
        .flatMapValues(x => x)
        .collect(),
  ],
  ['fold', 15, sc => sc.parallelize([1, 2, 3, 4, 5]).fold(0, (a, b) => a + b)],
  [
    'glom',
    [
      [1, 2],
      [3, 4],
    ],
    sc => sc.parallelize([1, 2, 3, 4], 2).glom().collect(),
  ],
  [
    'groupByKey',
    [
      ['a', 2],
      ['b', 1],
    ],
    sc =>
      sorted(
        letters(sc)
          .groupByKey()
          .mapValues(x => x.length),
      ),
  ],
  [
    'isEmpty',
    [true, false, true],
    sc =>
      Promise.all([
        sc.parallelize([]).isEmpty(),
        sc.parallelize([1]).isEmpty(),
        sc
          .range(10)
          .filter(x => x > 10)
          .isEmpty(),
      ]),
  ],
  [
    'keyBy',
    [
      [0, 0],
      [1, 1],
      [4, 2],
    ],
    sc =>
      sc
        .range(0, 3)
        .keyBy(x => x * x)
        .collect(),
  ],
  [
    'keys',
    [1, 3],
    sc =>
      sc
        .parallelize<[number, number]>([
          [1, 2],
          [3, 4],
        ])
        .keys()
        .collect(),
  ],
  [
    'map',
    [
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ],
    sc => sorted(sc.parallelize(['b', 'a', 'c']).map(x => [x, 1])),
  ],
  [
    'mapPartitions',
    [3, 7],
    sc =>
      sc
        .parallelize([1, 2, 3, 4], 2)
        .mapPartitions(xs => [[...xs].reduce((a, b) => a + b)])
        .collect(),
  ],
  [
    'mapPartitionsWithIndex',
    6,
    sc =>
      sc
        .parallelize([1, 2, 3, 4], 4)
        .mapPartitionsWithIndex(i => [i])
        .sum(),
  ],
  [
    'mapValues',
    [
      ['a', 3],
      ['b', 1],
    ],
    sc =>
      sc
        .parallelize<[string, string[]]>([
          ['a', ['apple', 'banana', 'lemon']],
          ['b', ['grapes']],
        ])
        .mapValues(x => x.length)
        .collect(),
  ],
  [
    'max',
    [43, 5],
    async sc => [
      await sc.parallelize([1, 5, 43, 10]).max(),
      await sc.parallelize([1, 5, 43, 10]).max(String),
    ],
  ],
  [
    'min',
    [2, 10],
    async sc => [
      await sc.parallelize([2, 5, 43, 10]).min(),
      await sc.parallelize([2, 5, 43, 10]).min(String),
    ],
  ],
  ['parallelize', [[0], [2], [3], [4], [6]], sc => sc.parallelize([0, 2, 3, 4, 6], 5).glom().collect()],
  [
    'partitionBy',
    [],
    async sc => {
      const [first, second] = await sc
        .parallelize([1, 2, 3, 4, 2, 4, 1])
        .map(x => [x, x])
        .partitionBy(2)
        .glom()
        .collect()
      return first!.filter(([x]) => second!.some(([y]) => x === y))
    },
  ],
  [
    'range',
    [
      [0, 1, 2, 3, 4],
      [2, 3],
      [1, 3, 5],
    ],
    sc => Promise.all([sc.range(5).collect(), sc.range(2, 4).collect(), sc.range(1, 7, 2).collect()]),
  ],
  ['reduce', 15, sc => sc.parallelize([1, 2, 3, 4, 5]).reduce((a, b) => a + b)],
  [
    'reduceByKey',
    [
      ['a', 2],
      ['b', 1],
    ],
    sc =>
      sorted(
        sc
          .parallelize<[string, number]>([
            ['a', 1],
            ['b', 1],
            ['a', 1],
          ])
          .reduceByKey((a, b) => a + b),
      ),
  ],
  [
    'repartition',
    [[[1], [2, 3], [4, 5], [6, 7]], 2, 10],
    async sc => {
      const rdd = sc.parallelize([1, 2, 3, 4, 5, 6, 7], 4)
      return [
        await rdd.glom().collect(),
        (await rdd.repartition(2).glom().collect()).length,
        (await rdd.repartition(10).glom().collect()).length,
      ]
    },
  ],
  [
    'take',
    [
      [2, 3],
      [2, 3, 4, 5, 6],
      [91, 92, 93],
    ],
    sc =>
      Promise.all([
        sc.parallelize([2, 3, 4, 5, 6]).cache().take(2),
        sc.parallelize([2, 3, 4, 5, 6]).take(10),
        sc
          .range(0, 100, 1, 100)
          .filter(x => x > 90)
          .take(3),
      ]),
  ],
  [
    'union',
    [1, 1, 2, 3, 1, 1, 2, 3],
    sc => {
      const rdd = sc.parallelize([1, 1, 2, 3])
      return rdd.union(rdd).collect()
    },
  ],
  [
    'values',
    [2, 4],
    sc =>
      sc
        .parallelize<[number, number]>([
          [1, 2],
          [3, 4],
        ])
        .values()
        .collect(),
  ],
]

const letters = (sc: Context): RDD<[string, number]> =>
  sc.parallelize<[string, number]>([
    ['a', 1],
    ['b', 1],
    ['a', 2],
  ])

async function sorted<T>(rdd: RDD<T>): Promise<T[]> {
  return (await rdd.collect()).sort()
}

test("the examples of PySpark's documentation give what is printed there", () =>
  withContext(async sc => {
    for (const [name, result, run] of EXAMPLES) exactly(await run(sc), result, `${name}: `)
  }))

test.run()
