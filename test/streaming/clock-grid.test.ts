import { Context, StreamingContext } from 'millrace'
import { ManualClock } from 'millrace/testing'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'
import { deferred, recordsOf, timesOf, withStreaming } from '../support/with-streaming.js'

test('the first batch ends one duration after the grid point before the start', () =>
  withStreaming(async ({ ssc, clock }) => {
    const times = timesOf(ssc.queueStream([]))
    await ssc.start()
    await clock.advance('999ms')
    exactly(times, [])
    await clock.advance('1ms')
    exactly(times, [1000])
    await clock.advance('2s')
    exactly(times, [1000, 2000, 3000])
  }))

test('batch times are multiples of the duration since the epoch, whenever the start was', () =>
  withStreaming(
    async ({ ssc, clock }) => {
      const times = timesOf(ssc.queueStream([]))
      await clock.advance('1795390194123ms')
      await ssc.start()
      await clock.advance('1s')
      exactly(times, [1795390194400, 1795390194800])
    },
    { batch: '400ms' },
  ))

test('a start on a grid point has its first batch one duration later', () =>
  withStreaming(async ({ ssc, clock }) => {
    const times = timesOf(ssc.queueStream([]))
    await clock.advance('5s')
    await ssc.start()
    await clock.advance('1s')
    exactly(times, [6000])
  }))

test('no batch is left out, however far the clock jumps; each takes its own RDD of a queue', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream(Array.from({ length: 50 }, (_, i) => [i]))
    const [times, records] = [timesOf(stream), recordsOf(stream)]
    await ssc.start()
    await clock.advance('50s')
    exactly(
      times,
      Array.from({ length: 50 }, (_, i) => 1000 * (i + 1)),
    )
    exactly(
      records,
      Array.from({ length: 50 }, (_, i) => [i]),
    )
  }))

test('a late batch delays the next ones and none is left out', () =>
  withStreaming(async ({ ssc, clock }) => {
    const gate = deferred()
    const [begun, ended]: number[][] = [[], []]
    ssc.queueStream([]).foreachRDD(async (_, time) => {
      begun!.push(time)
      if (time === 1000) await gate.promise
      ended!.push(time)
    })
    await ssc.start()
    const first = clock.advance('1s')
    const rest = clock.advance('3s')
    await new Promise(setImmediate)
    exactly([begun, ended], [[1000], []])
    gate.resolve()
    await Promise.all([first, rest])
    exactly([begun, ended], Array(2).fill([1000, 2000, 3000, 4000]))
  }))

test('a system clock makes batches at multiples of the duration, and catches up after the loop was blocked', async () => {
  const sc = new Context({ threads: 1, memory: '32MiB' })
  const ssc = new StreamingContext(sc, '50ms')
  try {
    const times: number[] = []
    const enough = deferred()
    ssc.queueStream([]).foreachRDD((_, time) => {
      times.push(time)
      if (times.length === 1) for (const end = Date.now() + 260; Date.now() < end; );
      if (times.length === 8) enough.resolve()
    })
    const started = Date.now()
    await ssc.start()
    await enough.promise
    const [first] = times as [number]
    assert.is(first % 50, 0)
    assert.ok(first > started)
    exactly(
      times.slice(0, 8),
      Array.from({ length: 8 }, (_, i) => first + 50 * i),
    )
  } finally {
    await ssc.stop()
  }
})

test('a manual clock starts at 0, goes through what falls due in order, and waits for it', async () => {
  const clock = new ManualClock()
  const log: string[] = []
  const at = (
    time: number,
    action: () => unknown = () => log.push(`${time} at ${clock.now()}`),
  ): (() => void) => clock.at(time, action)
  at(30)
  at(10, async () => {
    await new Promise(setImmediate)
    log.push(`10 at ${clock.now()}`)
    at(20)
  })
  const cancel = at(25)
  cancel()
  assert.is(clock.now(), 0)
  await clock.advance('30ms')
  exactly(log, ['10 at 10', '20 at 20', '30 at 30'])
  assert.is(clock.now(), 30)
})

test.run()
