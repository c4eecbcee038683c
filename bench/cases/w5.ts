import { Context, StreamingContext } from '../../src/index.js'
import { ManualClock } from '../../src/testing/index.js'
import type { Case } from '../case.js'
import { wholes } from '../inputs.js'
import { timed } from '../measure.js'

const BATCH = 1_000_000
/** As many as the yardsticks take. */
const SLIDES = 60

export const w5: Case = {
  name: 'W5',
  title: 'one slide: 1 M records, 100,000 keys, a window of 60 slides with an inverse',
  inputs: ['w5.i32'],
  figures: {
    millrace: async env => {
      const clock = new ManualClock()
      const sc = new Context({ threads: env.threads, clock })
      try {
        const all = wholes(env, 'w5.i32')
        const ones = new Float64Array(BATCH).fill(1)
        const batches = Array.from({ length: 10 }, (_, i) =>
          sc.pairs(all.subarray(i * BATCH, (i + 1) * BATCH), ones),
        )
        const ssc = new StreamingContext(sc, '1s')
        const queue = ssc.queueStream<[number, number]>()
        let keys = 0
        queue
          .reduceByKeyAndWindow(
            (a, b) => a + b,
            (a, b) => a - b,
            `${SLIDES}s`,
          )
          .foreachRDD(async rdd => {
            keys = await rdd.count()
          })
        await ssc.start()
        let next = 0
        const slide = async (): Promise<number> => {
          queue.push(batches[next++ % batches.length]!)
          await clock.advance('1s')
          return keys
        }
        for (let i = 0; i < SLIDES + 10; i++) await slide()
        const { values } = await timed(env, slide)
        await ssc.stop({ stopContext: false })
        await ssc.awaitTermination()
        return { values }
      } finally {
        await sc.stop()
      }
    },
  },
  limit: { program: 'w5', figures: ['L'] },
  loops: ['N2', 'N1'],
  targets: [{ of: 'L', atMost: 3 }],
}
