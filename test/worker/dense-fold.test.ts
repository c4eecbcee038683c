import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LAYOUT } from '../../src/kernels/layout.js'
import { loadKernels } from '../../src/kernels/load.js'
import { Arena } from '../../src/memory/arena.js'
import { ConstColumn, NumberColumn } from '../../src/memory/column.js'
import { Heap } from '../../src/memory/heap.js'
import type { PlacedPairs } from '../../src/memory/placed.js'
import { DenseFold } from '../../src/worker/keyed/dense-fold.js'
import { exactly } from '../support/exactly.js'
import { Seeded } from '../support/seeded.js'
import { withContext } from '../support/with-context.js'

/** So many rows go through several chunks of a task: what fits at first may not fit later on. */
const ROWS = 80_000
const PARTS = 3

type Pair = [key: unknown, value: unknown]

const random = new Seeded(43)
const key = (range: number): number => random.below(range) - (range >> 2)
const late = (row: number): boolean => row % (ROWS / 2) > ROWS / 3

const CASES: [name: string, pairs: (row: number) => Pair][] = [
  ['few keys', row => [key(10), row / 3]],
  ['many keys', row => [key(5000), row / 3]],
  ['more keys than come back often', row => [key(20_000), row / 3]],
  ['keys that go up', row => [row, 1]],
  ['a range that grows', row => [late(row) ? key(90_000) : key(100), 0.1]],
  ['a range that becomes too large', row => [late(row) && row % 5 === 0 ? row * 20_011 : key(500), 0.1]],
  ['now near, now far apart', row => [(row >> 14) % 2 ? key(500) : Math.imul(key(500), 40_000_003), 0.1]],
  ['values that look like none', row => [key(3000), late(row) ? random.pick([-0, 0, NaN, Infinity]) : -0]],
  ['values that are no numbers in the end', row => [key(300), late(row) && row % 7 === 0 ? 'x' : 1]],
  ['keys with a fraction in the end', row => [late(row) ? key(300) / 2 : key(300), 1]],
  ['keys that are text in the end', row => [late(row) && row % 3 === 0 ? `k${row % 10}` : key(300), 1]],
  ['one key a chunk', row => [row >> 14, 1]],
]

/** As decision 11 of the semantics has it: keys by first appearance over the partitions in order. */
function plain<V>(pairs: Pair[], add: (a: V, b: V) => unknown): Pair[] {
  const merged = new Map<unknown, unknown>()
  const slice = Math.ceil(pairs.length / 2)
  for (const part of [pairs.slice(0, slice), pairs.slice(slice)]) {
    const sums = new Map<unknown, unknown>()
    for (const [k, v] of part) sums.set(k, sums.has(k) ? add(sums.get(k) as V, v as V) : v)
    for (const [k, v] of sums) merged.set(k, merged.has(k) ? add(merged.get(k) as V, v as V) : v)
  }
  return [...merged]
}

const sorted = (pairs: Pair[]): Pair[] => pairs.sort(([a], [b]) => (a as number) - (b as number))

for (const [name, pairOf] of CASES) {
  test(`${name}: the same sums in the same order as a Map has them`, () =>
    withContext(async sc => {
      const pairs = Array.from({ length: ROWS }, (_, row) => pairOf(row))
      const expected = plain(pairs, (a: number, b: number) => a + b)
      const sums = (parts: number): Promise<Pair[]> =>
        sc
          .parallelize(pairs, 2)
          .reduceByKey((a, b) => (a as number) + (b as number), parts)
          .collect()
      exactly(await sums(1), expected)
      const divided = await sums(PARTS)
      exactly(divided.length, expected.length)
      for (let part = 0; part < PARTS; part++) {
        const whole = ([k]: Pair): boolean => Number.isInteger(k) && ((k as number) - part) % PARTS === 0
        exactly(divided.filter(whole), expected.filter(whole))
      }
    }))
}

// One value for all rows: ones are counted, others are not.
const CONSTANTS: [value: unknown, pair: (key: number) => Pair, add: (a: never, b: never) => unknown][] = [
  [1, k => [k, 1], (a: number, b: number) => a + b],
  [2, k => [k, 2], (a: number, b: number) => a + b],
  [0.1, k => [k, 0.1], (a: number, b: number) => a + b],
  [0, k => [k, 0], (a: number, b: number) => a + b],
  [-0, k => [k, -0], (a: number, b: number) => a + b],
  [-1, k => [k, -1], (a: number, b: number) => a + b],
  [1, k => [k, 1], (a: number, b: number) => Math.max(a, b)],
  [[1, 1], k => [k, [1, 1]], ([a, b]: number[], [c, d]: number[]) => [a! + c!, b! + d!]],
  [[1, 3], k => [k, [1, 3]], ([a, b]: number[], [c, d]: number[]) => [a! + c!, b! + d!]],
]

