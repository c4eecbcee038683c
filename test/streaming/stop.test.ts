import { StreamingContext } from 'millrace'
import { ManualClock } from 'millrace/testing'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { FreeClock } from '../support/free-clock.js'
import {
  deferred,
  recordsOf,
  type Streaming,
  timesOf,
  until,
  withClock,
  withStreaming,
} from '../support/with-streaming.js'

/** Three batches that are due, the first of which waits at a gate, each with a second output. */
async function threeBatches({ ssc, clock }: Streaming<FreeClock>, { ticks = true } = {}) {
  const gate = deferred()
  const [begun, ended]: [number[], number[]] = [[], []]
  const stream = ssc.queueStream([])
  stream.foreachRDD(async (_, time) => {
    begun.push(time)
    await gate.promise
    ended.push(time)
  })
  const second = timesOf(stream)
  await ssc.start()
  clock.pass(1000)
  await until(() => begun.length === 1)
  clock.pass(2500, { ticks })
  return { gate, begun, ended, second }
}

test('an immediate stop lets the output that runs finish, and drops all that has not begun', () =>
  withClock(new FreeClock(), async streaming => {
    const { ssc } = streaming
    const { gate, begun, ended, second } = await threeBatches(streaming)
    const stopping = ssc.stop()
    await new Promise(setImmediate)
    assert.is(ssc.state, 'active')
    gate.resolve()
    await stopping
    exactly([begun, ended, second], [[1000], [1000], []])
    assert.is(ssc.state, 'stopped')
    await ssc.awaitTermination()
  }))

test('an immediate stop waits two seconds for an output that hangs, or as long as it is told', async () => {
  for (const [options, ms] of [
    [{}, 2000],
    [{ timeout: '100ms' }, 100],
  ] as const) {
    await withClock(new FreeClock(), async streaming => {
      const { ssc, clock } = streaming
      await threeBatches(streaming)
      const stopping = ssc.stop(options)
      clock.pass(ms - 1)
      await new Promise(setImmediate)
      assert.is(ssc.state, 'active')
      clock.pass(1)
      await stopping
      assert.is(ssc.state, 'stopped')
    })
  }
})

test('a graceful stop finishes every batch that is due, also when its tick is late', async () => {
  for (const ticks of [true, false]) {
    await withClock(new FreeClock(), async streaming => {
      const { ssc } = streaming
      const { gate, begun, ended, second } = await threeBatches(streaming, { ticks })
      const stopping = ssc.stop({ gracefully: true })
      gate.resolve()
      await stopping
      for (const times of [begun, ended, second]) exactly(times, [1000, 2000, 3000])
    })
  }
})

test('a graceful stop makes one more batch of what was accepted since the last tick, and none otherwise', () =>
  withStreaming(async ({ ssc, clock }) => {
    const source = new TransformStream<number, number>()
    const writer = source.writable.getWriter()
    const stream = ssc.from(source.readable)
    const [records, times] = [recordsOf(stream), timesOf(stream)]
    await ssc.start()
    await writer.write(1)
    await clock.advance('1s')
    await writer.write(2)
    await writer.write(3)
    await new Promise(setImmediate)
    await ssc.stop({ gracefully: true })
    exactly(
      [records, times],
      [
        [[1], [2, 3]],
        [1000, 2000],
      ],
    )
    assert.is(clock.now(), 1000)
  }))

test('a graceful stop does not wait for a tick, and does not drain a queue', () =>
  withStreaming(async ({ ssc, clock }) => {
    const records = recordsOf(ssc.queueStream([[1], [2], [3]]))
    await ssc.start()
    await clock.advance('1s')
    await ssc.stop({ gracefully: true })
    exactly(records, [[1]])
  }))

test('a graceful stop whose time is over warns, drops the rest, and leaves no error behind', () =>
  withClock(new FreeClock(), async streaming => {
    const { ssc, clock } = streaming
    const { gate, begun, ended } = await threeBatches(streaming)
    const warned = new Promise<Error>(resolve => process.once('warning', resolve))
    const stopping = ssc.stop({ gracefully: true, timeout: '3s', stopContext: false })
    clock.pass(2999)
    await new Promise(setImmediate)
    assert.is(ssc.state, 'active')
    clock.pass(1)
    await stopping
    assert.match((await warned).message, /a graceful stop has waited for 3000 ms, and drops what is left/)
    gate.resolve()
    await until(() => ended.length > 0)
    await new Promise(setImmediate)
    exactly([begun, ended], [[1000], [1000]])
    await ssc.awaitTermination()
  }))

