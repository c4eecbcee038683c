import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Context } from '../../src/index.js'
import type { Case, Env } from '../case.js'
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

function sumOfCosts(name: string, title: string, log: string): Case {
  const fileOf = (env: Env): string => path.join(env.data, log)
  return {
    name,
    title,
    inputs: [log],
    figures: {
      millrace: async env => {
        const sc = new Context({ threads: env.threads })
        try {
          return await timed(env, () => sc.textFile(fileOf(env)).map(cost, { prices }).sum())
        } finally {
          await sc.stop()
        }
      },
      loop: env =>
        timed(env, async () => {
          let sum = 0
          for (const line of readFileSync(fileOf(env), 'utf8').split('\n')) sum += cost(line)
          return sum
        }),
    },
    targets: [{ of: 'loop', atMost: 0.625 }],
  }
}

export const opaque = sumOfCosts(
  'opaque',
  'a function with a regular expression, an exception and a captured Map over 500,000 lines, sum',
  'requests.log',
)

// V8 takes down up to ten frames for an exception: a task's stack has 19, that of the loop here has 3.
export const opaqueThrowing = sumOfCosts(
  'opaque-throwing',
  'the same where ten times as many lines throw, one in 13',
  'strange-requests.log',
)
