import { statSync } from 'node:fs'
import { Context } from '../../src/index.js'
import type { Case } from '../case.js'
import { textOf, wordCounts } from './w1.js'

const RUNS = 20

export const memory: Case = {
  name: 'memory',
  title: `peak resident memory of the whole process during ${RUNS} runs of W1, less the input's size`,
  inputs: ['w1.txt'],
  figures: {
    millrace: async env => {
      const sc = new Context({ threads: env.threads })
      try {
        for (let i = 0; i < RUNS; i++) await wordCounts(sc, textOf(env)).count()
        const input = statSync(textOf(env)).size
        const peak = process.resourceUsage().maxRSS * 1024
        return { values: { peak: peak / 2 ** 20, beyond: (peak - input) / input } }
      } finally {
        await sc.stop()
      }
    },
    'Node alone': async env => {
      // What a process has before it does anything, so that the reader can take it off.
      const input = statSync(textOf(env)).size
      const peak = process.resourceUsage().maxRSS * 1024
      return { values: { peak: peak / 2 ** 20, beyond: (peak - input) / input } }
    },
  },
  metrics: [
    { name: 'peak', unit: 'MiB' },
    { name: 'beyond', unit: 'x input' },
  ],
  targets: [{ metric: 'beyond', atMost: 4 }],
}
