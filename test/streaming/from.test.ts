import { PassThrough, Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DStream, StreamingContext } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { recordsOf, type Streaming, until, withStreaming } from '../support/with-streaming.js'

/** An async generator with doors: what is put in comes out. */
class Feed<T> implements AsyncIterable<T> {
  readonly #items: T[] = []
  #wake: (() => void) | undefined
  taken = 0
  returned = 0
  failure: Error | undefined
  ended = false

  put(...items: T[]): void {
    this.#items.push(...items)
    this.#wake?.()
  }
  end(failure?: Error): void {
    this.ended = true
    this.failure = failure
    this.#wake?.()
  }
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: async () => {
        while (this.#items.length === 0 && !this.ended)
          await new Promise<void>(resolve => {
            this.#wake = resolve
          })
        if (this.#items.length > 0) {
          this.taken++
          return { done: false, value: this.#items.shift()! }
        }
        if (this.failure) throw this.failure
        return { done: true, value: undefined }
      },
      return: async () => {
        this.returned++
        return { done: true, value: undefined }
      },
    }
  }
}

/** Ticks until so many records have come. */
async function ticksUntil(records: unknown[][], count: number, { clock }: Streaming): Promise<void> {
  while (records.flat().length < count) {
    await sleep(1)
    await clock.advance('1s')
  }
}

const SOURCES: Record<string, () => Parameters<StreamingContext['from']>[0]> = {
  'an async generator': async function* () {
    for (let i = 0; i < 300; i++) {
      if (i % 100 === 0) await sleep(1)
      yield i
    }
  },
  'an iterable': () => Array.from({ length: 300 }, (_, i) => i),
  'a Node Readable': () => Readable.from(Array.from({ length: 300 }, (_, i) => i)),
  'a web ReadableStream': () => {
    let i = 0
    return new ReadableStream({
      pull(controller) {
        if (i < 300) controller.enqueue(i++)
        else controller.close()
      },
    })
  },
}

for (const [name, source] of Object.entries(SOURCES)) {
  test(`${name} is read to its end, in order`, () =>
    withStreaming(async streaming => {
      const records = recordsOf((streaming.ssc as StreamingContext).from(source()) as DStream<number>)
      await streaming.ssc.start()
      await ticksUntil(records, 300, streaming)
      exactly(
        records.flat(),
        Array.from({ length: 300 }, (_, i) => i),
      )
      await streaming.clock.advance('1s')
      exactly(records.at(-1), [])
    }))
}

test('what has come since the last tick is the batch, cut into the default number of partitions', () =>
  withStreaming(
    async ({ ssc, clock }) => {
      const feed = new Feed<number>()
      const partitions = recordsOf(ssc.from(feed).glom())
      feed.put(1, 2, 3, 4, 5)
      await ssc.start()
      await until(() => feed.taken === 5)
      await new Promise(setImmediate)
      await clock.advance('1s')
      feed.put(6)
      await until(() => feed.taken === 6)
      await new Promise(setImmediate)
      await clock.advance('2s')
      exactly(partitions, [[[1], [2, 3], [4, 5]], [[], [], [6]], [[]]])
    },
    { defaultParallelism: 3 },
  ))

test('records of every kind come through as they went in', () =>
  withStreaming(async streaming => {
    const all = [
      1,
      -0,
      Number.NaN,
      2n ** 70n,
      '',
      '\ud800',
      'text',
      null,
      undefined,
      true,
      [1, 'a'],
      [],
      { a: { b: [1] } },
      new Date(5),
      new Map([[1, 2]]),
      new Uint8Array([1, 2]),
    ]
    const records = recordsOf(streaming.ssc.from(all))
    await streaming.ssc.start()
    await ticksUntil(records, all.length, streaming)
    exactly(records.flat(), all)
  }))

test('a byte stream gives its chunks as bytes', () =>
  withStreaming(async streaming => {
    const stream = new PassThrough()
    const records = recordsOf(streaming.ssc.from(stream))
    await streaming.ssc.start()
    stream.write('häh')
    await ticksUntil(records, 1, streaming)
    exactly(records.flat(), [new Uint8Array(Buffer.from('häh'))])
  }))

test('no more is taken while maxPendingRecords wait for their batch', () =>
  withStreaming(async ({ ssc, clock }) => {
    const feed = new Feed<number>()
    const records = recordsOf(ssc.from(feed, { maxPendingRecords: 10 }))
    feed.put(...Array(100).keys())
    await ssc.start()
    for (let i = 1; i <= 10; i++) {
      await until(() => feed.taken === i * 10)
      for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate)
      assert.is(feed.taken, i * 10)
      await clock.advance('1s')
    }
    exactly(records.flat(), [...Array(100).keys()])
    assert.ok(records.every(batch => batch.length === 10))
  }))

