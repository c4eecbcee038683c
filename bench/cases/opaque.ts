import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Context } from '../../src/index.js'
import type { Case } from '../case.js'
import { timed } from '../measure.js'

const prices = new Map(Array.from({ length: 40 }, (_, i) => [`area${i}`, (i % 7) + 1]))

/** Nothing that a query engine could look into: a regular expression, an exception, and a Map from outside. */
const cost = (line: string): number => {
  const request = /^\S+ (?:GET|POST) \/(\w+)\/\S* \d{3} (\d+)$/.exec(line)
  try {
    const price = prices.get(request![1]!)
    if (price === undefined) throw new RangeError(`no price for ${request![1]}`)
    return price * Number(request![2])
  } catch {
    return 1
  }
}

export const opaque: Case = {
  name: 'opaque',
  title: 'a function with a regular expression, an exception and a captured Map over 500,000 lines, sum',
  inputs: ['requests.log'],
  figures: {
    millrace: async env => {
      const sc = new Context({ threads: env.threads })
      const file = path.join(env.data, 'requests.log')
      try {
        return await timed(env, () => sc.textFile(file).map(cost, { prices }).sum())
      } finally {
        await sc.stop()
      }
    },
    loop: env => {
      const file = path.join(env.data, 'requests.log')
      return timed(env, async () => {
        let sum = 0
        for (const line of readFileSync(file, 'utf8').split('\n')) sum += cost(line)
        return sum
      })
    },
  },
  targets: [{ of: 'loop', atMost: 0.625 }],
}
