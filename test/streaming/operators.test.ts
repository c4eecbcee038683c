import { Context, type DStream, StreamingContext } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { recordsOf, type Streaming, withStreaming } from '../support/with-streaming.js'

type Chain<T> = (stream: DStream<T>, streaming: Streaming) => DStream<unknown>

/** Chains of operators, each on a queue of the same batches, and what each makes of them, as JSON. */
async function check<T>(
  batches: T[][],
  chains: [chain: Chain<T>, expected: string][],
  { sorted = false, partitions = 2 } = {},
): Promise<void> {
  await withStreaming(
    async streaming => {
      const { ssc, clock } = streaming
      const results = chains.map(([chain]) => recordsOf(chain(ssc.queueStream(batches), streaming)))
      await ssc.start()
      await clock.advance(`${batches.length}s`)
      for (const [i, records] of results.entries()) {
        const texts = records.map(batch => batch.map(record => JSON.stringify(record)))
        if (sorted) for (const batch of texts) batch.sort()
        exactly(`[${texts.map(batch => `[${batch}]`)}]`, chains[i]![1], `${chains[i]![0]}:`)
      }
    },
    { defaultParallelism: partitions },
  )
}

const NUMBERS = [[1, 2, 3, 4], [5], []]
const PAIRS = ['aab', '__', ''].map(keys => [...keys].map((key, i): [string, number] => [key, i]))

test('row by row: map, flatMap, filter, keyBy, with captures', () => {
  const limit = 2
  return check(NUMBERS, [
    [s => s.map(x => x * limit, { limit }), '[[2,4,6,8],[10],[]]'],
    [s => s.flatMap(x => [x, -x]), '[[1,-1,2,-2,3,-3,4,-4],[5,-5],[]]'],
    [s => s.filter(x => x > limit, { limit }), '[[3,4],[5],[]]'],
    [s => s.filter(x => x % 2), '[[1,3],[5],[]]'],
    [s => s.keyBy(x => x > limit, { limit }), '[[[false,1],[false,2],[true,3],[true,4]],[[true,5]],[]]'],
  ])
})

test('by partition: mapPartitions, mapPartitionsWithIndex, glom, repartition', () => {
  const sums = (records: Iterable<number>): number[] => {
    let sum = 0
    for (const x of records) sum += x
    return [sum]
  }
  return check(NUMBERS, [
    [s => s.mapPartitions(sums), '[[3,7],[0,5],[0,0]]'],
    [
      s => s.mapPartitionsWithIndex((i, xs) => [...xs].map(x => [i, x])),
      '[[[0,1],[0,2],[1,3],[1,4]],[[1,5]],[]]',
    ],
    [s => s.glom(), '[[[1,2],[3,4]],[[],[5]],[[],[]]]'],
    [s => s.repartition(3).glom().count(), '[[3],[3],[3]]'],
    [s => s.repartition(1), '[[1,2,3,4],[5],[]]'],
  ])
})

test('on pairs: keys, values, mapValues, flatMapValues, partitionBy', () =>
  check(PAIRS, [
    [s => s.keys(), '[["a","a","b"],["_","_"],[]]'],
    [s => s.values(), '[[0,1,2],[0,1],[]]'],
    [s => s.mapValues(v => v + 10), '[[["a",10],["a",11],["b",12]],[["_",10],["_",11]],[]]'],
    [s => s.flatMapValues(v => Array(v).fill(v)), '[[["a",1],["b",2],["b",2]],[["_",1]],[]]'],
    [
      s =>
        s
          .map(([k, v]) => [v, k])
          .partitionBy(2, k => k + 1)
          .keys()
          .glom(),
      '[[[1],[0,2]],[[1],[0]],[[],[]]]',
    ],
  ]))

test('by key: reduceByKey, groupByKey, combineByKey, distinct, countByValue', () =>
  check(
    PAIRS,
    [
      [s => s.reduceByKey((a, b) => a + b), '[[["a",1],["b",2]],[["_",1]],[]]'],
      [s => s.groupByKey(), '[[["a",[0,1]],["b",[2]]],[["_",[0,1]]],[]]'],
      [s => s.keys().distinct(), '[["a","b"],["_"],[]]'],
      [s => s.keys().countByValue(), '[[["a",2],["b",1]],[["_",2]],[]]'],
      [
        s =>
          s.combineByKey(
            v => `${v}`,
            (c, v) => `${c}+${v}`,
            (a, b) => `${a}|${b}`,
          ),
        // Two partitions: the first has the first record, the second the others.
        '[[["a","0|1"],["b","2"]],[["_","0|1"]],[]]',
      ],
    ],
    { sorted: true },
  ))

test('a result has numPartitions partitions; by default, defaultParallelism', () =>
  check(
    PAIRS,
    [
      [
        s =>
          s
            .reduceByKey((a, b) => a + b)
            .glom()
            .count(),
        '[[3],[3],[3]]',
      ],
      [
        s =>
          s
            .reduceByKey((a, b) => a + b, 5)
            .glom()
            .count(),
        '[[5],[5],[5]]',
      ],
      [s => s.groupByKey(1).glom().count(), '[[1],[1],[1]]'],
      [s => s.countByValue(4).glom().count(), '[[4],[4],[4]]'],
      [s => s.distinct(2).glom().count(), '[[2],[2],[2]]'],
      [s => s.partitionBy().glom().count(), '[[3],[3],[3]]'],
      [
        s =>
          s
            .combineByKey(
              v => v,
              c => c,
              a => a,
              6,
            )
            .glom()
            .count(),
        '[[6],[6],[6]]',
      ],
    ],
    { partitions: 3 },
  ))

