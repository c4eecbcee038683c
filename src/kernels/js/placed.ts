import { LAYOUT } from '../layout.js'
import { FOLDS, NEUTRAL } from './fold.js'
import { i32At } from './table.js'

const { T_COUNT, T_DENSE_MIN, T_DENSE_RANGE, T_KEYS } = LAYOUT

export function countDense(table: Int32Array, counts: Int32Array, keys: Int32Array, from: number): number {
  const least = table[T_DENSE_MIN]!
  const range = table[T_DENSE_RANGE]! >>> 0
  const own = i32At(table, T_KEYS, range + 1)
  let count = table[T_COUNT]!
  let row = from
  for (; row < keys.length; row++) {
    const place = (keys[row]! - least) >>> 0
    if (place >= range) break
    if (counts[place]!++ === 0) own[count++] = keys[row]!
  }
  table[T_COUNT] = count
  return row
}

export function markCounts(counts: Int32Array, marks: Uint8Array): void {
  for (let i = 0; i < marks.length; i++) marks[i] = counts[i] === 0 ? 0 : 1
}

export function markFolded(op: number, acc: Float64Array, marks: Uint8Array): void {
  const neutral = NEUTRAL[op]!
  for (let i = 0; i < marks.length; i++) if (!Object.is(acc[i], neutral)) marks[i] = 1
}

export function takePlaces(
  neutral: number,
  acc: Float64Array,
  marks: Uint8Array,
  from: Float64Array | Int32Array,
  there: Uint8Array,
  step: number,
): void {
  for (let i = 0, at = 0; i < acc.length; i++, at += step) {
    marks[i] = there[at]!
    acc[i] = there[at] === 0 ? neutral : from[at]!
  }
}

export function foldPlaces(
  op: number,
  acc: Float64Array,
  marks: Uint8Array,
  from: Float64Array | Int32Array,
  there: Uint8Array,
  step: number,
): void {
  const f = FOLDS[op]!
  for (let i = 0, at = 0; i < acc.length; i++, at += step) {
    if (there[at] === 0) continue
    acc[i] = op === 0 ? acc[i]! + from[at]! : f(acc[i]!, from[at]!)
    marks[i] = 1
  }
}

export function slidePlaces(
  sums: Float64Array,
  slices: Int32Array,
  from: Float64Array | Int32Array,
  there: Uint8Array,
  step: number,
  leaves: boolean,
): number {
  let turned = 0
  for (let i = 0, at = 0; i < sums.length; i++, at += step) {
    if (there[at] === 0) continue
    const before = slices[i]!
    const after = leaves ? before - 1 : before + 1
    if (before === 0 || after === 0) turned++
    sums[i] = leaves ? sums[i]! - from[at]! : sums[i]! + from[at]!
    slices[i] = after
  }
  return turned
}

export function dropPlaces(sums: Float64Array, slices: Int32Array, marks: Uint8Array): void {
  for (let i = 0; i < marks.length; i++) {
    marks[i] = slices[i]! > 0 ? 1 : 0
    if (marks[i] === 0) sums[i] = -0
  }
}

export function placesOf(
  keys: Int32Array,
  first: number,
  stride: number,
  range: number,
  places: Int32Array,
): void {
  for (let i = 0; i < keys.length; i++) {
    const place = (keys[i]! - first) / stride
    if (!(place >= 0 && place < range)) throw new RangeError('a key is out of range')
    places[i] = place
  }
}

export function selectKeys(
  keys: Int32Array,
  first: number,
  stride: number,
  marks: Uint8Array,
  marked: boolean,
  out: Int32Array,
): number {
  let count = 0
  for (let i = 0; i < keys.length; i++) {
    const place = (keys[i]! - first) / stride
    if (!(place >= 0 && place < marks.length)) throw new RangeError('a key is out of range')
    if ((marks[place] !== 0) === marked) out[count++] = keys[i]!
  }
  return count
}