for (const [value, pair, add] of CONSTANTS) {
  test(`${inspect(value)} for every row: the same as a Map has it, by ${add}`, () =>
    withContext(async sc => {
      const keys = Array.from({ length: ROWS }, () => key(4000))
      const expected = plain(
        keys.map((k): Pair => [k, value]),
        add,
      )
      const reduced = (parts: number): Promise<Pair[]> =>
        sc
          .parallelize(keys, 2)
          .map(pair)
          .reduceByKey(add as never, parts)
          .collect()
      exactly(await reduced(1), expected)
      exactly(sorted(await reduced(PARTS)), sorted(expected))
    }))
}

test('ones from some tasks, and other values from others', () =>
  withContext(async sc => {
    const keys = Array.from({ length: ROWS }, () => key(4000))
    const others = keys.map((k): [number, number] => [k + 500, random.pick([-0, 0.5, 3])])
    const ones = sc.parallelize(keys, 2).map((k): [number, number] => [k, 1])
    for (const [first, second] of [
      [ones, sc.parallelize(others, 1)],
      [sc.parallelize(others, 1), ones],
    ] as const) {
      const all = (await first.collect()).concat(await second.collect())
      const expected = new Map<number, number>()
      for (const [k, v] of all) expected.set(k, expected.has(k) ? expected.get(k)! + v : v)
      exactly(
        await first
          .union(second)
          .reduceByKey((a, b) => a + b, 1)
          .collect(),
        [...expected],
      )
    }
  }))

const SUM = { op: LAYOUT.FOLD_SUM }

for (const native of ['auto', 'off'] as const)
  test(`counts go on as sums, and keep their keys (native: ${native})`, () => {
    const heap = Heap.reserve(16 * 2 ** 20)
    const kernels = loadKernels(heap.buffer, native)
    const arena = new Arena(heap)
    const column = (values: number[]): NumberColumn => {
      const numbers = arena.i32(values.length)
      numbers.set(values)
      return new NumberColumn(numbers)
    }
    const fold = new DenseFold(SUM, { least: -4, range: 16 }, kernels, arena)
    const one = (rows: number): ConstColumn => new ConstColumn(rows, 1)
    assert.is(fold.add(column([3, -4, 3]), one(3)), 3)
    assert.is(fold.add(column([3, 12, 5]), one(3)), 1, 'a key outside')
    assert.is(fold.add(column([5, 3]), column([10, 20])), 2)
    assert.is(fold.add(column([5, 7]), one(2)), 2)
    assert.is(fold.add(column([7]), new ConstColumn(1, 'text')), 0, 'no number')
    const expected = [
      [3, 23],
      [-4, 1],
      [5, 11],
      [7, 1],
    ]
    const [keys, values] = fold.finish(arena)
    exactly(
      Array.from({ length: 4 }, (_, i) => [keys.get(i), values.get(i)]),
      expected,
    )
    const placed = fold.placed(2, arena)!
    const all = (pairs: PlacedPairs): unknown[] =>
      Array.from({ length: pairs.length }, (_, i) => pairs.get(i))
    exactly(placed.map(all), [[expected[1]], [expected[0], expected[2], expected[3]]])
    exactly([...placed[0]!.marks], [1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1])
    const wide = new DenseFold(SUM, { least: 0, range: 1000 }, kernels, arena)
    wide.add(column([0, 999]), one(2))
    assert.is(wide.placed(2, arena), undefined, 'too far apart to be kept so')
  })

interface Stats {
  n: number
  most: number
  least: number
}

test('several numbers at a time, and other folds than sums', () =>
  withContext(async sc => {
    const pairs = Array.from({ length: ROWS }, (_, row): [number, Stats] => [
      key(4000),
      { n: 1, most: row / 3, least: late(row) ? -row : Infinity },
    ])
    const both = (a: Stats, b: Stats): Stats => ({
      n: a.n + b.n,
      most: Math.max(a.most, b.most),
      least: a.least < b.least ? a.least : b.least,
    })
    exactly(await sc.parallelize(pairs, 2).reduceByKey(both, 1).collect(), plain(pairs, both) as never)
  }))

test.run()
