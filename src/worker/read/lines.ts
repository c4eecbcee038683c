import { Buffer } from 'node:buffer'
import { MillraceError } from '../../core/errors.js'
import { LAYOUT } from '../../kernels/layout.js'
import type { Arena } from '../../memory/arena.js'
import { type Column, SpanColumn } from '../../memory/column.js'
import { utf8Bytes } from '../../memory/text.js'
import type { Task } from '../task.js'

/** Bytes that a window shows at first: they stay in the second-level cache while a chain runs over their lines. */
export const WINDOW = 131_072

/** A stretch of text that is looked at through a window which moves forward over it. */
export interface TextWindow {
  /** What the text is, and where in it positions count from, for messages. */
  readonly name: string
  readonly origin: number
  /** The bytes in view. */
  bytes: Uint8Array
  /** The place of the first byte in view, from the start of the text. */
  position: number
  /** Nothing follows the bytes in view. */
  last: boolean
  /** Moves past `used` bytes and shows at least as many bytes as `size`, if there are. */
  advance(used: number, size: number): void
}

/**
 * The lines of a text, in chunks, as bytes. Lines end in \n, \r\n or \r. Malformed UTF-8 is replaced as TextDecoder
 * does it. The lines that begin at `end` or behind it are left out.
 *
 * @param limit the most bytes of a line
 * @throws MILLRACE_LINE_TOO_LONG naming the source and the place
 */
export function* readLines(text: TextWindow, end: number, limit: number, task: Task): Generator<Column> {
  const scratch = task.scratch()
  const { kernels } = task
  const size = task.chunkSizes()
  for (;;) {
    task.checkCancelled()
    scratch.reset()
    const rows = size()
    const cursor = scratch.i32(2)
    const starts = scratch.i32(rows)
    const ends = scratch.i32(rows)
    cursor[1] = 0
    let count = kernels.lines(text.bytes, cursor, text.last, starts, ends)
    if (count === 0) {
      if (text.last) return
      if (text.bytes.length > limit) throw tooLong(text, 0, limit)
      text.advance(0, text.bytes.length * 2)
      continue
    }
    const done = text.position + starts[count - 1]! >= end
    if (done) {
      count = firstAtOrBehind(starts, count, end - text.position)
      if (count === 0) return
    }
    const used = done ? ends[count - 1]! : cursor[1]!
    if (limit < text.bytes.length) checkLimit(text, starts, ends, count, limit)
    task.rowsRead += count
    yield validated(
      new SpanColumn('utf8', text.bytes, starts.subarray(0, count), ends.subarray(0, count)),
      used,
      task,
      scratch,
    )
    if (done) return
    text.advance(used, WINDOW)
  }
}

/** How many of the sorted starts lie before `place`. */
function firstAtOrBehind(starts: Int32Array, count: number, place: number): number {
  let n = count
  while (n > 0 && starts[n - 1]! >= place) n--
  return n
}

function validated(lines: SpanColumn, used: number, task: Task, scratch: Arena): SpanColumn {
  const { kernels } = task
  const region = lines.bytes.subarray(0, used)
  if (kernels.validateUtf8(region) !== LAYOUT.UTF8_INVALID) return lines
  const repaired = utf8Bytes(new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(region)))
  const bytes = scratch.u8(repaired.length)
  bytes.set(repaired)
  // Replacements are never line ends, so the lines are the same ones; only their places moved.
  const cursor = scratch.i32(2)
  cursor[1] = 0
  const starts = scratch.i32(lines.length)
  const ends = scratch.i32(lines.length)
  kernels.lines(bytes, cursor, true, starts, ends)
  return new SpanColumn('utf8', bytes, starts, ends)
}

function checkLimit(
  text: TextWindow,
  starts: Int32Array,
  ends: Int32Array,
  count: number,
  limit: number,
): void {
  for (let i = 0; i < count; i++) if (ends[i]! - starts[i]! > limit) throw tooLong(text, starts[i]!, limit)
}

function tooLong(text: TextWindow, start: number, limit: number): MillraceError {
  return new MillraceError(
    'MILLRACE_LINE_TOO_LONG',
    `a line of ${text.name} that begins at byte ${text.origin + text.position + start} is longer than the limit of ${limit} bytes. ` +
      `If such lines are expected, raise 'maxLineBytes', an option of textFileStream and socketTextStream.`,
  )
}
