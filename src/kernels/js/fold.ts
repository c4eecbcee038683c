import { LAYOUT } from '../layout.js'
import { i32At, placeOf } from './table.js'

const { T_CAPACITY, T_COUNT, T_DENSE_MIN, T_DENSE_RANGE, T_KEYS, T_MARKED, T_SLOTS } = LAYOUT

/** The folds, by their FOLD_… number. */
export const FOLDS: readonly ((a: number, b: number) => number)[] = [
  (a, b) => a + b,
  (a, b) => Math.min(a, b),
  (a, b) => Math.max(a, b),
  (a, b) => (a < b ? a : b),
  (a, b) => (a <= b ? a : b),
  (a, b) => (a > b ? a : b),
  (a, b) => (a >= b ? a : b),
  (a, b) => (a < b ? b : a),
  (a, b) => (a <= b ? b : a),
  (a, b) => (a > b ? b : a),
  (a, b) => (a >= b ? b : a),
]

export function fold(op: number, values: Float64Array | Int32Array, first: number): number {
  let acc = first
  if (op === 0) {
    for (let i = 0; i < values.length; i++) acc += values[i]!
    return acc
  }
  const f = FOLDS[op]!
  for (let i = 0; i < values.length; i++) acc = f(acc, values[i]!)
  return acc
}

export function foldByGroup(
  op: number,
  acc: Float64Array,
  next: number,
  ids: Int32Array,
  values: Float64Array | Int32Array,
): number {
  const f = FOLDS[op]!
  let fresh = next
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!
    if (id === fresh) acc[fresh++] = values[i]!
    else if (op === 0) acc[id] += values[i]!
    else acc[id] = f(acc[id]!, values[i]!)
  }
  return fresh
}

export function foldConstByGroup(
  op: number,
  acc: Float64Array,
  next: number,
  ids: Int32Array,
  value: number,
): number {
  const f = FOLDS[op]!
  let fresh = next
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!
    if (id === fresh) acc[fresh++] = value
    else if (op === 0) acc[id] += value
    else acc[id] = f(acc[id]!, value)
  }
  return fresh
}

/**
 * What leaves any other value as it is, by FOLD_… number: an accumulator that is filled with it has no value yet. The folds
 * that have none come last.
 */
export const NEUTRAL: readonly number[] = [-0, Infinity, -Infinity, NaN, NaN, NaN, NaN]

/** Values of a table that folds, by row. */
function foldDenseWith(
  table: Int32Array,
  op: number,
  acc: Float64Array,
  keys: Int32Array,
  from: number,
  value: (row: number) => number,
): number {
  const f = FOLDS[op]!
  const neutral = NEUTRAL[op]!
  const least = table[T_DENSE_MIN]!
  const range = table[T_DENSE_RANGE]! >>> 0
  const capacity = table[T_CAPACITY]!
  const own = i32At(table, T_KEYS, capacity)
  const marks = new Uint8Array(table.buffer, placeOf(table, T_SLOTS), capacity === 0 ? 0 : range)
  let count = table[T_COUNT]!
  let row = from
  for (; row < keys.length; row++) {
    const at = (keys[row]! - least) >>> 0
    if (at >= range) break
    if (capacity > 0 && Object.is(acc[at], neutral) && marks[at] === 0) {
      if (count === capacity) break
      own[count++] = keys[row]!
    }
    const now = op === 0 ? acc[at]! + value(row) : f(acc[at]!, value(row))
    acc[at] = now
    if (capacity > 0 && Object.is(now, neutral)) table[T_MARKED] = marks[at] = 1
  }
  table[T_COUNT] = count
  return row
}

export function foldDense(
  table: Int32Array,
  op: number,
  acc: Float64Array,
  keys: Int32Array,
  from: number,
  values: Float64Array | Int32Array,
): number {
  return foldDenseWith(table, op, acc, keys, from, row => values[row]!)
}

export function foldConstDense(
  table: Int32Array,
  op: number,
  acc: Float64Array,
  keys: Int32Array,
  from: number,
  value: number,
): number {
  return foldDenseWith(table, op, acc, keys, from, () => value)
}

export function exactness(values: Float64Array): number {
  let found = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) return 2
    if (!Number.isSafeInteger(value)) found = 1
  }
  return found
}

export function negateF64(values: Float64Array, out: Float64Array): void {
  for (let i = 0; i < values.length; i++) out[i] = -values[i]!
}
