import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

test('whole numbers and what is no number stand side by side', () =>
  withContext(async sc => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 })
    exactly(await sc.parallelize([1, 2n, 3], 1).collect(), [1, 2n, 3])
    exactly(await sc.parallelize<unknown>([1, bare], 1).collect(), [1, { a: 1 }])
    exactly(
      await sc
        .range(0, 200, 1, 1)
        .map((x): number | bigint => (x === 150 ? BigInt(x) : x))
        .collect(),
      Array.from({ length: 200 }, (_, x) => (x === 150 ? 150n : x)),
    )
    await fails(sc.parallelize<unknown>([1, Symbol('x')], 1).collect(), 'MILLRACE_VALUE', /Symbol\(x\)/)
  }))

test('records in a circle, and very deep ones, come back as they went in', () =>
  withContext(async sc => {
    type Ring = { name: string; next?: Ring; list?: unknown[] }
    const ring: Ring = { name: 'a' }
    ring.next = { name: 'b', next: ring }
    ring.list = [ring, [ring]]
    for (const rdd of bothWays(sc.parallelize([ring], 1))) {
      const [back] = (await rdd.collect()) as [Ring]
      assert.is(back.next!.next, back)
      assert.is((back.list![1] as Ring[])[0], back)
    }
    let deep: unknown[] = []
    for (let i = 0; i < 1000; i++) deep = [deep]
    for (const rdd of bothWays(sc.parallelize([deep, deep], 1))) {
      const records = await rdd.collect()
      assert.is(JSON.stringify(records), JSON.stringify([deep, deep]))
    }
  }))

test.run()
