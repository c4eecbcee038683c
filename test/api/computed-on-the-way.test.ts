import type { Accumulator, Context, RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

/** Sums by key, kept where they lie in their partitions, and the number of values that went into them so far. */
function keptSums(sc: Context, records: number): { sums: RDD<[number, number]>; seen: Accumulator<number> } {
  const seen = sc.accumulator(0)
  const pairs = sc.range(0, records, 1, 4).map(
    x => {
      seen.add(1)
      return [x % 10, x] as [number, number]
    },
    { seen },
  )
  return { sums: pairs.reduceByKey((a, b) => a + b, 2).persist(), seen }
}

for (const records of [100, 100_000]) {
  test(`what an earlier stage reads in general is there before a later one reads it in its partitions: ${records} records`, () =>
    withContext(async sc => {
      const { sums } = keptSums(sc, records)
      const again = sums.map(([k, v]) => [k, v + 1] as [number, number])
      const expected = (await again.collect()).map(([k, v]) => [k, [v, v - 1]])
      for (const join of [
        (rdd: typeof sums) => rdd.map(([k, v]) => [k, v + 1] as [number, number]).join(rdd, 2),
        (rdd: typeof sums) =>
          rdd
            .mapValues(v => v + 1)
            .map(x => x)
            .join(rdd, 2),
      ]) {
        const { sums: fresh, seen } = keptSums(sc, records)
        exactly(await join(fresh).collect(), expected)
        assert.is(seen.value, records)
      }
      sums.unpersist()
      const { sums: one } = keptSums(sc, records)
      exactly(
        await one
          .map(x => x)
          .subtractByKey(one)
          .collect(),
        [],
      )
    }))

  test(`what a job computes on its way is kept: ${records} records`, () =>
    withContext(async sc => {
      const { sums, seen } = keptSums(sc, records)
      const more = sums.reduceByKey((a, b) => a + b, 2)
      const expected = await more.collect()
      assert.is(expected.length, 10)
      assert.is(seen.value, records)
      exactly(await more.collect(), expected)
      exactly(await sums.collect(), expected)
      assert.is(seen.value, records)
    }))

  test(`jobs at once compute it once: ${records} records`, () =>
    withContext(async sc => {
      const { sums, seen } = keptSums(sc, records)
      const [a, b, c] = await Promise.all([
        sums.reduceByKey((x, y) => x + y, 2).collect(),
        sums.join(sums, 2).count(),
        sums.count(),
      ])
      exactly([a.length, b, c], [10, 10, 10])
      assert.is(seen.value, records)
    }))

  test(`two that read each other's, the other way round, wait for neither: ${records} records`, () =>
    withContext(async sc => {
      const [one, two] = [keptSums(sc, records), keptSums(sc, records)]
      const joined = [one.sums.join(two.sums, 2), two.sums.join(one.sums, 2), one.sums.union(two.sums)]
      exactly(await Promise.all(joined.map(rdd => rdd.count())), [10, 10, 20])
      exactly([one.seen.value, two.seen.value], [records, records])
    }))

  test(`nothing is left of it when it is given up: ${records} records`, () =>
    withContext(async sc => {
      const used: number[] = []
      for (let i = 0; i < 5; i++) {
        const { sums } = keptSums(sc, records)
        await sums.reduceByKey((a, b) => a + b, 2).count()
        const kept = sc.info().heap.used
        sums.unpersist()
        used.push(sc.info().heap.used)
        assert.ok(kept > used.at(-1)!)
      }
      // What the threads keep for themselves has found its size.
      assert.is(used[4], used[3])
    }))

  test(`a job that fails keeps nothing, and the next computes it: ${records} records`, () =>
    withContext(async sc => {
      const { sums, seen } = keptSums(sc, records)
      const fussy = sums.groupByKey(2).map(([key]) => {
        if (key === 7) throw new Error('not seven')
        return key
      })
      await fails(fussy.collect(), 'MILLRACE_TASK', /not seven/)
      const failed = seen.value
      exactly(await sums.reduceByKey((a, b) => a + b, 2).count(), 10)
      assert.ok(failed === 0 || seen.value > failed)
      exactly(await sums.count(), 10)
    }))
}

test.run()