test('reduce gives nothing for an empty batch, count gives 0', () =>
  check(NUMBERS, [
    [s => s.reduce((a, b) => a + b), '[[10],[5],[]]'],
    [s => s.map(x => `${x}`).reduce((a, b) => a + b), '[["1234"],["5"],[]]'],
    [s => s.count(), '[[4],[1],[0]]'],
  ]))

test('union gives the records of streams in order', async () => {
  await check(NUMBERS, [
    [s => s.union(s.map(x => x * 10)), '[[1,2,3,4,10,20,30,40],[5,50],[]]'],
    [(s, { ssc }) => ssc.union(s, s, ssc.queueStream([[7]])), '[[1,2,3,4,1,2,3,4,7],[5,5],[]]'],
  ])
  await withStreaming(async ({ ssc }) => {
    const stream = ssc.queueStream([[1]])
    assert.is(ssc.union(stream), stream)
    await fails(() => ssc.union(), 'MILLRACE_OPTION', /should have at least one DStream to union/)
    await fails(() => stream.union([] as never), 'MILLRACE_OPTION', /a DStream for union/)
    await fails(() => ssc.union(stream, 1 as never), 'MILLRACE_OPTION', /DStreams, .* for union/)
  })
})

test('transform runs an ordinary closure on the driver with the RDD and the time of each batch', async () => {
  const seen: number[] = []
  const tagged: Chain<number> = s =>
    s.transform((rdd, time) => {
      seen.push(time)
      return rdd.map(x => x + time, { time })
    })
  await check(NUMBERS, [[tagged, '[[1001,1002,1003,1004],[2005],[]]']])
  exactly(seen, [1000, 2000, 3000])
})

test('transformWith and transform of several streams get the RDDs in order, then the time', () =>
  check(
    [[1], [2]],
    [
      [
        (s, { ssc, sc }) =>
          s
            .map(x => `${x}`)
            .transformWith(ssc.queueStream([['x'], ['y']]), (a, b, time) =>
              sc.union([a, b, sc.parallelize([`${time}`])]),
            ),
        '[["1","x","1000"],["2","y","2000"]]',
      ],
      [
        (s, { ssc, sc }) =>
          ssc.transform([s, ssc.queueStream([[10], [20]])], ([a, b], time) =>
            sc.union([b!, a!]).map(x => (x as number) + time, { time }),
          ),
        '[[1010,1001],[2020,2002]]',
      ],
    ],
  ))

test('what cannot be transformed is refused', () =>
  withStreaming(async ({ ssc }) => {
    const stream = ssc.queueStream([[1]])
    await fails(
      () => ssc.transform([], () => undefined as never),
      'MILLRACE_OPTION',
      /List of DStreams to transform is empty/,
    )
    await fails(
      () => ssc.transform(stream as never, () => undefined as never),
      'MILLRACE_OPTION',
      /an array of DStreams/,
    )
    await fails(() => stream.transform(5 as never), 'MILLRACE_OPTION', /a function for transform/)
    await fails(() => stream.transformWith(5 as never, rdd => rdd), 'MILLRACE_OPTION', /a DStream/)
    await fails(() => stream.foreachRDD('no' as never), 'MILLRACE_OPTION', /a function for foreachRDD/)
    await fails(() => stream.repartition(0), 'MILLRACE_OPTION', /must be positive/)
    await fails(() => stream.pprint(-1), 'MILLRACE_OPTION', />= 0/)
    await fails(() => stream.map(7 as never), 'MILLRACE_OPTION', /a function for map/)
  }))

test('streams and RDDs of different contexts do not mix', () =>
  withStreaming(async ({ ssc, clock }) => {
    const sc = new Context({ threads: 1, memory: '32MiB' })
    try {
      const [own, foreign] = [ssc.queueStream([[1]]), new StreamingContext(sc, '1s').queueStream([[1]])]
      const text = /Array of parents have different StreamingContexts/
      await fails(() => own.union(foreign), 'MILLRACE_OPTION', text)
      await fails(() => own.transformWith(foreign, a => a), 'MILLRACE_OPTION', text)
      recordsOf(own.transform(() => sc.parallelize([1])))
      await ssc.start()
      await clock.advance('1s')
      await fails(ssc.awaitTermination(), 'MILLRACE_BATCH', /another Context/)
    } finally {
      await sc.stop()
    }
  }))

test('a persisted stream computes each batch once for all its outputs', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const computed = sc.accumulator(0)
    const stream = ssc
      .queueStream([[1, 2], [3]])
      .map(
        x => {
          computed.add(1)
          return x + 1
        },
        { computed },
      )
      .cache()
    const [plain, summed] = [recordsOf(stream), recordsOf(stream.reduce((a, b) => a + b))]
    await ssc.start()
    await clock.advance('2s')
    exactly(
      [plain, summed],
      [
        [[2, 3], [4]],
        [[5], [4]],
      ],
    )
    assert.is(computed.value, 3)
  }))

test.run()
