import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

for (const defaultParallelism of [1, 2, 7])
  test(`Maps have keys by first appearance, with a defaultParallelism of ${defaultParallelism}`, () =>
    withContext(
      async sc => {
        const keys = ['c', 'a', 'b', 'a', 'e', 'd', 'c']
        for (const words of bothWays(sc.parallelize(keys, 3))) {
          const pairs = words.map(word => [word, 1])
          const counts = new Map([
            ['c', 2],
            ['a', 2],
            ['b', 1],
            ['e', 1],
            ['d', 1],
          ])
          exactly(await words.countByValue(), counts)
          exactly(await pairs.countByKey(), counts)
          exactly(await pairs.reduceByKeyLocally((a, b) => a + b), counts)
        }
      },
      { defaultParallelism },
    ))

test.run()
