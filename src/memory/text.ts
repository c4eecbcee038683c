import { Buffer, isAscii } from 'node:buffer'

/** Bytes of a column. Buffer's own methods work on any Uint8Array, also one over shared memory. */
export type ColumnBuffer = Uint8Array

const { utf8Slice, latin1Slice } = Buffer.prototype as unknown as {
  utf8Slice(this: Uint8Array, from: number, to: number): string
  latin1Slice(this: Uint8Array, from: number, to: number): string
}
const encoder = new TextEncoder()

/** One text out of a column; for many at once see {@link textReader}. */
export function decodeUtf8(bytes: ColumnBuffer, from: number, to: number): string {
  return utf8Slice.call(bytes, from, to)
}

/** The most bytes that {@link encodeUtf8} can need for a string. */
export const utf8Bound = (text: string): number => text.length * 3

/**
 * Writes a well-formed string at `at` and gives the end; the caller sees to room for {@link utf8Bound}.
 * Short ASCII, the common case, does not leave JavaScript.
 */
export function encodeUtf8(text: string, bytes: Uint8Array, at: number): number {
  const length = text.length
  if (length <= 32) {
    let i = 0
    for (; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 127) break
      bytes[at + i] = unit
    }
    if (i === length) return at + length
  }
  return at + encoder.encodeInto(text, bytes.subarray(at)).written
}

/** The UTF-8 bytes of a string; a lone surrogate becomes U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  return encoder.encode(text)
}

/** A row's text, by row number. */
export type TextReader = (row: number) => string

// Larger regions are not worth one string: it would be long-lived garbage.
const REGION = 1 << 20

/**
 * Reads many texts that lie near each other: the region they lie in becomes one string, and each text a slice
 * of it, which costs a seventh of decoding it alone. Rows in disorder are decoded one by one.
 *
 * @param starts, ends the rows' places in `bytes`; the reader serves all of them
 */
export function textReader(bytes: ColumnBuffer, starts: Int32Array, ends: Int32Array): TextReader {
  const rows = starts.length
  if (rows < 4) return row => decodeUtf8(bytes, starts[row]!, ends[row]!)
  const from = starts[0]!
  const to = ends[rows - 1]!
  let used = 0
  for (let i = 0, at = from; i < rows; i++) {
    if (starts[i]! < at) return row => decodeUtf8(bytes, starts[row]!, ends[row]!)
    at = ends[i]!
    used += at - starts[i]!
  }
  if (to - from > REGION || to - from > used * 4 + 256)
    return row => decodeUtf8(bytes, starts[row]!, ends[row]!)
  const region = bytes.subarray(from, to)
  if (isAscii(region)) {
    const text = latin1Slice.call(region, 0, to - from)
    return row => text.slice(starts[row]! - from, ends[row]! - from)
  }
  return sliceByUnits(utf8Slice.call(region, 0, to - from), region, starts, ends, from)
}

/** UTF-16 places of UTF-8 spans: every byte that is not a continuation is a unit, a four-byte lead is two. */
function sliceByUnits(
  text: string,
  region: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  from: number,
): TextReader {
  const units = new Int32Array(starts.length * 2)
  let at = 0
  let unit = 0
  const advance = (to: number): number => {
    for (; at < to; at++) {
      const byte = region[at]!
      if ((byte & 0xc0) !== 0x80) unit += byte >= 0xf0 ? 2 : 1
    }
    return unit
  }
  for (let i = 0; i < starts.length; i++) {
    units[2 * i] = advance(starts[i]! - from)
    units[2 * i + 1] = advance(ends[i]! - from)
  }
  return row => text.slice(units[2 * row], units[2 * row + 1])
}
