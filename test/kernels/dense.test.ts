import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FOLDS, NEUTRAL } from '../../src/kernels/js/fold.js'
import type { Kernels } from '../../src/kernels/kernels.js'
import { LAYOUT } from '../../src/kernels/layout.js'
import { exactly } from '../support/exactly.js'
import { eachKernels, type Memory } from '../support/kernels.js'
import { RawTable } from '../support/key-table.js'
import { Seeded } from '../support/seeded.js'

const DOUBLES = [0, -0, 1, -1, 0.1, 1e16, -1e16, 1.7e308, 5e-324, Infinity, -Infinity, NaN]
const WHOLES = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)]
const OPS = NEUTRAL.map((_, op) => op)

/** Keys and accumulators of a table that folds. */
class Folding {
  readonly table: RawTable
  readonly acc: Float64Array
  readonly op: number

  constructor(memory: Memory, op: number, least: number, range: number, capacity = range) {
    this.op = op
    this.table = new RawTable(memory, { capacity, least, range })
    this.acc = memory.f64(range).fill(NEUTRAL[op]!)
  }
  add(k: Kernels, keys: Int32Array, from: number, values: Float64Array | Int32Array | number): number {
    return typeof values === 'number'
      ? k.foldConstDense(this.table.header, this.op, this.acc, keys, from, values)
      : k.foldDense(this.table.header, this.op, this.acc, keys, from, values)
  }
  pairs(k: Kernels, memory: Memory): [key: number, value: number][] {
    const { count, header } = this.table
    const keys = (this.table.keys as Int32Array).subarray(0, count)
    const places = memory.i32(count)
    k.placesOf(keys, header[LAYOUT.T_DENSE_MIN]!, 1, this.acc.length, places)
    return Array.from(keys, (key, i) => [key, this.acc[places[i]!]!])
  }
}

test('what is neutral leaves any value as it is, to the bit', () => {
  for (const op of OPS)
    for (const value of DOUBLES)
      assert.ok(Object.is(FOLDS[op]!(NEUTRAL[op]!, value), value), `fold ${op} of ${value}`)
})

eachKernels('keys are found and folded in one go, noted as they first come', (k, memory) => {
  const random = new Seeded(41)
  for (const op of OPS) {
    for (const [rows, range, least] of [
      [0, 5, 0],
      [1, 1, 7],
      [300, 7, -3],
      [300, 500, -(2 ** 31)],
      [9000, 40, 2 ** 31 - 40],
      [20_000, 9000, -4500],
    ] as const) {
      memory.arena.reset()
      const keys = Array.from({ length: rows }, () => least + random.below(range))
      // Most values are none that look neutral: those take another way.
      const doubles = keys.map((_, row) =>
        row > rows / 2 && random.chance(0.3) ? random.pick(DOUBLES) : row / 7,
      )
      const wholes = random.many(rows, WHOLES)
      const check = (values: Float64Array | Int32Array | number, value: (row: number) => number): void => {
        const folding = new Folding(memory, op, least, range)
        const cut = rows >> 1
        const all = memory.i32(keys)
        // In two calls, the second one from the middle on.
        const head = typeof values === 'number' ? values : values.subarray(0, cut)
        assert.is(folding.add(k, all.subarray(0, cut), 0, head), cut)
        assert.is(folding.add(k, all, cut, values), rows)
        const expected = new Map<number, number>()
        keys.forEach((key, row) => {
          const before = expected.get(key)
          expected.set(key, expected.has(key) ? FOLDS[op]!(before!, value(row)) : value(row))
        })
        exactly(folding.pairs(k, memory), [...expected])
      }
      check(memory.f64(doubles), row => doubles[row]!)
      check(memory.i32(wholes), row => wholes[row]!)
      check(0.1, () => 0.1)
      check(NEUTRAL[op]!, () => NEUTRAL[op]!)
    }
  }
})

