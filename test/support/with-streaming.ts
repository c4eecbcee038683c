import { Context, type ContextOptions, type DStream, type Duration, StreamingContext } from 'millrace'
import { ManualClock } from 'millrace/testing'

export interface Streaming {
  sc: Context
  ssc: StreamingContext
  clock: ManualClock
}

/** Runs a check with a streaming context whose clock is moved by hand, and stops it whatever happens. */
export async function withStreaming<R>(
  check: (streaming: Streaming) => Promise<R>,
  { batch = '1s', ...options }: ContextOptions & { batch?: Duration } = {},
): Promise<R> {
  const clock = new ManualClock()
  const sc = new Context({ threads: 2, memory: '128MiB', clock, ...options })
  try {
    return await check({ sc, ssc: new StreamingContext(sc, batch), clock })
  } finally {
    await sc.stop()
  }
}

/** The records of every batch of a stream, as they come. */
export function recordsOf<T>(stream: DStream<T>): T[][] {
  const batches: T[][] = []
  stream.foreachRDD(async rdd => {
    batches.push(await rdd.collect())
  })
  return batches
}

/** The times of all batches, as they come. */
export function timesOf(stream: DStream<unknown>): number[] {
  const times: number[] = []
  stream.foreachRDD((_, time) => {
    times.push(time)
  })
  return times
}

/** A promise, and what settles it. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void
  const promise = new Promise<T>(r => {
    resolve = r
  })
  return { promise, resolve }
}
