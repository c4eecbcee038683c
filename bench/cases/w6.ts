import { Context } from '../../src/index.js'
import type { Case } from '../case.js'
import { doubles } from '../inputs.js'
import { timed } from '../measure.js'

export const w6: Case = {
  name: 'W6',
  title: 'Math.sin(x) * Math.sqrt(x) + Math.log1p(x), sum, of 4 M doubles in the heap',
  inputs: ['w6.f64'],
  figures: {
    millrace: async env => {
      const sc = new Context({ threads: env.threads })
      try {
        const numbers = sc.parallelize(doubles(env, 'w6.f64'))
        return await timed(
          env,
          () => numbers.map(x => Math.sin(x) * Math.sqrt(x) + Math.log1p(x)).sum(),
          sum => sum.toFixed(4),
        )
      } finally {
        await sc.stop()
      }
    },
  },
  limit: { program: 'w6', figures: ['L-scalar', 'L'] },
  loops: ['N2', 'N1'],
  packages: ['Rx', 'M'],
  engines: ['ND', 'NP'],
  targets: [{ of: 'N2', atMost: 0.62 }],
  tolerance: 1e-10,
}
