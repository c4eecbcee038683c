import { Context } from '../../src/index.js'
import type { Case, Target } from '../case.js'
import { doubles, wholes } from '../inputs.js'
import { timed } from '../measure.js'

interface Kind {
  name: string
  title: string
  /** The file of the keys, without its ending. */
  keys: string
  limit: readonly string[]
  loops: readonly string[]
  targets: readonly Target[]
}

/** All of them for each case: the limit's program reads all keys before it sums by any. */
const INPUTS = ['w3a.i32', 'w3as.i32', 'w3b.i32', 'w3bs.i32', 'w3.f64']

/** Sums by key. They are left where they were made and counted, as the yardsticks leave theirs; the check reads them. */
function sumByKey({ name, title, keys, limit, loops, targets }: Kind): Case {
  return {
    name,
    title,
    inputs: INPUTS,
    figures: {
      millrace: async env => {
        const sc = new Context({ threads: env.threads })
        try {
          const pairs = sc.pairs(wholes(env, `${keys}.i32`), doubles(env, 'w3.f64'))
          const reading = await timed(env, () => pairs.reduceByKey((a, b) => a + b).count())
          const sums = await pairs.reduceByKey((a, b) => a + b).collect()
          if (sums.length !== Number(reading.check))
            throw new Error(`${reading.check} keys counted, ${sums.length} collected`)
          const weighted = sums.reduce((total, [key, sum]) => total + sum * ((key >>> 0) % 7), 0)
          return { ...reading, check: `${sums.length}:${weighted}` }
        } finally {
          await sc.stop()
        }
      },
    },
    limit: { program: 'w3', figures: limit },
    loops,
    packages: ['Rx', 'M'],
    engines: ['ND', 'NP'],
    targets,
  }
}

export const w3a = sumByKey({
  name: 'W3a',
  title: 'sum 8 M doubles by 1,024 keys',
  keys: 'w3a',
  limit: ['L-hash', 'L-dense'],
  loops: ['N2', 'N2-dense', 'N1'],
  targets: [
    { of: 'L-hash', atMost: 2.5 },
    { of: 'ND', atMost: 1 },
  ],
})

export const w3b = sumByKey({
  name: 'W3b',
  title: 'sum 8 M doubles by 1,048,576 keys',
  keys: 'w3b',
  limit: ['L-hash', 'L-dense'],
  loops: ['N2', 'N2-radix', 'N2-dense', 'N1'],
  targets: [
    { of: 'L-hash', atMost: 3 },
    { of: 'ND', atMost: 1 },
  ],
})

// Keys that lie side by side are kind to the library, which finds them by place; these do not.
export const w3aSparse = sumByKey({
  name: 'W3a-sparse',
  title: 'the same with 1,024 keys anywhere in 32 bits',
  keys: 'w3as',
  limit: ['L-hash'],
  loops: ['N2', 'N1'],
  targets: [],
})

export const w3bSparse = sumByKey({
  name: 'W3b-sparse',
  title: 'the same with 1,048,576 keys anywhere in 32 bits',
  keys: 'w3bs',
  limit: ['L-hash'],
  loops: ['N2', 'N2-radix', 'N1'],
  targets: [],
})
