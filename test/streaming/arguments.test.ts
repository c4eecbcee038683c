import { type DStream, Receiver, StateSpec, type StreamingContext } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { withStreaming } from '../support/with-streaming.js'

/* What JavaScript, or a habit from Spark, hands over where something else is expected. */

// biome-ignore lint/suspicious/noExplicitAny: any value for any argument
type Loose = Record<string, (...args: any[]) => any>
const loose = (of: DStream<unknown> | StreamingContext): Loose => of as unknown as Loose
const pairs = (ssc: StreamingContext): Loose => loose(ssc.queueStream([[['a', 1]]]))
const add = (a: number, b: number): number => a + b

test('null stands for what is not given, as None does', () =>
  withStreaming(async ({ ssc, sc }) => {
    for (const stream of [
      pairs(ssc).reduceByKey!(add, null),
      pairs(ssc).groupByKey!(null),
      pairs(ssc).partitionBy!(null, null),
      pairs(ssc).join!(pairs(ssc), null),
      pairs(ssc).reduceByKeyAndWindow!(add, null, '1s', null, null, null),
      pairs(ssc).updateStateByKey!((ones: number[]) => ones.length, null, null),
      pairs(ssc).countByValue!(null),
    ] as DStream<unknown>[])
      stream.transform(rdd => {
        exactly(rdd.getNumPartitions(), sc.defaultParallelism)
        return rdd
      })
    pairs(ssc).pprint!(null)
    pairs(ssc).print!(null)
  }))

test('an RDD where a stream is expected is told the way to it', () =>
  withStreaming(async ({ ssc, sc }) => {
    const table = sc.parallelize([['a', 1]])
    for (const name of ['join', 'leftOuterJoin', 'cogroup', 'union'])
      await fails(
        () => pairs(ssc)[name]!(table),
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
    await fails(() => pairs(ssc).transformWith!(table), 'MILLRACE_OPTION', /a DStream .* received RDD/)
  }))

test('what Scala leaves out, or PySpark gives by its place, is refused with what is expected', () =>
  withStreaming(async ({ ssc }) => {
    const inverse = /a function, or null for none, for the inverse of reduceBy\w*Window but received "3s"/
    await fails(() => pairs(ssc).reduceByKeyAndWindow!(add, '3s', '1s'), 'MILLRACE_OPTION', inverse)
    await fails(() => pairs(ssc).reduceByWindow!(add, '3s', '1s'), 'MILLRACE_OPTION', inverse)
    await fails(() => loose(ssc).stop!(true, true), 'MILLRACE_OPTION', /an object for the options of stop/)
    await fails(() => loose(ssc).socketTextStream!('localhost', 1, null), 'MILLRACE_OPTION', /an object/)
    await fails(() => loose(ssc).union!([pairs(ssc)]), 'MILLRACE_OPTION', /one by one as in union\(a, b\)/)
    const last = /the number of partitions but received \{"x":1\}\. Captures come last/
    await fails(() => pairs(ssc).reduceByKey!(add, { x: 1 }), 'MILLRACE_OPTION', last)
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
