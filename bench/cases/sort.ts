import { Context } from '../../src/index.js'
import type { Case } from '../case.js'
import { mix } from '../inputs.js'
import { timed } from '../measure.js'

const RECORDS = 1_000_000

const numbers = (): Float64Array => Float64Array.from({ length: RECORDS }, (_, i) => mix(i) / 1024)

/** What is compared: numbers of all parts of the result. */
const check = (sorted: ArrayLike<number>): string =>
  [0, 0.25, 0.5, 0.75, 1].map(share => sorted[Math.floor(share * (RECORDS - 1))]).join(':')

/** Persisted records, sorted and collected: a sort that nobody reads could be left out. */
export const sort: Case = {
  name: 'sort',
  title: 'sort 1,000,000 numbers by a function, and collect them',
  figures: {
    millrace: async env => {
      const sc = new Context({ threads: env.threads })
      try {
        const rdd = sc.parallelize(numbers()).persist()
        await rdd.count()
        return await timed(env, () => rdd.sortBy(x => x).collect(), check)
      } finally {
        await sc.stop()
      }
    },
    loop: async env => {
      const records = [...numbers()]
      return timed(env, async () => [...records].sort((a, b) => a - b), check)
    },
  },
}
