import type { Case } from '../case.js'
import { collectGarbage } from '../measure.js'
import { quantile } from '../statistics.js'
import { wordBatches } from '../word-batches.js'

/** As many as the yardsticks take. */
const BATCHES = 20_000

export const w7: Case = {
  name: 'W7',
  title: 'a batch of 100 words through a StreamingContext: from the tick to the collected counts',
  inputs: ['w7.txt'],
  figures: {
    millrace: async env => {
      const stream = await wordBatches(env)
      const batches = env.quick ? BATCHES / 10 : BATCHES
      const times: number[] = []
      for (let i = 0; i < batches; i++) await stream.batch()
      collectGarbage()
      const before = stream.words()
      for (let i = 0; i < batches; i++) times.push(await stream.batch())
      const words = stream.words() - before
      await stream.stop()
      const values = { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
      return { values, check: `${(words / batches) * BATCHES}` }
    },
  },
  loops: ['N1', 'N2'],
  packages: ['Rx', 'M'],
  metrics: [
    { name: 'p50', unit: 'ms' },
    { name: 'p99', unit: 'ms' },
  ],
  targets: [
    { metric: 'p50', atMost: 0.15 },
    { metric: 'p99', atMost: 1 },
  ],
}
