import { Context } from '../../src/index.js'
import type { Case } from '../case.js'
import { doubles } from '../inputs.js'
import { timed } from '../measure.js'

export const w2: Case = {
  name: 'W2',
  title: 'x * 2 + 1, x % 3 === 0, sum, of 8 M doubles in the heap',
  inputs: ['w2.f64'],
  figures: {
    millrace: async env => {
      const sc = new Context({ threads: env.threads })
      try {
        const numbers = sc.parallelize(doubles(env, 'w2.f64'))
        return await timed(env, () =>
          numbers
            .map(x => x * 2 + 1)
            .filter(x => x % 3 === 0)
            .reduce((a, b) => a + b),
        )
      } finally {
        await sc.stop()
      }
    },
  },
  limit: { program: 'w2', figures: ['L'] },
  loops: ['N2-mod', 'N2', 'N1'],
  packages: ['Rx', 'M'],
  engines: ['ND', 'NP'],
  targets: [{ of: 'N2-mod', atMost: 0.6 }],
}
