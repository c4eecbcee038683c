import type { Accumulator, Context, RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, partitionsOf, withContext } from '../support/with-context.js'

/** The same records, counted whenever they are computed. */
const counted = <T>(rdd: RDD<T>, computed: Accumulator<number>): RDD<T> =>
  rdd.map(
    x => {
      computed.add(1)
      return x
    },
    { computed },
  ) as RDD<T>

const each = (sc: Context): RDD<number>[] => bothWays(sc.range(0, 10, 1, 5))

test('a kept RDD is computed once, whatever is made of it, before or after', () =>
  withContext(async sc => {
    for (const numbers of each(sc)) {
      const computed = sc.accumulator(0)
      const rdd = counted(numbers, computed)
      const derived = rdd.map(x => x + 1)
      assert.is(rdd.persist().cache(), rdd)
      assert.is(computed.value, 0)
      exactly(await rdd.take(1), [0])
      exactly(await derived.collect(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      exactly(await partitionsOf(rdd), [
        [0, 1],
        [2, 3],
        [4, 5],
        [6, 7],
        [8, 9],
      ])
      exactly(await rdd.union(rdd).count(), 20)
      await Promise.all([rdd.count(), derived.sum()])
      assert.is(computed.value, 10)
    }
  }))

test('actions at once wait for one computation', () =>
  withContext(async sc => {
    for (const numbers of each(sc)) {
      const computed = sc.accumulator(0)
      const rdd = counted(numbers, computed).persist()
      exactly(await Promise.all([rdd.count(), rdd.sum(), rdd.first()]), [10, 45, 0])
      assert.is(computed.value, 10)
    }
  }))

test('unpersist gives the records up, also while they are being read', () =>
  withContext(async sc => {
    const computed = sc.accumulator(0)
    const rdd = counted(sc.range(0, 300_000, 1, 2), computed)
      .map(x => `text ${x}`)
      .persist()
    exactly(await rdd.count(), 300_000)
    const { used } = sc.info().heap
    const reading = rdd.map(x => x.length).sum()
    await new Promise(setImmediate)
    assert.is(rdd.unpersist().unpersist(), rdd)
    exactly(await reading, 3_188_890)
    assert.ok(sc.info().heap.used < used - 4_000_000, `${used} bytes were in use, ${sc.info().heap.used} are`)
    exactly(await rdd.count(), 300_000)
    assert.is(computed.value, 600_000)
  }))

test('what cannot be computed is tried again by the next action', () =>
  withContext(
    async sc => {
      const tries = { left: new Int32Array(new SharedArrayBuffer(4)) }
      tries.left[0] = 2
      const rdd = sc
        .range(0, 3, 1, 1)
        .map(
          x => {
            if (Atomics.sub(tries.left, 0, 1) > 0) throw new Error('not yet')
            return x
          },
          { tries },
        )
        .persist()
      for (let i = 0; i < 2; i++) await fails(rdd.collect(), 'MILLRACE_TASK', /not yet/)
      exactly(
        [await rdd.collect(), await rdd.collect()],
        [
          [0, 1, 2],
          [0, 1, 2],
        ],
      )
    },
    { maxTaskFailures: 1 },
  ))

test('a kept exchange and a kept nothing keep their partitions', () =>
  withContext(async sc => {
    for (const numbers of each(sc)) {
      const sums = numbers.map(x => [x % 3, x]).reduceByKey((a, b) => a + b, 4)
      const parts = await partitionsOf(sums)
      exactly(parts, [[[0, 18]], [[1, 12]], [[2, 15]], []])
      sums.persist()
      for (let i = 0; i < 2; i++) exactly(await partitionsOf(sums), parts)
      assert.is(sums.getNumPartitions(), 4)
    }
    const none = sc.emptyRDD<number>().persist()
    exactly([await none.collect(), await none.count(), none.getNumPartitions()], [[], 0, 0])
  }))

test.run()
