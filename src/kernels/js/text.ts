import type { Spans } from '../kernels.js'
import { LAYOUT } from '../layout.js'

const { BEYOND_NONE, BEYOND_SPACE, UTF8_ASCII, UTF8_INVALID, UTF8_VALID } = LAYOUT

/** The bytes of one UTF-8 character, 0 if it is malformed or cut off. Table 3-7 of the Unicode standard. */
function utf8Length(p: Uint8Array, at: number, left: number): number {
  const a = p[at]!
  if (a < 0x80) return 1
  if (a < 0xc2 || left < 2 || (a >= 0xe0 && left < 3) || (a >= 0xf0 && left < 4)) return 0
  const b = p[at + 1]!
  if (a < 0xe0) return (b & 0xc0) === 0x80 ? 2 : 0
  if (a < 0xf0) {
    const inRange = b >= (a === 0xe0 ? 0xa0 : 0x80) && b <= (a === 0xed ? 0x9f : 0xbf)
    return inRange && (p[at + 2]! & 0xc0) === 0x80 ? 3 : 0
  }
  const inRange = a <= 0xf4 && b >= (a === 0xf0 ? 0x90 : 0x80) && b <= (a === 0xf4 ? 0x8f : 0xbf)
  return inRange && (p[at + 2]! & 0xc0) === 0x80 && (p[at + 3]! & 0xc0) === 0x80 ? 4 : 0
}

export function validateUtf8(bytes: Uint8Array): number {
  let state: number = UTF8_ASCII
  for (let i = 0; i < bytes.length; ) {
    if (bytes[i]! < 0x80) {
      i++
      continue
    }
    const length = utf8Length(bytes, i, bytes.length - i)
    if (length === 0) return UTF8_INVALID
    state = UTF8_VALID
    i += length
  }
  return state
}

export function lines(
  bytes: Uint8Array,
  cursor: Int32Array,
  last: boolean,
  starts: Int32Array,
  ends: Int32Array,
): number {
  const n = bytes.length
  const capacity = starts.length
  let count = 0
  let start = cursor[1]!
  for (let at = start; at < n && count < capacity; at++) {
    const byte = bytes[at]!
    if (byte !== 10 && byte !== 13) continue
    const end = at
    if (byte === 13) {
      if (at + 1 === n && !last) break
      if (at + 1 < n && bytes[at + 1] === 10) at++
    }
    starts[count] = start
    ends[count++] = end
    start = at + 1
  }
  if (last && count < capacity && start < n) {
    starts[count] = start
    ends[count++] = n
    start = n
  }
  cursor[1] = start
  return count
}

/** Splits row by row; `pieces(from, to, count)` writes one row's pieces and gives the new count, -1 for no room. */
function splitRows(
  rows: Spans,
  cursor: Int32Array,
  pieces: (from: number, to: number, count: number) => number,
): number {
  let count = 0
  let row = cursor[0]!
  for (; row < rows.starts.length; row++) {
    const next = pieces(rows.starts[row]!, rows.ends[row]!, count)
    if (next < 0) {
      if (count === 0) cursor[1] = -1
      break
    }
    count = next
  }
  cursor[0] = row
  return count
}

export function splitByte(
  rows: Spans,
  cursor: Int32Array,
  separator: number,
  starts: Int32Array,
  ends: Int32Array,
): number {
  const { bytes } = rows
  return splitRows(rows, cursor, (from, to, before) => {
    let count = before
    let start = from
    for (let at = from; at < to; at++) {
      if (bytes[at] !== separator) continue
      if (count === starts.length) return -1
      starts[count] = start
      ends[count++] = at
      start = at + 1
    }
    if (count === starts.length) return -1
    starts[count] = start
    ends[count++] = to
    return count
  })
}

export function splitLiteral(
  rows: Spans,
  cursor: Int32Array,
  separator: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
): number {
  const { bytes } = rows
  const width = separator.length
  const matches = (at: number): boolean => {
    for (let k = 0; k < width; k++) if (bytes[at + k] !== separator[k]) return false
    return true
  }
  return splitRows(rows, cursor, (from, to, before) => {
    let count = before
    let start = from
    for (let at = from; at + width <= to; ) {
      if (!matches(at)) {
        at++
        continue
      }
      if (count === starts.length) return -1
      starts[count] = start
      ends[count++] = at
      start = at += width
    }
    if (count === starts.length) return -1
    starts[count] = start
    ends[count++] = to
    return count
  })
}

/** The bytes of a character that JavaScript's \s takes beyond ASCII, else 0. */
function wideSpace(p: Uint8Array, at: number): number {
  const [a, b, c] = [p[at]!, p[at + 1]!, p[at + 2]!]
  if (a === 0xc2) return b === 0xa0 ? 2 : 0
  if (a === 0xe1) return b === 0x9a && c === 0x80 ? 3 : 0
  if (a === 0xe2 && b === 0x80) return c <= 0x8a || c === 0xa8 || c === 0xa9 || c === 0xaf ? 3 : 0
  if (a === 0xe2) return b === 0x81 && c === 0x9f ? 3 : 0
  if (a === 0xe3) return b === 0x80 && c === 0x80 ? 3 : 0
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0
}

export function splitClass(
  rows: Spans,
  cursor: Int32Array,
  table: Uint8Array,
  beyond: number,
  repeat: boolean,
  starts: Int32Array,
  ends: Int32Array,
): number {
  const { bytes } = rows
  const separatorAt = (at: number): number => {
    const byte = bytes[at]!
    if (byte < 0x80) return table[byte]!
    if (beyond === BEYOND_NONE) return 0
    if (beyond === BEYOND_SPACE) return wideSpace(bytes, at)
    return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
  }
  return splitRows(rows, cursor, (from, to, before) => {
    let count = before
    let start = from
    for (let at = from; at < to; ) {
      let width = separatorAt(at)
      if (width === 0) {
        at++
        continue
      }
      if (count === starts.length) return -1
      starts[count] = start
      ends[count++] = at
      at += width
      while (repeat && at < to && (width = separatorAt(at)) !== 0) at += width
      start = at
    }
    if (count === starts.length) return -1
    starts[count] = start
    ends[count++] = to
    return count
  })
}

export function selectNonEmpty(starts: Int32Array, ends: Int32Array, out: Int32Array): number {
  let count = 0
  for (let i = 0; i < starts.length; i++) if (starts[i] !== ends[i]) out[count++] = i
  return count
}
