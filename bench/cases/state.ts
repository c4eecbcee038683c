import { Context, type State, StateSpec, StreamingContext } from '../../src/index.js'
import { ManualClock } from '../../src/testing/index.js'
import type { Case, Env, Reading } from '../case.js'
import { mix } from '../inputs.js'
import { timed } from '../measure.js'

const TOUCHED = 100_000

/** A batch of 100,000 records, each of another of so many keys that have a state; and what these take. */
async function batchOver(keys: number, env: Env): Promise<Reading> {
  const clock = new ManualClock()
  const sc = new Context({ threads: env.threads, clock, memory: '1GiB' })
  try {
    // Odd, and so without a divisor in common with the number of keys.
    const batches = Array.from({ length: 8 }, (_, b) =>
      sc.pairs(
        Int32Array.from({ length: TOUCHED }, (_, i) => (i * 7919 + mix(b)) % keys),
        new Float64Array(TOUCHED).fill(1),
      ),
    )
    const count = StateSpec.function((_key: number, value: number | undefined, state: State<number>) => {
      const sum = state.getOption()! + value!
      state.update(sum)
      return sum
    })
    const ssc = new StreamingContext(sc, '1s')
    const queue = ssc.queueStream<[number, number]>()
    let mapped = 0
    queue
      .mapWithState(count.initialState(sc.range(keys).map(key => [key, 0.5] as [number, number])))
      .foreachRDD(async rdd => {
        mapped = await rdd.count()
      })
    await ssc.start()
    const inputs = sc.info().heap.used
    let next = 0
    const reading = await timed(env, async () => {
      queue.push(batches[next++ % batches.length]!)
      await clock.advance('1s')
      return mapped
    })
    const used = sc.info().heap.used - inputs
    await ssc.stop({ stopContext: false })
    await ssc.awaitTermination()
    return { values: { ...reading.values, 'per key': used / keys }, check: reading.check }
  } finally {
    await sc.stop()
  }
}

export const state: Case = {
  name: 'state',
  title:
    'mapWithState: a batch of 100,000 records of as many keys, with a number as the state of each of 1 M keys',
  figures: { '1 M keys': env => batchOver(1_000_000, env), '100 k keys': env => batchOver(TOUCHED, env) },
  subject: '1 M keys',
  metrics: [
    { name: 'time', unit: 'ms' },
    { name: 'per key', unit: 'B' },
  ],
  targets: [
    { of: '100 k keys', atMost: 1.5 },
    { metric: 'per key', atMost: 100 },
  ],
}
