import { Context, type ContextOptions, type DStream, type Duration, StreamingContext } from 'millrace'
import { type Clock, ManualClock } from 'millrace/testing'

export interface Streaming<C = ManualClock> {
  sc: Context
  ssc: StreamingContext
  clock: C
}

type Options = ContextOptions & { batch?: Duration }

/** Runs a check with a streaming context whose clock is moved by hand, and stops it whatever happens. */
export function withStreaming<R>(
  check: (streaming: Streaming) => Promise<R>,
  options: Options = {},
): Promise<R> {
  return withClock(new ManualClock(), check, options)
}

/** The same with a clock of another kind. */
export async function withClock<C extends Clock, R>(
  clock: C,
  check: (streaming: Streaming<C>) => Promise<R>,
  { batch = '1s', ...options }: Options = {},
): Promise<R> {
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

/** Lets the event loop go round until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate)
}
