import type { Separator } from '../functions/separator.js'
import type { Kernels } from '../kernels/kernels.js'
import { LAYOUT } from '../kernels/layout.js'
import type { Arena } from '../memory/arena.js'
import { SpanColumn } from '../memory/column.js'
import { utf8Bytes } from '../memory/text.js'
import { CHUNK_ROWS } from './task.js'

const BEYOND = { none: LAYOUT.BEYOND_NONE, space: LAYOUT.BEYOND_SPACE, all: LAYOUT.BEYOND_ALL } as const

type Split = (cursor: Int32Array, starts: Int32Array, ends: Int32Array) => number

/** The pieces of all rows of a text column, in order, in chunks: places in the same bytes. */
export function* splitText(
  text: SpanColumn,
  by: Separator,
  kernels: Kernels,
  scratch: Arena,
): Generator<SpanColumn> {
  const split = splitter(text, by, kernels, scratch)
  const cursor = scratch.i32(2)
  cursor[0] = 0
  let capacity = CHUNK_ROWS
  let starts = scratch.i32(capacity)
  let ends = scratch.i32(capacity)
  while (cursor[0]! < text.length) {
    cursor[1] = 0
    const count = split(cursor, starts, ends)
    if (cursor[1] === -1) {
      // One row has more pieces than a chunk has rows: it has at most one piece a byte, and one more.
      const row = cursor[0]!
      capacity = text.ends[row]! - text.starts[row]! + 1
      starts = scratch.i32(capacity)
      ends = scratch.i32(capacity)
      continue
    }
    yield new SpanColumn('utf8', text.bytes, starts.subarray(0, count), ends.subarray(0, count))
  }
}

function splitter(text: SpanColumn, by: Separator, kernels: Kernels, scratch: Arena): Split {
  if (by.kind === 'class') {
    const table = scratch.u8(128)
    table.set(by.table)
    return (cursor, starts, ends) =>
      kernels.splitClass(text, cursor, table, BEYOND[by.beyond], by.repeat, starts, ends)
  }
  const literal = utf8Bytes(by.text)
  if (literal.length === 1)
    return (cursor, starts, ends) => kernels.splitByte(text, cursor, literal[0]!, starts, ends)
  const separator = scratch.u8(literal.length)
  separator.set(literal)
  return (cursor, starts, ends) => kernels.splitLiteral(text, cursor, separator, starts, ends)
}
