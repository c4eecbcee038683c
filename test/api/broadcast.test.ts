import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, onWorkers, withContext } from '../support/with-context.js'

const VALUES: unknown[] = [
  undefined,
  null,
  -0,
  2n ** 70n,
  '\ud800',
  'x'.repeat(100_000),
  new Map<unknown, unknown>([[1, { a: [new Date(5), /x/g] }]]),
  new Float64Array([1.5, Number.NaN]),
]

test('a broadcast value reaches the functions as it was given', () =>
  withContext(async sc => {
    for (const value of VALUES) {
      const b = sc.broadcast(value)
      assert.is(b.value, value)
      for (const rdd of bothWays(sc.range(3)))
        exactly(await rdd.map(() => [b.value], { b }).collect(), [[value], [value], [value]])
    }
  }))

test('after unpersist the same RDD reads it again, whatever has been put into the heap since', () =>
  withContext(async sc => {
    for (const source of bothWays(sc.range(4))) {
      const names = sc.broadcast(['zero', 'one', 'two', 'three'])
      const rdd = source.map(x => names.value[x], { names })
      exactly(await rdd.collect(), names.value)
      names.unpersist()
      const other = sc.broadcast('y'.repeat(10_000))
      exactly(await source.map(() => other.value.length, { other }).first(), 10_000)
      exactly(await rdd.collect(), names.value)
    }
  }))

test('a destroyed broadcast is refused, also by an RDD that has used it before', () =>
  withContext(async sc => {
    for (const source of bothWays(sc.range(4))) {
      const b = sc.broadcast([1, 2])
      const used = source.map(x => x + b.value.length, { b })
      const unused = source.map(x => x - b.value.length, { b })
      exactly(await used.collect(), [2, 3, 4, 5])
      b.destroy()
      for (const use of [
        () => used.collect(),
        () => unused.collect(),
        () => b.value,
        () => b.unpersist(),
        () => b.destroy(),
      ])
        await fails(use, 'MILLRACE_STATE', /Attempted to use Broadcast\(\d+\) after it was destroyed/)
    }
  }))

test('destroy waits for the job that is reading the value', () =>
  withContext(async sc => {
    const b = sc.broadcast('z'.repeat(1_000_000))
    const lengths = onWorkers(sc.range(0, 8, 1, 8)).map(() => b.value.length, { b })
    exactly(await lengths.count(), 8)
    b.unpersist() // the workers read it again
    const reading = lengths.collect()
    await new Promise(setImmediate)
    b.destroy()
    // It was too late, or in time: never something between.
    const result = await reading.catch((error: { code: string }) => error.code)
    if (result !== 'MILLRACE_STATE') exactly(result, new Array(8).fill(1_000_000))
  }))

test('destroy gives the memory back', () =>
  withContext(async sc => {
    await sc.range(1).collect()
    const before = sc.info().heap.used
    const b = sc.broadcast(new Uint8Array(10_000_000))
    exactly(
      await sc
        .range(1)
        .map(() => b.value.length, { b })
        .collect(),
      [10_000_000],
    )
    assert.ok(sc.info().heap.used > before + 10_000_000)
    b.destroy()
    await sc.range(1).collect()
    assert.ok(sc.info().heap.used < before + 1_000_000, `${sc.info().heap.used} bytes are in use`)
  }))

test('a value without room in the heap is refused, each time', () =>
  withContext(
    async sc => {
      const b = sc.broadcast('w'.repeat(20_000_000))
      for (const rdd of [...bothWays(sc.range(1)), sc.range(1)])
        await fails(
          rdd.map(() => b.value.length, { b }).collect(),
          'MILLRACE_HEAP_FULL',
          /19\.1 MiB.*Raise the Context option 'memory'/,
        )
    },
    { memory: '16MiB' },
  ))

test('what cannot be broadcast is refused', () =>
  withContext(async sc => {
    await fails(() => sc.broadcast(sc), 'MILLRACE_CONTEXT_CAPTURED', /attempting to reference SparkContext/)
    await fails(
      () => sc.broadcast([sc.range(1)]),
      'MILLRACE_CONTEXT_CAPTURED',
      /attempting to broadcast an RDD/,
    )
    const b = sc.broadcast({ f: () => 1 })
    await fails(
      sc
        .range(1)
        .map(() => b.value.f(), { b })
        .collect(),
      'MILLRACE_VALUE',
      /function f/,
    )
  }))

test('a broadcast and an accumulator belong to their context', () =>
  withContext(one =>
    withContext(async two => {
      const [b, sum] = [two.broadcast(1), two.accumulator(0)]
      for (const rdd of bothWays(one.range(3))) {
        await fails(
          rdd.map(x => x + b.value, { b }).collect(),
          'MILLRACE_CAPTURE',
          /the Broadcast to be of the Context/,
        )
        await fails(
          rdd.foreach(x => sum.add(x), { sum }),
          'MILLRACE_CAPTURE',
          /the Accumulator to be of the Context/,
        )
      }
      exactly(
        await two
          .range(2)
          .map(x => x + b.value, { b })
          .collect(),
        [1, 2],
      )
    }),
  ))

test.run()
