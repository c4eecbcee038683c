import type { BatchInfo, OutputOperationInfo, StreamingListener } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'
import { FreeClock } from '../support/free-clock.js'
import { deferred, timesOf, until, withClock, withStreaming } from '../support/with-streaming.js'

const EVENTS = [
  'onStreamingStarted',
  'onReceiverStarted',
  'onReceiverError',
  'onReceiverStopped',
  'onBatchSubmitted',
  'onBatchStarted',
  'onBatchCompleted',
  'onOutputOperationStarted',
  'onOutputOperationCompleted',
] as const

type Event = (typeof EVENTS)[number]
type Told<E extends Event> = Parameters<NonNullable<StreamingListener[E]>>[0]
type InfoOf<E extends Event> = Told<E>[keyof Told<E>]

/** A listener that keeps all that it is told. */
function recorder() {
  const events: [Event, unknown][] = []
  const listener = Object.fromEntries(
    EVENTS.map(name => [
      name,
      (event: object) => events.push([name, structuredClone(Object.values(event)[0])]),
    ]),
  ) as StreamingListener
  const of = <E extends Event>(name: E): InfoOf<E>[] =>
    events.flatMap(([n, info]) => (n === name ? [info as InfoOf<E>] : []))
  return { listener, events, of }
}

test('a batch is submitted, started, its outputs run one by one, and it is completed', () =>
  withStreaming(async ({ ssc, clock }) => {
    const { listener, events } = recorder()
    ssc.addStreamingListener(listener)
    const stream = ssc.queueStream([[1, 2, 3]])
    stream.foreachRDD(() => {})
    stream.count().foreachRDD(async rdd => void (await rdd.collect()))
    await ssc.start()
    await clock.advance('1s')
    exactly(
      events.map(([name, info]) => {
        const { id, batchTime } = info as { id?: number; batchTime?: number }
        return [name, id ?? batchTime ?? info]
      }),
      [
        ['onStreamingStarted', 0],
        ['onBatchSubmitted', 1000],
        ['onBatchStarted', 1000],
        ['onOutputOperationStarted', 0],
        ['onOutputOperationCompleted', 0],
        ['onOutputOperationStarted', 1],
        ['onOutputOperationCompleted', 1],
        ['onBatchCompleted', 1000],
      ],
    )
  }))

test('times and delays of a batch are those of the clock; what is not known yet is -1', () =>
  withClock(new FreeClock(), async ({ ssc, clock }) => {
    const { listener, of } = recorder()
    ssc.addStreamingListener(listener)
    const gates = [deferred(), deferred()]
    const begun: number[] = []
    ssc.queueStream([[1], [2, 3]]).foreachRDD(async (_, time) => {
      begun.push(time)
      await gates[begun.length - 1]!.promise
    })
    await ssc.start()
    clock.pass(1000)
    await until(() => begun.length === 1)
    clock.pass(1000)
    await until(() => of('onBatchSubmitted').length === 2)
    clock.pass(500)
    gates[0]!.resolve()
    await until(() => begun.length === 2)
    clock.pass(200)
    gates[1]!.resolve()
    await until(() => of('onBatchCompleted').length === 2)
    const delays = ({ schedulingDelay, processingDelay, totalDelay }: BatchInfo): number[] => [
      schedulingDelay,
      processingDelay,
      totalDelay,
    ]
    exactly(of('onBatchSubmitted').map(delays), [
      [-1, -1, -1],
      [-1, -1, -1],
    ])
    exactly(of('onBatchStarted').map(delays), [
      [0, -1, -1],
      [500, -1, -1],
    ])
    exactly(of('onBatchCompleted').map(delays), [
      [0, 1500, 1500],
      [500, 200, 700],
    ])
    const info = of('onBatchCompleted')[1]!
    exactly(
      [
        info.batchTime,
        info.submissionTime,
        info.processingStartTime,
        info.processingEndTime,
        info.numRecords,
      ],
      [2000, 2000, 2500, 2700, 2],
    )
    exactly(
      [...info.streamIdToInputInfo],
      [[0, { inputStreamId: 0, numRecords: 2, metadata: {}, metadataDescription: undefined }]],
    )
    exactly(
      [...info.outputOperationInfos.values()].map(o => [
        o.batchTime,
        o.id,
        o.startTime,
        o.endTime,
        o.duration,
        o.failureReason,
      ]),
      [[2000, 0, 2500, 2700, 200, null]],
    )
    assert.match(info.outputOperationInfos.get(0)!.name, /^foreachRDD at listeners\.test\.[jt]s:\d+$/)
  }))

test('a batch has all its outputs from the submission on, each with what is known of it then', () =>
  withStreaming(async ({ ssc, clock }) => {
    const told: [Event, BatchInfo][] = []
    const tell =
      (event: Event) =>
      ({ batchInfo }: { batchInfo: BatchInfo }) =>
        void told.push([event, batchInfo])
    ssc.addStreamingListener({
      onBatchSubmitted: tell('onBatchSubmitted'),
      onBatchStarted: tell('onBatchStarted'),
      onBatchCompleted: tell('onBatchCompleted'),
    })
    const stream = ssc.queueStream([[1]])
    timesOf(stream)
    timesOf(stream.window('2s', '2s'))
    await ssc.start()
    await clock.advance('2s')
    // What a listener keeps is not changed by what comes later.
    exactly(
      told.map(([event, { batchTime, outputOperationInfos }]) => [
        event,
        batchTime,
        Array.from(outputOperationInfos, ([id, o]) => [id, o.id, o.batchTime, o.startTime, o.endTime]),
      ]),
      [
        ['onBatchSubmitted', 1000, [[0, 0, 1000, -1, -1]]],
        ['onBatchStarted', 1000, [[0, 0, 1000, -1, -1]]],
        ['onBatchCompleted', 1000, [[0, 0, 1000, 1000, 1000]]],
        ...(['onBatchSubmitted', 'onBatchStarted'] as const).map(event => [
          event,
          2000,
          [
            [0, 0, 2000, -1, -1],
            [1, 1, 2000, -1, -1],
          ],
        ]),
        [
          'onBatchCompleted',
          2000,
          [
            [0, 0, 2000, 2000, 2000],
            [1, 1, 2000, 2000, 2000],
          ],
        ],
      ],
    )
    for (const [, { outputOperationInfos }] of told)
      for (const { name, failureReason } of outputOperationInfos.values()) {
        assert.match(name, /^foreachRDD at /)
        assert.is(failureReason, null)
      }
  }))

