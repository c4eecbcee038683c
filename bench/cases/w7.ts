import type { Case } from '../case.js'
import { collectGarbage, quantile } from '../measure.js'
import { wordBatches } from '../word-batches.js'

/** As many as the yardsticks take: half to warm up, half to measure. */
const BATCHES = 40_000

export const w7: Case = {
  name: 'W7',
  title: 'a batch of 100 words through a StreamingContext: from the tick to the collected counts',
  inputs: ['w7.txt'],
  figures: {
    millrace: async env => {
      const stream = await wordBatches(env)
      const times: number[] = []
      for (let i = 0; i < BATCHES / 2; i++) await stream.batch()
      collectGarbage()
      const before = stream.words()
      for (let i = BATCHES / 2; i < BATCHES; i++) times.push(await stream.batch())
      const words = stream.words() - before
      await stream.stop()
      return { values: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }, check: `${words}` }
    },
  },
  loops: ['N1', 'N2'],
  peers: ['Rx', 'M'],
  metrics: [
    { name: 'p50', unit: 'ms' },
    { name: 'p99', unit: 'ms' },
  ],
  targets: [
    { metric: 'p50', atMost: 0.15, text: 'A: <= 0.15 ms' },
    { metric: 'p99', atMost: 1, text: 'A: <= 1 ms' },
  ],
}
