import type { Spans } from '../kernels.js'

// CRC-32C, eight tables for eight bytes at a time; see native/dispatch.h.
const TABLE = new Int32Array(8 * 256)
for (let i = 0; i < 256; i++) {
  let crc = i
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  TABLE[i] = crc
}
for (let i = 256; i < TABLE.length; i++) TABLE[i] = (TABLE[i - 256]! >>> 8) ^ TABLE[TABLE[i - 256]! & 255]!

export function mix32(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function crc64(crc: number, low: number, high: number): number {
  const lo = low ^ crc
  return (
    TABLE[1792 + (lo & 255)]! ^
    TABLE[1536 + ((lo >>> 8) & 255)]! ^
    TABLE[1280 + ((lo >>> 16) & 255)]! ^
    TABLE[1024 + (lo >>> 24)]! ^
    TABLE[768 + (high & 255)]! ^
    TABLE[512 + ((high >>> 8) & 255)]! ^
    TABLE[256 + ((high >>> 16) & 255)]! ^
    TABLE[high >>> 24]!
  )
}

/** The hash of `bytes[from .. to)`: CRC-32C, padded with zeros to words of 8, then mixed. */
export function hashSpan(bytes: Uint8Array, from: number, to: number): number {
  let h = Math.imul(to - from, 0x9e3779b1)
  let at = from
  for (; at + 8 <= to; at += 8) {
    h = crc64(
      h,
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24),
      bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24),
    )
  }
  if (at < to) {
    let low = 0
    let high = 0
    for (let shift = 0; at < to; at++, shift += 8) {
      if (shift < 32) low |= bytes[at]! << shift
      else high |= bytes[at]! << (shift - 32)
    }
    h = crc64(h, low, high)
  }
  return mix32(h)
}

const double = new Float64Array(1)
const words = new Int32Array(double.buffer)

/** The hash of a number that is no 32-bit whole number. */
export function hashF64(value: number): number {
  if (value !== value) return 0x7ff80000
  double[0] = value
  return mix32(words[0]! ^ Math.imul(words[1]!, 0x9e3779b1))
}

/** The tag by which a table of doubles finds a key. */
export function tagF64(value: number): number {
  return (value | 0) === value ? mix32(value | 0) : hashF64(value)
}

export function hashUtf8(rows: Spans, hashes: Int32Array): void {
  const { bytes, starts, ends } = rows
  for (let i = 0; i < starts.length; i++) hashes[i] = hashSpan(bytes, starts[i]!, ends[i]!)
}

export function tagsF64(keys: Float64Array, tags: Int32Array): void {
  for (let i = 0; i < keys.length; i++) tags[i] = tagF64(keys[i]!)
}
