import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LAYOUT } from '../../src/kernels/layout.js'
import { exactly } from '../support/exactly.js'
import { eachKernels } from '../support/kernels.js'
import { Seeded } from '../support/seeded.js'

/** What the comments of layout.ts say, in JavaScript. */
const FOLDS: [op: number, f: (a: number, b: number) => number][] = [
  [LAYOUT.FOLD_SUM, (a, b) => a + b],
  [LAYOUT.FOLD_MIN, (a, b) => Math.min(a, b)],
  [LAYOUT.FOLD_MAX, (a, b) => Math.max(a, b)],
  [LAYOUT.FOLD_LT, (a, b) => (a < b ? a : b)],
  [LAYOUT.FOLD_LE, (a, b) => (a <= b ? a : b)],
  [LAYOUT.FOLD_GT, (a, b) => (a > b ? a : b)],
  [LAYOUT.FOLD_GE, (a, b) => (a >= b ? a : b)],
  [LAYOUT.FOLD_LT_B, (a, b) => (a < b ? b : a)],
  [LAYOUT.FOLD_LE_B, (a, b) => (a <= b ? b : a)],
  [LAYOUT.FOLD_GT_B, (a, b) => (a > b ? b : a)],
  [LAYOUT.FOLD_GE_B, (a, b) => (a >= b ? b : a)],
]
const DOUBLES = [0, -0, 1, -1, 0.1, 0.2, 1e16, -1e16, 1.7e308, -1.7e308, 5e-324, Infinity, -Infinity, NaN]
const WHOLES = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 65536]

test('every fold has its own number', () => {
  assert.is(new Set(FOLDS.map(([op]) => op)).size, FOLDS.length)
  assert.is(FOLDS.length, Object.keys(LAYOUT).filter(name => name.startsWith('FOLD_')).length)
})

eachKernels('a fold of every pair of edge values', (k, memory) => {
  const [double, whole] = [memory.f64(1), memory.i32(1)]
  for (const [op, f] of FOLDS) {
    for (const a of DOUBLES) {
      for (const b of DOUBLES) {
        double[0] = b
        assert.ok(Object.is(k.fold(op, double, a), f(a, b)), `fold ${op} of ${a} and ${b}`)
      }
      for (const b of WHOLES) {
        whole[0] = b
        assert.ok(Object.is(k.fold(op, whole, a), f(a, b)), `fold ${op} of ${a} and ${b}`)
      }
    }
  }
})

eachKernels('a fold goes row by row, so that sums round as in a loop', (k, memory) => {
  const random = new Seeded(9)
  for (const [op, f] of FOLDS) {
    for (const length of [0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 1000]) {
      memory.arena.reset()
      const doubles = Array.from({ length }, () => (random.next() - 0.5) * 10 ** random.below(30))
      const wholes = Array.from({ length }, () => (random.next() * 2 ** 32) | 0)
      exactly(k.fold(op, memory.f64(doubles), 0.1), doubles.reduce(f, 0.1), `fold ${op}`)
      exactly(k.fold(op, memory.i32(wholes), -0), wholes.reduce(f, -0), `fold ${op}`)
    }
  }
})

/** The same with a Map in place of the kernels' dense ids. */
function plainByGroup(
  f: (a: number, b: number) => number,
  before: number[],
  ids: number[],
  value: (row: number) => number,
): number[] {
  const groups = new Map(before.entries())
  ids.forEach((id, row) => {
    groups.set(id, groups.has(id) ? f(groups.get(id)!, value(row)) : value(row))
  })
  return [...groups.values()]
}

eachKernels('folds by group: new groups and old, few and more than a cache holds', (k, memory) => {
  const random = new Seeded(10)
  for (const [rows, known] of [
    [0, 0],
    [1, 0],
    [100, 0],
    [100, 20],
    [31, 8193],
    [9000, 8193],
  ] as const) {
    for (const [op, f] of FOLDS) {
      memory.arena.reset()
      let next = known
      const ids = Array.from({ length: rows }, () =>
        next === 0 || random.chance(0.3) ? next++ : random.below(next),
      )
      const before = random.many(known, DOUBLES)
      const doubles = random.many(rows, DOUBLES)
      const wholes = random.many(rows, WHOLES)
      const check = (run: (acc: Float64Array) => number, value: (row: number) => number): void => {
        const acc = memory.f64(next)
        acc.set(before)
        assert.is(run(acc), next, 'the number of groups')
        const expected = plainByGroup(f, before, ids, value)
        const wrong = expected.findIndex((x, group) => !Object.is(acc[group], x))
        assert.is(wrong, -1, `fold ${op}: ${acc[wrong]} in place of ${expected[wrong]}`)
      }
      const id = memory.i32(ids)
      const [f64s, i32s] = [memory.f64(doubles), memory.i32(wholes)]
      check(
        acc => k.foldByGroup(op, acc, known, id, f64s),
        row => doubles[row]!,
      )
      check(
        acc => k.foldByGroup(op, acc, known, id, i32s),
        row => wholes[row]!,
      )
      check(
        acc => k.foldConstByGroup(op, acc, known, id, -0),
        () => -0,
      )
      check(
        acc => k.foldConstByGroup(op, acc, known, id, 0.1),
        () => 0.1,
      )
    }
  }
})

test.run()
