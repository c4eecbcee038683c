import { Context, type RDD } from '../../src/index.js'
import type { Case } from '../case.js'
import { mix } from '../inputs.js'
import { timed } from '../measure.js'

const KEYS = 100_000

/** Keys come five times on the left, and about once on the right. */
const pairs = (records: number, salt: number): [number, number][] =>
  Array.from({ length: records }, (_, i) => [mix(i + salt) % KEYS, i])

const sides = () => [pairs(5 * KEYS, 0), pairs(KEYS, 10_000_000)] as const

/** Persisted records, joined, and a sum of all that comes out. */
export const join: Case = {
  name: 'join',
  title: 'join 500,000 pairs with 100,000 by 100,000 keys, and add up what comes out',
  figures: {
    millrace: async env => {
      const sc = new Context({ threads: env.threads })
      try {
        const [l, r] = sides().map(side => sc.parallelize(side).persist()) as [
          RDD<[number, number]>,
          RDD<[number, number]>,
        ]
        await l.count()
        await r.count()
        return await timed(env, () =>
          l
            .join(r)
            .map(([, [v, w]]) => v + w)
            .sum(),
        )
      } finally {
        await sc.stop()
      }
    },
    loop: env => {
      const [left, right] = sides()
      return timed(env, async () => {
        const table = new Map<number, number[]>()
        for (const [key, value] of right) {
          const values = table.get(key)
          if (values === undefined) table.set(key, [value])
          else values.push(value)
        }
        let sum = 0
        for (const [key, v] of left) for (const w of table.get(key) ?? []) sum += v + w
        return sum
      })
    },
  },
}
