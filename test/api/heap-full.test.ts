import type { RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, onWorkers, withContext } from '../support/with-context.js'

test('data that can be made again gives way, to the last page', () =>
  withContext(
    async sc => {
      // Each list takes a page or more, and a page is all that a job may find free.
      const lists: RDD<number>[] = []
      for (let i = 0; i < 300; i++) {
        lists.push(sc.parallelize([i, i + 1], 1))
        exactly(await onWorkers(lists[i]!).collect(), [i, i + 1])
      }
      for (const i of [0, 150, 299]) exactly(await lists[i]!.collect(), [i, i + 1])
    },
    { memory: '8MiB' },
  ))

test('kept RDDs give way, and are computed again', () =>
  withContext(
    async sc => {
      const runs = sc.accumulator(0)
      const kept = Array.from({ length: 6 }, (_, i) =>
        sc
          .range(0, 400_000, 1, 2)
          .map(
            x => {
              if (x === 0) runs.add(1)
              return x + i
            },
            { runs, i },
          )
          .persist(),
      )
      const sums = async (): Promise<number[]> => {
        const found: number[] = []
        for (const rdd of kept) found.push((await rdd.sum()) - 79_999_800_000)
        return found
      }
      exactly(
        await sums(),
        [0, 1, 2, 3, 4, 5].map(i => i * 400_000),
      )
      exactly(
        await sums(),
        [0, 1, 2, 3, 4, 5].map(i => i * 400_000),
      )
      assert.ok(runs.value > kept.length, `${runs.value} runs`)
    },
    { memory: '8MiB' },
  ))

test('what is left over when a job found no room is given back', () =>
  withContext(
    async sc => {
      for (const parts of [4, 3]) {
        for (const rdd of bothWays(sc.range(0, 1_000_000, 1, parts))) {
          for (const big of [
            rdd.map(x => `a text of some length ${x}`),
            rdd.map((x): [string, number] => [`key ${x}`, x]).groupByKey(),
            rdd.glom(),
          ])
            await fails(
              big.collect(),
              'MILLRACE_HEAP_FULL',
              /of 8\.0 MiB are in use\. Raise the Context option 'memory'/,
            )
        }
        exactly(await onWorkers(sc.range(3)).collect(), [0, 1, 2])
        // Each failed job had all of it; what stays is what the threads work in.
        const { used } = sc.info().heap
        assert.ok(used < 6 * 2 ** 20, `${used} bytes are in use`)
      }
    },
    { memory: '8MiB' },
  ))

test.run()
