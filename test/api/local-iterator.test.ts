import v8 from 'node:v8'
import vm from 'node:vm'
import type { RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

v8.setFlagsFromString('--expose-gc')
const collectGarbage = vm.runInNewContext('gc') as () => void

async function gathered<T>(rdd: RDD<T>): Promise<T[]> {
  const records: T[] = []
  for await (const record of rdd.toLocalIterator()) records.push(record)
  return records
}

test('toLocalIterator gives what collect gives, of every kind of plan', () =>
  withContext(async sc => {
    const numbers = sc.range(0, 5000, 1, 7)
    const pairs = numbers.map(x => [x % 10, x])
    for (const rdd of [
      ...bothWays(numbers),
      sc.emptyRDD<number>(),
      sc.parallelize([1], 3),
      numbers.union(sc.parallelize([1, 2, 3], 2)),
      numbers.map(x => x + 1).persist(),
      pairs.reduceByKey((a, b) => a + b, 3),
      pairs.sortByKey(false, 4),
      numbers.zipWithIndex(),
      numbers.zip(numbers),
    ] as RDD<unknown>[])
      exactly(await gathered(rdd), await rdd.collect())
  }))

test('toLocalIterator holds a partition at a time', () =>
  withContext(
    async sc => {
      let sum = 0
      for await (const x of sc.range(0, 4e6, 1, 100).toLocalIterator()) sum += x
      assert.is(sum, (4e6 * (4e6 - 1)) / 2)
    },
    { memory: '16MiB' },
  ))

test('toLocalIterator computes the partitions that are asked for, and no others', () =>
  withContext(async sc => {
    const calls = sc.accumulator(0)
    const mapped = sc.parallelize([1, 2, 3, 4], 4).map(
      x => {
        calls.add(1)
        return x
      },
      { calls },
    )
    const records = mapped.toLocalIterator()
    exactly(calls.value, 0)
    exactly((await records.next()).value, 1)
    exactly(calls.value, 1)
    exactly((await records.next()).value, 2)
    exactly(calls.value, 2)
    await records.return()
    exactly(calls.value, 2)
    const failing = sc.parallelize([1, 2], 2).map(x => {
      if (x === 2) throw new Error('too far')
      return x
    })
    const some = failing.toLocalIterator()
    exactly((await some.next()).value, 1)
    await fails(some.next(), 'MILLRACE_TASK', /too far/)
    exactly(await some.next(), { value: undefined, done: true })
  }))

test('the memory of an iterator comes back, whether it is read to its end, left or forgotten', () =>
  withContext(async sc => {
    const one = sc.range(0, 200_000, 1, 2).map(x => x + 0.5)
    await gathered(one)
    // Workers keep some memory for their next task; a partition is 800,000 bytes.
    const before = sc.info().heap.used
    const isHeld = (): boolean => sc.info().heap.used > before + 400_000
    for await (const x of one.toLocalIterator()) if (x > 10) break
    assert.not.ok(isHeld(), 'after it was left')
    await (async () => {
      await one.toLocalIterator().next()
    })()
    assert.ok(isHeld(), 'an iterator that can still be read holds its partition')
    for (let i = 0; i < 100 && isHeld(); i++) {
      await new Promise(setImmediate)
      collectGarbage()
      await new Promise(setImmediate)
    }
    assert.not.ok(isHeld(), 'after it was forgotten')
  }))

test.run()
