import v8 from 'node:v8'
import vm from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withContext } from '../support/with-context.js'

v8.setFlagsFromString('--expose-gc')
const collectGarbage = vm.runInNewContext('gc') as () => void

/** Collects garbage until a condition holds, with turns of the event loop for what is called when something is collected. */
async function collected(condition: () => boolean): Promise<void> {
  // A look at a weak reference keeps its target until the next turn.
  for (let i = 0; i < 100; i++) {
    await new Promise(setImmediate)
    collectGarbage()
    await new Promise(setImmediate)
    if (condition()) return
  }
}

test('an accumulator that nobody holds any more is garbage', () =>
  withContext(async sc => {
    const dropped = new WeakRef(sc.accumulator(0))
    await collected(() => dropped.deref() === undefined)
    assert.is(dropped.deref(), undefined)
  }))

test('an accumulator that only a running job holds is not', () =>
  withContext(async sc => {
    const sums: number[] = []
    const count = (): Promise<void> => {
      const sum = sc.accumulator(
        { total: 0 },
        { zero: () => ({ total: 0 }), addInPlace: (a, b) => ({ total: a.total + b.total }) },
      )
      const job = sc.range(10).foreach(() => sum.add({ total: 1 }), { sum })
      return job.then(() => void sums.push(sum.value.total))
    }
    const jobs = [count(), count()]
    collectGarbage()
    await Promise.all(jobs)
    assert.equal(sums, [10, 10])
  }))

test('the memory of a list that nobody holds any more comes back', () =>
  withContext(async sc => {
    const used = async (): Promise<number> => {
      await sc.parallelize(Array.from({ length: 100_000 }, (_, i) => i)).count()
      return sc.info().heap.used
    }
    const before = await used()
    assert.ok(before > 300_000)
    await collected(() => sc.info().heap.used < before - 300_000)
    assert.ok(sc.info().heap.used < before - 300_000, `${sc.info().heap.used} of ${before} bytes are in use`)
  }))

test.run()