test('an immediate stop during a graceful one drops what is left', () =>
  withClock(new FreeClock(), async streaming => {
    const { ssc } = streaming
    const { gate, begun } = await threeBatches(streaming)
    const stops = [ssc.stop({ gracefully: true }), ssc.stop()]
    gate.resolve()
    await Promise.all(stops)
    exactly(begun, [1000])
    await ssc.awaitTermination()
  }))

test('an output may stop its own context, at once', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2], [3]])
    const ended: number[] = []
    stream.foreachRDD(async (rdd, time) => {
      if (time === 2000) await ssc.stop()
      if (time < 2000) await rdd.count()
      ended.push(time)
    })
    const second = timesOf(stream)
    await ssc.start()
    await clock.advance('3s')
    await ssc.awaitTermination()
    exactly([ended, second], [[1000, 2000], [1000]])
    assert.is(ssc.state, 'stopped')
  }))

test('an output may stop its own context gracefully; all is done when awaitTermination resolves', () =>
  withClock(new FreeClock(), async ({ sc, ssc, clock }) => {
    const gate = deferred()
    const sums: number[] = []
    ssc.queueStream([[1], [2], [3], [4]]).foreachRDD(async (rdd, time) => {
      if (time === 1000) {
        await gate.promise
        await ssc.stop({ gracefully: true, stopContext: false })
        assert.is(ssc.state, 'active')
      }
      sums.push(await rdd.sum())
    })
    await ssc.start()
    clock.pass(3000)
    const done = ssc.awaitTermination()
    gate.resolve()
    await done
    exactly(sums, [1, 2, 3])
    assert.is(ssc.state, 'stopped')
    assert.is(await sc.range(5).count(), 5)
  }))

test('a timer that an output left behind waits for the stop as anybody does', () =>
  withClock(new FreeClock(), async ({ ssc, clock }) => {
    const gate = deferred()
    const begun: number[] = []
    let stopping: Promise<void> | undefined
    ssc.queueStream([]).foreachRDD(async (_, time) => {
      begun.push(time)
      if (time === 1000)
        setImmediate(() => {
          stopping = ssc.stop({ gracefully: true })
        })
      else await gate.promise
    })
    await ssc.start()
    clock.pass(1000)
    await until(() => begun.length === 1)
    clock.pass(1000)
    await until(() => begun.length === 2 && stopping !== undefined)
    const late = Promise.race([stopping, new Promise(resolve => setImmediate(resolve, 'late'))])
    assert.is(await late, 'late')
    gate.resolve()
    await stopping
  }))

test('the Context goes on with stopContext false, and a later stop ends it', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    timesOf(ssc.queueStream([]))
    await ssc.start()
    await ssc.stop({ stopContext: false })
    assert.is(await sc.range(10).count(), 10)
    const next = new StreamingContext(sc, '1s')
    const records = recordsOf(next.queueStream([[1]]))
    await next.start()
    await clock.advance('1s')
    exactly(records, [[1]])
    await ssc.stop()
    await fails(sc.range(10).count(), 'MILLRACE_STOPPED')
    assert.is(next.state, 'stopped')
  }))

test('stop before start, and any number of stops, are fine', () =>
  withStreaming(async ({ ssc }) => {
    const waiting = ssc.awaitTermination()
    await Promise.all([ssc.stop(), ssc.stop({ gracefully: true })])
    await waiting
    await ssc.stop()
    assert.is(ssc.state, 'stopped')
  }))

test('a stop while the context starts ends the start', () =>
  withStreaming(async ({ ssc, clock }) => {
    const returned: string[] = []
    const times = timesOf(
      ssc.from({
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<IteratorResult<number>>(() => {}),
          return: async () => {
            returned.push('return')
            return { done: true, value: undefined }
          },
        }),
      }),
    )
    const starting = fails(ssc.start(), 'MILLRACE_STOPPED', /while it was starting|the Context was stopped/)
    await Promise.all([starting, ssc.stop()])
    await clock.advance('2s')
    exactly(times, [])
    assert.ok(returned.length <= 1)
  }))

test('a graceful stop while the context starts makes no batches', () =>
  withClock(new FreeClock(), async ({ ssc, clock }) => {
    clock.pass(5000)
    const times = timesOf(ssc.from([1]))
    const starting = fails(ssc.start(), 'MILLRACE_STOPPED', /while it was starting|the Context was stopped/)
    await Promise.all([starting, ssc.stop({ gracefully: true })])
    exactly(times, [])
  }))

test('Context.stop stops its streaming contexts', () =>
  withClock(new ManualClock(), async ({ sc, ssc, clock }) => {
    const times = timesOf(ssc.queueStream([]))
    await ssc.start()
    await clock.advance('1s')
    await sc.stop()
    assert.is(ssc.state, 'stopped')
    await clock.advance('1s')
    exactly(times, [1000])
  }))

test.run()
