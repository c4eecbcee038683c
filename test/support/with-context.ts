import { Context, type ContextOptions, type RDD } from 'millrace'

/** Runs a check with a context of two threads, and stops it whatever happens. */
export async function withContext<R>(
  check: (sc: Context) => Promise<R>,
  options: ContextOptions = {},
): Promise<R> {
  const sc = new Context({ threads: 2, memory: '128MiB', ...options })
  try {
    return await check(sc)
  } finally {
    await sc.stop()
  }
}

/**
 * The same records from the workers: a function with a loop never runs on the driver's own thread, where small jobs of
 * plain functions do.
 */
export function onWorkers<T>(rdd: RDD<T>): RDD<T> {
  return rdd.map(x => {
    for (;;) return x
  }) as RDD<T>
}

/** An RDD to be computed by the driver, and again by the workers. */
export const bothWays = <T>(rdd: RDD<T>): RDD<T>[] => [rdd, onWorkers(rdd)]

/** The records of each partition. */
export const partitionsOf = <T>(rdd: RDD<T>): Promise<T[][]> => rdd.glom().collect()
