import { Context, type DStream, type RDD, StreamingContext } from '../../src/index.js'
import { ManualClock } from '../../src/testing/index.js'
import type { Env } from '../case.js'
import { wholes } from '../inputs.js'

/** Records of a batch. */
const BATCH = 1_000_000

/**
 * Runs a measurement over a stream whose batches have a million records, of 100,000 keys.
 *
 * @param window of so many batches, a sum by key; `measure` is given what runs one slide, to its end, and what tells the sums
 */
export async function withSlides<R>(
  env: Env,
  window: { slides: number; inverse: boolean },
  measure: (slide: () => Promise<void>, sums: () => Promise<{ keys: number; sum: number }>) => Promise<R>,
): Promise<R> {
  const clock = new ManualClock()
  const sc = new Context({ threads: env.threads, clock, memory: '4GiB' })
  try {
    const all = wholes(env, 'w5.i32')
    const batches = Array.from({ length: 10 }, (_, i) =>
      sc.parallelize(all.subarray(i * BATCH, (i + 1) * BATCH)),
    )
    const ssc = new StreamingContext(sc, '1s')
    const queue = ssc.queueStream<number>()
    const pairs = queue.map(key => [key, 1] as [number, number])
    let keys = 0
    let last: RDD<[number, number]> | undefined
    sums(pairs, window).foreachRDD(async rdd => {
      last = rdd
      keys = await rdd.count()
    })
    await ssc.start()
    let next = 0
    const slide = async (): Promise<void> => {
      queue.push(batches[next++ % batches.length]!)
      await clock.advance('1s')
    }
    const result = await measure(slide, async () => ({ keys, sum: await last!.values().sum() }))
    await ssc.stop({ stopContext: false })
    await ssc.awaitTermination()
    return result
  } finally {
    await sc.stop()
  }
}

function sums(
  pairs: DStream<[number, number]>,
  { slides, inverse }: { slides: number; inverse: boolean },
): DStream<[number, number]> {
  const length = `${slides}s` as const
  return inverse
    ? pairs.reduceByKeyAndWindow(
        (a, b) => a + b,
        (a, b) => a - b,
        length,
      )
    : pairs.reduceByKeyAndWindow((a, b) => a + b, null, length)
}
