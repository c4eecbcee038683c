import { setTimeout as sleep } from 'node:timers/promises'
import { Receiver } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { LineServer } from '../support/line-server.js'
import { recordsOf, timesOf, withStreaming } from '../support/with-streaming.js'

const SMALL = { memory: '16MiB' } as const

/** Texts of so many bytes in all, in records of 100 kB. */
const texts = (bytes: number): string[] =>
  Array.from({ length: bytes / 1e5 }, (_, i) => `${i}`.padEnd(1e5, 'x'))

test('a batch that does not fit fails with the need, the limit and the option; later batches go on', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([['a'], texts(3e7), ['b']])
    const [records, times] = [recordsOf(stream), timesOf(stream)]
    await ssc.start()
    await clock.advance('4s')
    exactly(records, [['a'], ['b'], []])
    exactly(times, [1000, 2000, 3000, 4000])
    const error = await fails(
      ssc.awaitTermination(),
      'MILLRACE_HEAP_FULL',
      /MiB more in one piece are needed, .* of 16.0 MiB are in use\. Raise the Context option 'memory', or make batches smaller\. \(batch 2000 ms, foreachRDD at /,
    )
    exactly([error.batchTime, error.retryable], [2000, true])
  }, SMALL))

test('from() waits for batches to give memory back, and loses nothing', () =>
  withStreaming(async ({ ssc, clock }) => {
    const all = texts(3e7)
    const lengths = recordsOf(ssc.from(all).map(text => text.length))
    await ssc.start()
    while (lengths.flat().length < all.length) {
      await sleep(1)
      await clock.advance('1s')
    }
    exactly(lengths.flat(), Array(all.length).fill(1e5))
    await ssc.stop()
    await ssc.awaitTermination()
  }, SMALL))

test('a graceful stop loses nothing of what waits for room', () =>
  withStreaming(async ({ ssc, clock }) => {
    let taken = 0
    function* source(): Generator<string> {
      for (const text of texts(3e7)) {
        taken++
        yield text
      }
    }
    class Storing extends Receiver<string> {
      onStart(): void {}
      onStop(): Promise<void> {
        return this.storeAll(texts(1e7))
      }
    }
    const receiver = new Storing()
    const pulled = recordsOf(ssc.from(source()).map(text => text.length))
    const stored = recordsOf(ssc.receiverStream(receiver).map(text => text.length))
    await ssc.start()
    void receiver.storeAll(texts(1e7))
    await sleep(100) // until the heap is full
    await ssc.stop({ gracefully: true })
    exactly(stored.flat(), Array(200).fill(1e5))
    exactly(pulled.flat(), Array(taken).fill(1e5))
    assert.ok(taken < 300)
    exactly(clock.now(), 0)
    await ssc.awaitTermination()
  }, SMALL))

test('a graceful stop ends although a record fits into no heap of this size, and tells of it', () =>
  withStreaming(async ({ ssc }) => {
    class Silent extends Receiver<string> {
      onStart(): void {}
      onStop(): void {}
    }
    const receiver = new Silent()
    const records = recordsOf(ssc.receiverStream(receiver))
    await ssc.start()
    const stored = receiver.storeAll(['small', 'x'.repeat(2e7), 'behind it'])
    await ssc.stop({ gracefully: true })
    exactly(records.flat(), ['small'])
    await fails(ssc.awaitTermination(), 'MILLRACE_HEAP_FULL', /Silent waits for room: .*'memory'/)
    await stored
  }, SMALL))

test('what was persisted gives way to records that come', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    // In pieces, which fit between the pages that the threads work in.
    const kept = Array.from({ length: 14 }, () => sc.parallelize(new Float64Array(2 ** 17).fill(1), 1))
    const sums = async (): Promise<void> => {
      for (const piece of kept) assert.is(await piece.sum(), 2 ** 17)
    }
    await sums()
    const { used } = sc.info().heap
    assert.ok(used > 13 * 2 ** 20, `${used} bytes are in use`)
    const all = texts(1e7)
    const lengths = recordsOf(ssc.from(all).map(text => text.length))
    await ssc.start()
    while (lengths.flat().length < all.length) {
      await sleep(1)
      await clock.advance('1s')
    }
    await ssc.stop({ stopContext: false })
    await ssc.awaitTermination()
    await sums()
  }, SMALL))

test('a record that no heap of this size holds is told of, and batches go on', () =>
  withStreaming(async ({ ssc, clock }) => {
    const records = recordsOf(ssc.from(['small', 'x'.repeat(2e7), 'behind it']))
    const others = recordsOf(ssc.queueStream([[1], [2], [3], [4]]))
    await ssc.start()
    await sleep(20)
    await clock.advance('4s')
    exactly(records, [['small'], [], [], []])
    exactly(others, [[1], [2], [3], [4]])
    await fails(ssc.awaitTermination(), 'MILLRACE_HEAP_FULL', /from waits for room: .*'memory'/)
    await ssc.stop()
  }, SMALL))

test('a line that no heap of this size holds is told of, and batches go on', () =>
  LineServer.with(server =>
    withStreaming(async ({ ssc, clock }) => {
      const errors: string[] = []
      ssc.addStreamingListener({
        onReceiverError: ({ receiverInfo }) => errors.push(receiverInfo.lastErrorMessage),
      })
      const lines = recordsOf(ssc.socketTextStream('127.0.0.1', server.port))
      const others = recordsOf(ssc.queueStream([[1], [2]]))
      await ssc.start()
      const socket = await server.connection()
      socket.write(`first\n${'x'.repeat(15e6)}`)
      for (let i = 0; i < 100 && (errors.length === 0 || i < 2); i++) {
        await sleep(10)
        await clock.advance('1s')
      }
      exactly(lines.flat(), ['first'])
      exactly(others.slice(0, 2), [[1], [2]])
      assert.match(errors[0]!, /MILLRACE_HEAP_FULL: the shared heap has no room/)
      await fails(ssc.awaitTermination(), 'MILLRACE_HEAP_FULL')
    }, SMALL),
  ))

test.run()
