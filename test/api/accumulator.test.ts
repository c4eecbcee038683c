import type { Accumulator } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, onWorkers, withContext } from '../support/with-context.js'

test('what functions add counts once for each action that runs them', () =>
  withContext(async sc => {
    for (const numbers of bothWays(sc.range(1, 101, 1, 4))) {
      const sum = sc.accumulator(1000)
      await numbers.foreach(x => sum.add(x), { sum })
      assert.is(sum.value, 6050)
      const counted = numbers.map(
        x => {
          sum.add(1)
          return x
        },
        { sum },
      )
      assert.is(sum.value, 6050, 'building adds nothing')
      await counted.count()
      await counted
        .map(x => [x % 3, x])
        .reduceByKey((a, b) => a + b)
        .collect()
      assert.is(sum.value, 6250)
      const kept = counted.cache()
      await kept.collect()
      await kept.collect()
      assert.is(sum.value, 6350)
      assert.is(String(sum), `Accumulator<id=${sum.id}, value=6350>`)
      sum.value = 5
      sum.add(2)
      assert.is(sum.value, 7)
    }
  }))

test('attempts that fail add nothing', () =>
  withContext(async sc => {
    const tries = new Int32Array(new SharedArrayBuffer(4))
    const [sum, tried] = [sc.accumulator(0), { tries }]
    const rdd = onWorkers(sc.range(0, 40, 1, 4)).map(
      x => {
        sum.add(1)
        if (x % 10 === 9 && Atomics.add(tried.tries, 0, 1) < 6) throw new Error('not yet')
        return x
      },
      { sum, tried },
    )
    assert.is(await rdd.count(), 40)
    assert.is(sum.value, 40)
    assert.ok(Atomics.load(tries, 0) >= 10)
  }))

test('nor does a job that fails', () =>
  withContext(async sc => {
    for (const numbers of bothWays(sc.range(0, 40, 1, 1))) {
      const sum = sc.accumulator(0)
      const failing = numbers.foreach(
        x => {
          sum.add(1)
          if (x === 30) throw new Error('no 30')
        },
        { sum },
      )
      await fails(failing, 'MILLRACE_TASK', /no 30/)
      assert.is(sum.value, 0)
    }
  }))

test('terms of any type are added as their AccumulatorParam says', () =>
  withContext(async sc => {
    class Maximum {
      zero(): number {
        return Number.NEGATIVE_INFINITY
      }
      addInPlace(a: number, b: number): number {
        return Math.max(a, b)
      }
    }
    const list = {
      zero: (): number[] => [],
      addInPlace: (a: number[], b: number[]): number[] => {
        a.push(...b)
        return a
      },
    }
    for (const numbers of bothWays(sc.range(0, 6, 1, 3))) {
      const all = sc.accumulator([-1], list)
      const most = sc.accumulator(2, new Maximum())
      await numbers.foreach(
        x => {
          all.add([x])
          most.add(x * 2)
        },
        { all, most },
      )
      exactly(all.value, [-1, 0, 1, 2, 3, 4, 5])
      assert.is(most.value, 10)
    }
  }))

test('the value is for the driver', () =>
  withContext(async sc => {
    const sum = sc.accumulator(0)
    for (const numbers of bothWays(sc.range(3))) {
      const reading = numbers.map(() => sum.value, { sum }).collect()
      await fails(reading, 'MILLRACE_STATE', /Accumulator\.value cannot be accessed inside tasks/)
      const writing = numbers.foreach(
        x => {
          sum.value = x
        },
        { sum },
      )
      await fails(writing, 'MILLRACE_STATE', /Accumulator\.value cannot be accessed inside tasks/)
    }
  }))

test('what is no accumulator is refused', () =>
  withContext(async sc => {
    const make = (...args: unknown[]): Accumulator<unknown> =>
      (sc.accumulator as (...args: unknown[]) => Accumulator<unknown>).apply(sc, args)
    await fails(() => make('x'), 'MILLRACE_OPTION', /expected a number.*Give \{ zero, addInPlace \}/)
    await fails(() => make(), 'MILLRACE_OPTION', /received undefined/)
    await fails(() => make([], {}), 'MILLRACE_OPTION', /the functions zero and addInPlace/)
    await fails(() => make([], null), 'MILLRACE_OPTION', /without an AccumulatorParam/)
  }))

test.run()
