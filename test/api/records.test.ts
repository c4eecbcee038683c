import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

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

test.run()