test('a sender is held back by the bytes that wait, too', () =>
  withStreaming(
    async streaming => {
      const feed = new Feed<string>()
      const lengths = recordsOf(streaming.ssc.from(feed).map(s => s.length))
      for (let i = 0; i < 12; i++) feed.put(`${i}`.padEnd(1_000_000, 'x'))
      await streaming.ssc.start()
      await until(() => feed.taken > 1)
      for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate)
      assert.ok(feed.taken < 8, `${feed.taken} MB were taken, and the heap has 32 MiB`)
      await ticksUntil(lengths, 12, streaming)
      exactly(lengths.flat(), Array(12).fill(1_000_000))
      await streaming.ssc.stop()
      await streaming.ssc.awaitTermination()
    },
    { memory: '32MiB' },
  ))

test('a source that fails ends; what came before is kept, and awaitTermination tells', () =>
  withStreaming(async ({ ssc, clock }) => {
    const feed = new Feed<number>()
    const records = recordsOf(ssc.from(feed, { name: 'orders' }))
    const events: string[] = []
    ssc.addStreamingListener({
      onReceiverStarted: ({ receiverInfo: r }) => events.push(`started ${r.name}`),
      onReceiverError: ({ receiverInfo: r }) => events.push(`error ${r.lastErrorMessage}`),
      onReceiverStopped: ({ receiverInfo: r }) => events.push(`stopped ${r.active}`),
    })
    feed.put(1, 2)
    feed.end(new Error('gone'))
    await ssc.start()
    const cause = (await fails(ssc.awaitTermination(), 'MILLRACE_INPUT', /the source of orders failed: gone/))
      .cause
    assert.is(cause, feed.failure)
    await clock.advance('2s')
    exactly(records, [[1, 2], []])
    await ssc.stop()
    exactly(events, [
      'started orders',
      'error MILLRACE_INPUT: the source of orders failed: gone',
      'stopped false',
    ])
  }))

test('a source that cannot begin fails in the same way', async () => {
  const used = new ReadableStream()
  used.getReader()
  for (const source of [used, { [Symbol.asyncIterator]: () => ({}) }]) {
    await withStreaming(async ({ ssc }) => {
      recordsOf(ssc.from(source as never))
      await ssc.start()
      await fails(ssc.awaitTermination(), 'MILLRACE_INPUT', /the source of from failed: /)
    })
  }
})

test('a record that cannot be stored is reported and left out, and the others come', () =>
  withStreaming(async streaming => {
    const { ssc } = streaming
    const records = recordsOf(ssc.from<unknown>([['a', 1], ['b', () => {}], ['c', 3], Symbol('s'), ['d', 4]]))
    await ssc.start()
    await ticksUntil(records, 3, streaming)
    exactly(records.flat(), [
      ['a', 1],
      ['c', 3],
      ['d', 4],
    ])
    await fails(
      ssc.awaitTermination(),
      'MILLRACE_VALUE',
      /from leaves out a record, \["b",null\]: a record cannot hold function/,
    )
  }))

test('stop tells the source at once that nobody listens any more', () =>
  withStreaming(async ({ ssc }) => {
    const feed = new Feed<number>()
    const readable = new PassThrough({ objectMode: true })
    let cancelled: unknown = 'no'
    const web = new ReadableStream({
      cancel(reason) {
        cancelled = reason
      },
      pull(controller) {
        controller.enqueue(1)
      },
    })
    for (const source of [feed, readable, web]) recordsOf(ssc.from(source as AsyncIterable<number>))
    const closed = new Promise(resolve => readable.once('close', resolve))
    await ssc.start()
    await ssc.stop()
    assert.is(feed.returned, 1)
    readable.write(1) // the iterator of a Readable hears of the end after its next record
    await closed
    await until(() => cancelled !== 'no')
    feed.put(1)
    await ssc.stop()
    assert.is(feed.returned, 1)
  }))

test('an RDD of received records is refused when its batch is done, not read from memory that went', () =>
  withStreaming(async streaming => {
    const { ssc, clock } = streaming
    const feed = new Feed<string>()
    const kept: { collect(): Promise<string[]> }[] = []
    let unawaited: Promise<string[]> | undefined
    ssc.from(feed).foreachRDD(rdd => {
      kept.push(rdd)
      unawaited ??= rdd
        .map(x => {
          for (;;) return x
        })
        .collect() as Promise<string[]>
    })
    feed.put('first')
    await ssc.start()
    await until(() => feed.taken === 1)
    await new Promise(setImmediate)
    await clock.advance('1s')
    feed.put('second')
    await until(() => feed.taken === 2)
    await clock.advance('1s')
    exactly(await unawaited, ['first'])
    await fails(
      kept[0]!.collect(),
      'MILLRACE_STATE',
      /received for batch 1000 ms is gone.*Await its actions inside foreachRDD/,
    )
  }))

test('bad arguments are refused', () =>
  withStreaming(async ({ ssc }) => {
    await fails(() => ssc.from(5 as never), 'MILLRACE_OPTION', /an async iterable.*received 5/)
    await fails(() => ssc.from(null as never), 'MILLRACE_OPTION', /received null/)
    await fails(() => ssc.from([1], { maxPending: 1 } as never), 'MILLRACE_OPTION', /no option 'maxPending'/)
    await fails(() => ssc.from([1], { maxPendingRecords: 0 }), 'MILLRACE_OPTION', /'maxPendingRecords'/)
  }))

test.run()
