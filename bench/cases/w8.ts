import { Context } from '../../src/index.js'
import type { Case } from '../case.js'
import { mix } from '../inputs.js'
import { timed } from '../measure.js'

export const w8: Case = {
  name: 'W8',
  title: 'sum 200,000 objects of the JavaScript heap by 1,000 users, encoding included',
  figures: {
    millrace: async env => {
      const objects = Array.from({ length: 200_000 }, (_, i) => ({
        user: `u${mix(i) % 1000}`,
        amount: (i % 200) / 2,
      }))
      const sc = new Context({ threads: env.threads })
      try {
        return await timed(
          env,
          () =>
            sc
              .parallelize(objects)
              .map(o => [o.user, o.amount])
              .reduceByKey((a, b) => a + b)
              .collect(),
          sums => `${sums.length}:${sums.reduce((total, [, sum]) => total + sum, 0)}`,
        )
      } finally {
        await sc.stop()
      }
    },
  },
  loops: ['N1', 'N2'],
  packages: ['Rx', 'M'],
  targets: [{ of: 'N1', atMost: 2 }],
}
