import type { Case } from '../case.js'
import { collectGarbage } from '../measure.js'
import { slope } from '../statistics.js'
import { wordBatches } from '../word-batches.js'

/** The threads' JavaScript heaps find their size within these. */
const WARM_UP = 20_000
const BATCHES = 10_000
const SAMPLE_EVERY = 250

export const batches10k: Case = {
  name: 'batches-10k',
  title: `${BATCHES} batches of W7 after ${WARM_UP} to warm up: what grows, and what is left after stop`,
  inputs: ['w7.txt'],
  figures: {
    millrace: async env => {
      const handles = process.getActiveResourcesInfo().length
      const stream = await wordBatches(env)
      for (let i = 0; i < WARM_UP; i++) await stream.batch()
      const resident: number[] = []
      const javascript: number[] = []
      const used = stream.sc.info().heap.used
      for (let i = 0; i <= BATCHES; i++) {
        if (i % SAMPLE_EVERY === 0) {
          collectGarbage()
          const { rss, heapUsed } = process.memoryUsage()
          resident.push(rss)
          javascript.push(heapUsed)
        }
        if (i < BATCHES) await stream.batch()
      }
      const growth = stream.sc.info().heap.used - used
      const words = stream.words()
      await stream.stop()
      await new Promise(setImmediate)
      const values = {
        'resident, slope': slope(resident) / SAMPLE_EVERY,
        'JS heap, slope': slope(javascript) / SAMPLE_EVERY,
        'resident, end': resident.at(-1)! / 2 ** 20,
        'shared heap, growth': growth,
        'shared heap, left': stream.sc.info().heap.used,
        'handles left': process.getActiveResourcesInfo().length - handles,
      }
      return { values, check: `${words}` }
    },
  },
  metrics: [
    { name: 'resident, slope', unit: 'B/batch' },
    { name: 'JS heap, slope', unit: 'B/batch' },
    { name: 'resident, end', unit: 'MiB' },
    { name: 'shared heap, growth', unit: 'B' },
    { name: 'shared heap, left', unit: 'B' },
    { name: 'handles left', unit: '' },
  ],
  targets: [
    { metric: 'resident, slope', atMost: 1024 },
    { metric: 'shared heap, growth', atMost: 0 },
    { metric: 'shared heap, left', atMost: 0 },
    { metric: 'handles left', atMost: 0 },
  ],
}