test('a failed output says why; the batch is completed all the same', () =>
  withStreaming(async ({ ssc, clock }) => {
    const { listener, of } = recorder()
    ssc.addStreamingListener(listener)
    const stream = ssc.queueStream([[1]])
    stream.foreachRDD(() => {
      throw new Error('no luck')
    })
    const times = timesOf(stream)
    await ssc.start()
    await clock.advance('1s')
    const [failed, fine] = of('onOutputOperationCompleted') as [OutputOperationInfo, OutputOperationInfo]
    assert.match(failed.failureReason!, /no luck/)
    assert.is(fine.failureReason, null)
    const batch = of('onBatchCompleted')[0]!
    exactly(
      [...batch.outputOperationInfos.values()].map(o => o.failureReason !== null),
      [true, false],
    )
    exactly(times, [1000])
  }))

test('records are counted by input stream, whatever the outputs read; functions count once', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const { listener, of } = recorder()
    ssc.addStreamingListener(listener)
    const calls = sc.accumulator(0)
    const mapped = sc.parallelize([1, 2, 3]).map(
      x => {
        calls.add(1)
        return x
      },
      { calls },
    )
    const queue = ssc.queueStream([mapped, sc.range(100), [1, 2]])
    const all = queue.union(ssc.from([7, 8]))
    all.foreachRDD(async rdd => void (await rdd.collect()))
    await ssc.start()
    await new Promise(setImmediate)
    await clock.advance('4s')
    exactly(
      of('onBatchCompleted').map(info => info.numRecords),
      [5, 100, 2, 0],
    )
    exactly(
      of('onBatchCompleted').map(info => [...info.streamIdToInputInfo.values()].map(i => i.numRecords)),
      [
        [3, 2],
        [100, 0],
        [2, 0],
        [0, 0],
      ],
    )
    assert.is(calls.value, 3)
  }))

test('a batch whose plan cannot be made is neither submitted nor completed', () =>
  withStreaming(async ({ ssc, clock }) => {
    const { listener, of } = recorder()
    ssc.addStreamingListener(listener)
    timesOf(
      ssc.queueStream([[1], [2]]).transform((rdd, time) => (time === 1000 ? (undefined as never) : rdd)),
    )
    await ssc.start()
    await clock.advance('2s')
    for (const name of ['onBatchSubmitted', 'onBatchStarted', 'onBatchCompleted'] as const)
      exactly(
        of(name).map(info => info.batchTime),
        [2000],
        name,
      )
  }))

test('a listener that throws, now or later, is warned of, and the others and the stream go on', () =>
  withStreaming(async ({ ssc, clock }) => {
    const warnings: string[] = []
    const listen = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', listen)
    try {
      const { listener, of } = recorder()
      ssc.addStreamingListener({
        onBatchStarted() {
          throw new Error('at once')
        },
        onBatchCompleted: async () => {
          await new Promise(setImmediate)
          throw new Error('later')
        },
      })
      ssc.addStreamingListener(listener)
      const times = timesOf(ssc.queueStream([]))
      await ssc.start()
      await clock.advance('2s')
      await until(() => warnings.length === 4)
      exactly(warnings.sort(), [
        ...Array(2).fill('a StreamingListener threw in onBatchCompleted: later'),
        ...Array(2).fill('a StreamingListener threw in onBatchStarted: at once'),
      ])
      exactly([times, of('onBatchCompleted').length], [[1000, 2000], 2])
      await ssc.stop()
      await ssc.awaitTermination()
    } finally {
      process.off('warning', listen)
    }
  }))

test('methods are called on their object, and all are optional; listeners may come while the context runs', () =>
  withStreaming(async ({ ssc, clock }) => {
    class Counting implements StreamingListener {
      batches = 0
      onBatchCompleted(): void {
        this.batches++
      }
    }
    const [early, late] = [new Counting(), new Counting()]
    ssc.addStreamingListener(early)
    ssc.addStreamingListener({})
    timesOf(ssc.queueStream([]))
    await ssc.start()
    await clock.advance('1s')
    ssc.addStreamingListener(late)
    await clock.advance('1s')
    exactly([early.batches, late.batches], [2, 1])
  }))

test('a listener may stop the context', () =>
  withStreaming(async ({ ssc, clock }) => {
    const times = timesOf(ssc.queueStream([]))
    ssc.addStreamingListener({
      onBatchCompleted: ({ batchInfo }) => {
        if (batchInfo.batchTime === 2000) void ssc.stop()
      },
    })
    await ssc.start()
    await clock.advance('4s')
    await ssc.awaitTermination()
    exactly(times, [1000, 2000])
  }))

test.run()