eachKernels('a value that looks neutral is one, and its key is noted once', (k, memory) => {
  const sums = new Folding(memory, LAYOUT.FOLD_SUM, 0, 4)
  assert.is(sums.add(k, memory.i32([2, 2, 1, 2]), 0, memory.f64([-0, -0, 5, -0])), 4)
  assert.is(sums.add(k, memory.i32([2, 1, 0]), 0, memory.f64([3, -5, 0])), 3)
  exactly(sums.pairs(k, memory), [
    [2, 3],
    [1, 0],
    [0, 0],
  ])
  const least = new Folding(memory, LAYOUT.FOLD_LT, 0, 2)
  assert.is(least.add(k, memory.i32([1, 1, 0]), 0, memory.f64([NaN, 4, NaN])), 3)
  exactly(least.pairs(k, memory), [
    [1, 4],
    [0, NaN],
  ])
})

eachKernels('stops before a key outside the range, and when there is no room for another', (k, memory) => {
  for (const value of [1, -0]) {
    for (const outside of [-3, 2, 2 ** 31 - 1, -(2 ** 31)]) {
      const folding = new Folding(memory, LAYOUT.FOLD_SUM, -2, 4)
      assert.is(folding.add(k, memory.i32([-2, 1, outside, 0]), 0, value), 2)
      exactly(
        folding.pairs(k, memory).map(([key]) => key),
        [-2, 1],
      )
    }
    const full = new Folding(memory, LAYOUT.FOLD_SUM, 0, 4, 2)
    assert.is(full.add(k, memory.i32([3, 1, 3, 1, 0]), 0, value), 4)
    assert.is(full.add(k, memory.i32([1, 3, 2]), 0, memory.f64([1, 2, 3])), 2)
    assert.is(full.table.count, 2)
  }
})

eachKernels('a table with no room for keys only folds', (k, memory) => {
  const folding = new Folding(memory, LAYOUT.FOLD_SUM, 0, 3)
  const { header } = folding.table
  header[LAYOUT.T_CAPACITY] = header[LAYOUT.T_KEYS] = header[LAYOUT.T_SLOTS] = 0
  assert.is(folding.add(k, memory.i32([2, 0, 2, 3]), 0, memory.i32([1, 2, 3, 4])), 3)
  assert.is(folding.table.count, 0)
  exactly([...folding.acc], [2, -0, 4])
})

eachKernels('keys are divided by partition and keep their order', (k, memory) => {
  const random = new Seeded(42)
  for (const parts of [1, 2, 3, 4, 7, 8, 16, 100]) {
    for (const length of [0, 1, 2, 500]) {
      memory.arena.reset()
      const keys = Array.from({ length }, () => (random.next() * 2 ** 32) | 0)
      const [bounds, out] = [memory.i32(parts + 1), memory.i32(length + 1)]
      k.divideI32(memory.i32(keys), bounds, out)
      exactly(
        Array.from({ length: parts }, (_, t) => [...out.subarray(bounds[t], bounds[t + 1])]),
        Array.from({ length: parts }, (_, t) => keys.filter(key => ((key % parts) + parts) % parts === t)),
      )
    }
  }
})

eachKernels('numbers are told exact, rounded or not finite; negated; and filled in', (k, memory) => {
  const max = Number.MAX_SAFE_INTEGER
  for (const [values, expected] of [
    [[], 0],
    [[0, -0, 1, -max, max], 0],
    [[1, 0.5], 1],
    [[max + 1], 1],
    [[1e300, 0.1], 1],
    [[0.1, NaN, 1], 2],
    [[-Infinity], 2],
  ] as const)
    assert.is(k.exactness(memory.f64(values)), expected, `exactness of ${values}`)
  const out = memory.f64(DOUBLES.length)
  k.negateF64(memory.f64(DOUBLES), out)
  exactly(
    [...out],
    DOUBLES.map(x => -x),
  )
  k.fillF64(out.subarray(1, 4), -0)
  exactly([...out.subarray(0, 5)], [-0, -0, -0, -0, -0.1])
  const bytes = memory.u8([1, 2, 3, 4])
  k.zero(bytes.subarray(1, 3))
  exactly([...bytes], [1, 0, 0, 4])
})

test.run()
