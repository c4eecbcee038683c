import type { Spans } from '../kernels.js'
import { LAYOUT } from '../layout.js'
import { tagF64 } from './hash.js'
import { i32At, placeOf } from './table.js'

const {
  T_BYTES,
  T_BYTES_CAPACITY,
  T_CAPACITY,
  T_COUNT,
  T_DENSE_MIN,
  T_DENSE_RANGE,
  T_HASHES,
  T_KEYS,
  T_SHIFT,
  T_SLOTS,
} = LAYOUT
const GOLDEN = 0x9e3779b1

/** The slots as pairs: tag, then id + 1 or 0 where free. */
function slotsOf(table: Int32Array): { slots: Int32Array; shift: number; mask: number } {
  const shift = table[T_SHIFT]!
  const size = 2 ** (32 - shift)
  return { slots: i32At(table, T_SLOTS, size * 2), shift, mask: size - 1 }
}

export function groupUtf8(
  table: Int32Array,
  rows: Spans,
  hashes: Int32Array,
  from: number,
  ids: Int32Array,
): number {
  const { bytes, starts, ends } = rows
  const { slots, shift, mask } = slotsOf(table)
  const capacity = table[T_CAPACITY]!
  const offsets = i32At(table, T_KEYS, capacity + 1)
  const keyHashes = i32At(table, T_HASHES, capacity)
  const keyBytes = new Uint8Array(table.buffer, placeOf(table, T_BYTES), table[T_BYTES_CAPACITY])
  let count = table[T_COUNT]!
  let row = from
  scan: for (; row < starts.length; row++) {
    const hash = hashes[row]!
    const start = starts[row]!
    const length = ends[row]! - start
    for (let at = Math.imul(hash, GOLDEN) >>> shift; ; at = (at + 1) & mask) {
      const id = slots[2 * at + 1]! - 1
      if (id < 0) {
        const used = offsets[count]!
        if (count === capacity || used + length > keyBytes.length) break scan
        for (let k = 0; k < length; k++) keyBytes[used + k] = bytes[start + k]!
        offsets[count + 1] = used + length
        keyHashes[count] = hash
        slots[2 * at] = hash
        slots[2 * at + 1] = count + 1
        ids[row] = count++
        break
      }
      if (slots[2 * at] !== hash) continue
      const offset = offsets[id]!
      if (offsets[id + 1]! - offset !== length) continue
      let k = 0
      while (k < length && keyBytes[offset + k] === bytes[start + k]) k++
      if (k === length) {
        ids[row] = id
        break
      }
    }
  }
  table[T_COUNT] = count
  return row
}

export function groupI32(table: Int32Array, keys: Int32Array, from: number, ids: Int32Array): number {
  const { slots, shift, mask } = slotsOf(table)
  const capacity = table[T_CAPACITY]!
  const own = i32At(table, T_KEYS, capacity)
  let count = table[T_COUNT]!
  let row = from
  scan: for (; row < keys.length; row++) {
    const key = keys[row]!
    for (let at = Math.imul(key, GOLDEN) >>> shift; ; at = (at + 1) & mask) {
      const id = slots[2 * at + 1]! - 1
      if (id < 0) {
        if (count === capacity) break scan
        own[count] = key
        slots[2 * at] = key
        slots[2 * at + 1] = count + 1
        ids[row] = count++
        break
      }
      if (slots[2 * at] === key) {
        ids[row] = id
        break
      }
    }
  }
  table[T_COUNT] = count
  return row
}

export function groupF64(table: Int32Array, keys: Float64Array, from: number, ids: Int32Array): number {
  const { slots, shift, mask } = slotsOf(table)
  const capacity = table[T_CAPACITY]!
  const own = new Float64Array(table.buffer, placeOf(table, T_KEYS), capacity)
  let count = table[T_COUNT]!
  let row = from
  scan: for (; row < keys.length; row++) {
    const key = keys[row]!
    const tag = tagF64(key)
    for (let at = Math.imul(tag, GOLDEN) >>> shift; ; at = (at + 1) & mask) {
      const id = slots[2 * at + 1]! - 1
      if (id < 0) {
        if (count === capacity) break scan
        own[count] = key
        slots[2 * at] = tag
        slots[2 * at + 1] = count + 1
        ids[row] = count++
        break
      }
      if (slots[2 * at] === tag && (own[id] === key || (key !== key && own[id] !== own[id]))) {
        ids[row] = id
        break
      }
    }
  }
  table[T_COUNT] = count
  return row
}

export function groupDense(table: Int32Array, keys: Int32Array, from: number, ids: Int32Array): number {
  const range = table[T_DENSE_RANGE]! >>> 0
  const least = table[T_DENSE_MIN]!
  const capacity = table[T_CAPACITY]!
  const idAt = i32At(table, T_SLOTS, range)
  const own = i32At(table, T_KEYS, capacity)
  let count = table[T_COUNT]!
  let row = from
  for (; row < keys.length; row++) {
    const at = (keys[row]! - least) >>> 0
    if (at >= range) break
    let id = idAt[at]!
    if (id === 0) {
      if (count === capacity) break
      own[count] = keys[row]!
      idAt[at] = id = ++count
    }
    ids[row] = id - 1
  }
  table[T_COUNT] = count
  return row
}

export function reslot(table: Int32Array, tags: Int32Array, from: number, to: number): void {
  const { slots, shift, mask } = slotsOf(table)
  for (let id = from; id < to; id++) {
    let at = Math.imul(tags[id]!, GOLDEN) >>> shift
    while (slots[2 * at + 1] !== 0) at = (at + 1) & mask
    slots[2 * at] = tags[id]!
    slots[2 * at + 1] = id + 1
  }
}

export function minMaxI32(values: Int32Array, out: Int32Array): void {
  let least = values[0]!
  let most = least
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!
    if (value < least) least = value
    else if (value > most) most = value
  }
  out[0] = least
  out[1] = most
}
