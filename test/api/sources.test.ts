import type { Context, RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, partitionsOf, withContext } from '../support/with-context.js'

test('parallelize cuts as Scala does: slice i is [i*n/k, (i+1)*n/k)', () =>
  withContext(async sc => {
    for (const [n, k] of [
      [0, 3],
      [1, 3],
      [3, 7],
      [10, 3],
      [10, 4],
      [5, 1],
    ] as const) {
      const items = Array.from({ length: n }, (_, i) => i)
      const slices = Array.from({ length: k }, (_, i) =>
        items.slice(Math.floor((i * n) / k), Math.floor(((i + 1) * n) / k)),
      )
      const sources = [
        sc.parallelize(items, k),
        sc.range(0, n, 1, k),
        sc.parallelize(new Float64Array(items), k),
        sc.parallelize(new Int32Array(items), k),
      ]
      for (const rdd of sources.flatMap(bothWays)) {
        assert.is(rdd.getNumPartitions(), k)
        exactly(await partitionsOf(rdd), slices)
      }
    }
    assert.is(sc.parallelize([1, 2, 3]).getNumPartitions(), sc.defaultParallelism)
  }))

test('parallelize takes what can be iterated, and copies the list', () =>
  withContext(async sc => {
    const list = [1, 2]
    const rdd = sc.parallelize(list)
    list.push(3)
    exactly(await rdd.collect(), [1, 2])
    exactly(await sc.parallelize(new Set(['a', 'b'])).collect(), ['a', 'b'])
    exactly(await sc.parallelize(new Map([['a', 1]])).collect(), [['a', 1]])
    exactly(await sc.parallelize('a😀').collect(), ['a', '😀'])
    exactly(await sc.parallelize(new BigUint64Array([2n ** 64n - 1n])).collect(), [2n ** 64n - 1n])
    exactly(await sc.parallelize(new Uint8Array([255])).collect(), [255])
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried
    exactly(await sc.parallelize([1, , 3], 1).collect(), [1, undefined, 3])
    const once = (function* () {
      yield* [5, 6]
    })()
    const generated = sc.parallelize(once)
    exactly(
      [await generated.collect(), await generated.collect()],
      [
        [5, 6],
        [5, 6],
      ],
    )
  }))

test('range counts from start to before end', () =>
  withContext(async sc => {
    const cases: [RDD<number>, number[]][] = [
      [sc.range(5), [0, 1, 2, 3, 4]],
      [sc.range(2, 8, 3), [2, 5]],
      [sc.range(5, 0, -2), [5, 3, 1]],
      [sc.range(0, 1, 0.25), [0, 0.25, 0.5, 0.75]],
      [sc.range(3, 3), []],
      [sc.range(0, -1), []],
      [sc.range(2 ** 31 - 1, 2 ** 31 + 1), [2147483647, 2147483648]],
      [sc.range(-(2 ** 31) - 1, -(2 ** 31) + 1), [-2147483649, -2147483648]],
      [sc.range(2 ** 53, 2 ** 53 + 4, 2), [2 ** 53, 2 ** 53 + 2]],
    ]
    for (const [rdd, records] of cases) for (const way of bothWays(rdd)) exactly(await way.collect(), records)
  }))

test('columns and pairs make records of columns of one length', () =>
  withContext(async sc => {
    const rows = sc.columns(
      {
        user: new Int32Array([1, 2, 3]),
        amount: new Float64Array([0.5, -0, Number.NaN]),
        name: ['x', 'y', null],
      },
      2,
    )
    for (const rdd of bothWays(rows))
      exactly(await partitionsOf(rdd), [
        [{ user: 1, amount: 0.5, name: 'x' }],
        [
          { user: 2, amount: -0, name: 'y' },
          { user: 3, amount: Number.NaN, name: null },
        ],
      ])
    for (const rdd of bothWays(sc.pairs(new BigInt64Array([1n, -(2n ** 63n)]), [undefined, [1]], 1)))
      exactly(await rdd.collect(), [
        [1n, undefined],
        [-(2n ** 63n), [1]],
      ])
    const numbers = {
      a: new Float32Array([0.1]),
      b: new Uint32Array([2 ** 32 - 1]),
      c: new Int16Array([-1]),
      d: new Uint8Array([255]),
    }
    exactly(await sc.columns(numbers).collect(), [{ a: Math.fround(0.1), b: 4294967295, c: -1, d: 255 }])
    exactly(await sc.columns({ a: [] }, 2).glom().collect(), [[], []])
  }))

test('what is no source is refused when it is given', () =>
  withContext(async sc => {
    // As from JavaScript.
    const loose = sc as unknown as Record<keyof Context, (...args: unknown[]) => unknown>
    const wrong: [() => unknown, RegExp][] = [
      [() => loose.parallelize(5), /an array or another iterable for parallelize but received 5/],
      [() => loose.parallelize(null), /received null/],
      [() => loose.parallelize({ a: 1 }), /received \{"a":1\}/],
      [() => loose.parallelize([1], 0), /a whole number from 1 to 100000 for numSlices but received 0/],
      [() => loose.parallelize([1], 1.5), /received 1\.5/],
      [() => loose.range('5'), /finite numbers for range/],
      [() => loose.range(Number.NaN), /finite numbers for range/],
      [() => loose.range(0, 1, 0), /a step other than 0/],
      [() => loose.columns(null), /an object of columns/],
      [() => loose.columns({}), /an object of columns/],
      [() => loose.columns({ a: [1], b: [1, 2] }), /columns of one length but received lengths 1, 2/],
      [() => loose.columns({ a: 1 }), /a typed array or an array for a column of columns but received 1/],
      [() => loose.columns({ a: 'text' }), /received "text"/],
      [() => loose.columns({ a: undefined }), /received undefined/],
      [() => loose.columns({ a: new BigUint64Array(1) }), /received BigUint64Array/],
      [() => loose.pairs(1, 2), /a column of pairs but received 1/],
      [() => loose.pairs([1], [1, 2]), /lengths 1, 2/],
      [() => loose.textFile(''), /a path for textFile/],
      [() => loose.union([1]), /an array of RDDs/],
    ]
    for (const [make, pattern] of wrong) await fails(make, 'MILLRACE_OPTION', pattern)
  }))

test.run()
