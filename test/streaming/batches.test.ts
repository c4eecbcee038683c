import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { FreeClock } from '../support/free-clock.js'
import { deferred, recordsOf, timesOf, until, withClock, withStreaming } from '../support/with-streaming.js'

test('a loop gets every batch with its time and RDD, and ends when the context stops', () =>
  withStreaming(async ({ ssc, clock }) => {
    const batches = ssc.queueStream([[1, 2], [3], []]).batches()
    const seen: [number, number[]][] = []
    const loop = (async () => {
      for await (const { time, rdd } of batches) seen.push([time, await rdd.collect()])
    })()
    await ssc.start()
    await clock.advance('3s')
    await ssc.stop()
    await loop
    exactly(seen, [
      [1000, [1, 2]],
      [2000, [3]],
      [3000, []],
    ])
  }))

test('a batch waits for its consumer, and the next batches wait for it', () =>
  withClock(new FreeClock(), async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2]])
    const iterator = stream.batches()[Symbol.asyncIterator]()
    const after = timesOf(stream)
    await ssc.start()
    clock.pass(2000)
    const first = await iterator.next()
    assert.is(first.value?.time, 1000)
    for (let i = 0; i < 20; i++) await new Promise(setImmediate)
    exactly(after, [])
    exactly(await first.value!.rdd.collect(), [1])
    const second = await iterator.next()
    exactly(after, [1000])
    exactly(await second.value!.rdd.collect(), [2])
  }))

test('leaving the loop lets the stream go on without it', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2], [3]])
    const batches = stream.batches()
    const all = recordsOf(stream)
    await ssc.start()
    const advancing = clock.advance('3s')
    for await (const { time } of batches) if (time === 2000) break
    await advancing
    exactly(all, [[1], [2], [3]])
    for await (const _ of batches) assert.unreachable('it is over')
  }))

test('an error in the loop leaves it, too', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2]])
    const batches = stream.batches()
    const all = recordsOf(stream)
    await ssc.start()
    const advancing = clock.advance('2s')
    const loop = async (): Promise<void> => {
      for await (const { time } of batches) throw new Error(`at ${time}`)
    }
    await loop().catch(error => assert.is(error.message, 'at 1000'))
    await advancing
    exactly(all, [[1], [2]])
    await ssc.stop()
    await ssc.awaitTermination()
  }))

test('next may be called ahead, and after the end', () =>
  withStreaming(async ({ ssc, clock }) => {
    const iterator = ssc
      .queueStream([[1], [2]])
      .batches()
      [Symbol.asyncIterator]()
    await ssc.start()
    const results = [iterator.next(), iterator.next(), iterator.next()]
    await clock.advance('2s')
    await ssc.stop()
    exactly(
      (await Promise.all(results)).map(({ done, value }) => [done, value?.time]),
      [
        [false, 1000],
        [false, 2000],
        [true, undefined],
      ],
    )
    exactly(await iterator.next(), { done: true, value: undefined })
    exactly(await iterator.return!(), { done: true, value: undefined })
  }))

test('an immediate stop does not wait for a consumer that does not come', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2]])
    const iterator = stream.batches()[Symbol.asyncIterator]()
    stream.batches() // nobody ever asks this one
    await ssc.start()
    void clock.advance('2s')
    await iterator.next()
    await ssc.stop()
    exactly(await iterator.next(), { done: true, value: undefined })
  }))

test('a graceful stop waits until the consumer has had every batch that is due', () =>
  withClock(new FreeClock(), async ({ ssc, clock }) => {
    const batches = ssc.queueStream([[1], [2], [3]]).batches()
    const gate = deferred()
    const seen: number[] = []
    const loop = (async () => {
      for await (const { rdd } of batches) {
        await gate.promise
        seen.push(await rdd.sum())
      }
    })()
    await ssc.start()
    clock.pass(3000)
    const stopping = ssc.stop({ gracefully: true })
    gate.resolve()
    await stopping
    exactly(seen, [1, 2, 3])
    await loop
  }))

test('the loop may stop the context, and gets what a graceful stop still finishes', async () => {
  for (const gracefully of [true, false]) {
    await withClock(new FreeClock(), async ({ ssc, clock }) => {
      const batches = ssc.queueStream([[1], [2], [3], [4]]).batches()
      const seen: number[] = []
      await ssc.start()
      clock.pass(3000)
      for await (const { time, rdd } of batches) {
        seen.push(await rdd.sum())
        if (time === 1000) await ssc.stop({ gracefully })
      }
      exactly(seen, gracefully ? [1, 2, 3] : [1])
      await ssc.awaitTermination()
      assert.is(ssc.state, 'stopped')
      // Outside of the loop, a stop waits again.
      await ssc.stop()
      await fails(ssc.context.range(1).count(), 'MILLRACE_STOPPED')
    })
  }
})

test('several loops over one batches() share its batches; each batches() has them all', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2], [3], [4]])
    const [shared, own] = [stream.batches(), stream.batches()]
    const loop = async (batches: AsyncIterable<{ time: number }>): Promise<number[]> => {
      const times: number[] = []
      for await (const { time } of batches) times.push(time)
      return times
    }
    const loops = [loop(shared), loop(shared), loop(own)]
    await ssc.start()
    await clock.advance('4s')
    await ssc.stop()
    const [a, b, all] = await Promise.all(loops)
    exactly(
      [...a!, ...b!].sort((x, y) => x - y),
      [1000, 2000, 3000, 4000],
    )
    exactly(all, [1000, 2000, 3000, 4000])
  }))

test('a loop that begins late gets the batch that waits for it', () =>
  withClock(new FreeClock(), async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2]])
    const begun: number[] = []
    stream.foreachRDD((_, time) => {
      begun.push(time)
    })
    const batches = stream.batches()
    await ssc.start()
    clock.pass(2000)
    await until(() => begun.length === 1)
    const times: number[] = []
    for await (const { time } of batches) {
      times.push(time)
      if (times.length === 2) break
    }
    exactly(times, [1000, 2000])
  }))

test.run()
