import { type DStream, Receiver, StateSpec, type StreamingContext } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { printed } from '../support/stdout.js'
import { withStreaming } from '../support/with-streaming.js'

/** What JavaScript lets through: any value for any argument. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Loose = Record<string, (...args: any[]) => any>
const loose = (of: DStream<unknown> | StreamingContext): Loose => of as unknown as Loose
const pairsOf = (ssc: StreamingContext): Loose => loose(ssc.queueStream(BATCHES))

const add = (a: number, b: number): number => a + b
const subtract = (a: number, b: number): number => a - b
const BATCHES: [string, number][][] = [[['a', 1]], [['b', 2]]]

test('null stands for an argument that is not given, as None does', () =>
  withStreaming(async ({ ssc, clock }) => {
    const pairs = (): Loose => loose(loose(ssc).queueStream!(BATCHES, null, null))
    const streams: DStream<unknown>[] = [
      loose(ssc).queueStream!(null),
      pairs().partitionBy!(null, null),
      pairs().reduceByKey!(add, null),
      pairs().groupByKey!(null),
      pairs().combineByKey!((x: number) => x, add, add, null),
      pairs().countByValue!(null),
      pairs().distinct!(null),
      pairs().join!(pairs(), null),
      pairs().cogroup!(pairs(), null),
      pairs().window!('2s', null),
      pairs().groupByKeyAndWindow!('2s', null, null),
      pairs().countByValueAndWindow!('2s', null, null),
      pairs().reduceByKeyAndWindow!(add, null, '2s', null, null, null),
      pairs().reduceByKeyAndWindow!(add, subtract, '2s', null, null, (pair: [string, number]) => pair[1] > 1),
      pairs().updateStateByKey!((values: number[]) => values[0], null, null),
    ]
    const counts: number[] = []
    for (const stream of streams)
      stream.foreachRDD(async rdd => {
        counts.push(await rdd.count())
      })
    pairs().pprint!(null)
    await ssc.start()
    const text = await printed(() => clock.advance('1s'))
    exactly(counts, [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1])
    exactly(text.split('\n').slice(3), ["('a', 1)", '', ''])
  }))

test('a number of partitions that is none is refused, in words of Spark where Spark has any', () =>
  withStreaming(async ({ ssc }) => {
    const pairs = loose(ssc.queueStream(BATCHES))
    for (const [wrong, pattern] of [
      [0, /Number of partitions must be positive, but received 0/],
      [-2, /Number of partitions must be positive, but received -2/],
      [1.5, /a whole number from 1 to 100000 for the number of partitions but received 1\.5/],
      ['2', /received "2"/],
    ] as const) {
      for (const action of [
        () => pairs.reduceByKey!(add, wrong),
        () => pairs.repartition!(wrong),
        () => pairs.countByValueAndWindow!('2s', '1s', wrong),
        () => StateSpec.function(() => 1).numPartitions(wrong as number),
      ])
        await fails(action, 'MILLRACE_OPTION', pattern)
    }
  }))

test('what is no function is refused where a function may be left out', () =>
  withStreaming(async ({ ssc }) => {
    const pairs = loose(ssc.queueStream(BATCHES))
    for (const wrong of [0, '', false, {}])
      for (const [name, action] of [
        ['partitionBy', () => pairs.partitionBy!(2, wrong)],
        ['reduceByWindow', () => pairs.reduceByWindow!(add, wrong, '2s')],
        ['reduceByKeyAndWindow', () => pairs.reduceByKeyAndWindow!(add, null, '2s', '1s', 2, wrong)],
      ] as const)
        await fails(
          action,
          'MILLRACE_OPTION',
          new RegExp(`a function(, or null for none,)? for (the inverse of )?${name}`),
        )
  }))

test('what is no object of options is refused, so that stop(false), as in PySpark, does not stop the Context', () =>
  withStreaming(async ({ sc, ssc }) => {
    for (const wrong of [false, true, null, 1, '1s', []]) {
      const pattern = /expected an object for the options of (stop|textFileStream|socketTextStream|from) but/
      for (const action of [
        () => loose(ssc).stop!(wrong),
        () => loose(ssc).textFileStream!('.', wrong),
        () => loose(ssc).socketTextStream!('localhost', 9999, wrong),
        () => loose(ssc).from!([], wrong),
      ])
        await fails(async () => action(), 'MILLRACE_OPTION', pattern)
    }
    exactly([ssc.state, sc.stopped], ['initialized', false])
  }))

test('an RDD where a stream is expected is told the way to it', () =>
  withStreaming(async ({ ssc, sc }) => {
    const table = sc.parallelize([['a', 1]])
    for (const name of ['join', 'leftOuterJoin', 'cogroup', 'union'])
      await fails(
        () => pairsOf(ssc)[name]!(table),
        'MILLRACE_OPTION',
        new RegExp(
          `a DStream for ${name} but received an RDD\\. .*transform\\(rdd => rdd\\.${name}\\(other\\)\\)`,
        ),
      )
    await fails(
      () => loose(table as never).join!(ssc.queueStream([[['a', 1]]])),
      'MILLRACE_OPTION',
      /expected an RDD for the argument of join but received QueueStream/,
    )
    await fails(() => pairsOf(ssc).transformWith!(table), 'MILLRACE_OPTION', /a DStream .* received RDD/)
  }))

test('what Scala leaves out, or PySpark gives by its place, is refused with what is expected', () =>
  withStreaming(async ({ ssc }) => {
    const inverse = /a function, or null for none, for the inverse of reduceBy\w*Window but received "3s"/
    await fails(() => pairsOf(ssc).reduceByKeyAndWindow!(add, '3s', '1s'), 'MILLRACE_OPTION', inverse)
    await fails(() => pairsOf(ssc).reduceByWindow!(add, '3s', '1s'), 'MILLRACE_OPTION', inverse)
    await fails(() => loose(ssc).stop!(true, true), 'MILLRACE_OPTION', /an object for the options of stop/)
    await fails(() => loose(ssc).socketTextStream!('localhost', 1, null), 'MILLRACE_OPTION', /an object/)
    await fails(() => loose(ssc).union!([pairsOf(ssc)]), 'MILLRACE_OPTION', /one by one as in union\(a, b\)/)
    const last = /the number of partitions but received \{"x":1\}\. Captures come last/
    await fails(() => pairsOf(ssc).reduceByKey!(add, { x: 1 }), 'MILLRACE_OPTION', last)
    await fails(() => StateSpec.function(() => 1).numPartitions({ x: 1 } as never), 'MILLRACE_OPTION', last)
    await fails(
      () => ssc.queueStream([]).window(Number.NaN as never),
      'MILLRACE_DURATION',
      /with its unit, .* but received NaN\.$/,
    )
    const Silent = Receiver as unknown as new () => Receiver<string>
    await fails(
      () => ssc.receiverStream(new Silent()),
      'MILLRACE_OPTION',
      /a Receiver with onStart and onStop/,
    )
  }))

test.run()
