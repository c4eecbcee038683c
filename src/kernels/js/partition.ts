import type { Spans } from '../kernels.js'
import { hashF64 } from './hash.js'

/** The partition of a whole number: key mod parts, not negative, as in Spark. */
export function wholePart(key: number, parts: number): number {
  const r = key % parts
  return r < 0 ? r + parts : r
}

/** The partition of any number. */
export function numberPart(key: number, parts: number): number {
  if ((key | 0) === key) return wholePart(key | 0, parts)
  return Number.isSafeInteger(key) ? wholePart(key, parts) : (hashF64(key) >>> 0) % parts
}

export function partitionI32(keys: Int32Array, parts: number, targets: Int32Array): void {
  for (let i = 0; i < keys.length; i++) targets[i] = wholePart(keys[i]!, parts)
}

export function partitionF64(keys: Float64Array, parts: number, targets: Int32Array): void {
  for (let i = 0; i < keys.length; i++) targets[i] = numberPart(keys[i]!, parts)
}

export function partitionHashes(hashes: Int32Array, parts: number, targets: Int32Array): void {
  for (let i = 0; i < hashes.length; i++) targets[i] = (hashes[i]! >>> 0) % parts
}

export function bucket(targets: Int32Array, bounds: Int32Array, order: Int32Array): void {
  const parts = bounds.length - 1
  bounds.fill(0)
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i]!
    if (target >>> 0 >= parts) throw new RangeError('a target is out of range')
    bounds[target + 1]++
  }
  for (let t = 0; t < parts; t++) bounds[t + 1] += bounds[t]!
  for (let i = 0; i < targets.length; i++) order[bounds[targets[i]!]!++] = i
  bounds.copyWithin(1, 0, parts)
  bounds[0] = 0
}

export function divideI32(keys: Int32Array, bounds: Int32Array, out: Int32Array): void {
  const parts = bounds.length - 1
  bounds.fill(0)
  for (let i = 0; i < keys.length; i++) bounds[wholePart(keys[i]!, parts) + 1]++
  for (let t = 0; t < parts; t++) bounds[t + 1] += bounds[t]!
  for (let i = 0; i < keys.length; i++) out[bounds[wholePart(keys[i]!, parts)]!++] = keys[i]!
  bounds.copyWithin(1, 0, parts)
  bounds[0] = 0
}

export function gather<T extends Uint8Array | Int32Array | Float64Array | BigInt64Array>(
  values: T,
  order: Int32Array,
  out: T,
): void {
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    if (row >>> 0 >= values.length) throw new RangeError('a row is out of range')
    out[i] = values[row]!
  }
}

export function spansSize(starts: Int32Array, ends: Int32Array): number {
  let size = 0
  for (let i = 0; i < starts.length; i++) size += ends[i]! - starts[i]!
  return size
}

export function packSpans(rows: Spans, offsets: Int32Array, out: Uint8Array): void {
  const { bytes, starts, ends } = rows
  let at = 0
  offsets[0] = 0
  for (let i = 0; i < starts.length; i++) {
    for (let k = starts[i]!; k < ends[i]!; k++) out[at++] = bytes[k]!
    offsets[i + 1] = at
  }
}
