import { Arena } from '../../memory/arena.js'
import type { Heap } from '../../memory/heap.js'

/** Whole lines that lie in the heap. */
export interface TextRange {
  offset: number
  length: number
  segment: Segment
}

interface Segment {
  arena: Arena
  bytes: Uint8Array
  /** Bytes received. */
  filled: number
  /** Where the lines begin that no batch has yet. */
  start: number
  /** Batches that still read it. */
  users: number
  closed: boolean
}

const SEGMENT_BYTES = 1_048_576
const LF = 10

/**
 * Text as it is received, in segments of the heap that sockets write into. A segment ends with a whole line: the rest of an
 * unfinished one moves on to the next.
 */
export class TextLog {
  readonly #heap: Heap
  readonly #maxLine: number
  #ranges: TextRange[] = []
  #current: Segment | undefined
  /** Room for when the current segment is full, so that there is always room for what a socket has read already. */
  #spare: Segment | undefined
  /** The rest of a line that was too long is passed over. */
  #skipping = false

  /** @param maxLine a line is cut after so many bytes, and one more, so that its reader notices */
  constructor(heap: Heap, maxLine: number) {
    this.#heap = heap
    this.#maxLine = maxLine
  }

  /** Bytes received that no batch has yet. */
  get pending(): number {
    const current = this.#current
    return (
      this.#ranges.reduce((n, r) => n + r.length, 0) +
      (current === undefined ? 0 : current.filled - current.start)
    )
  }

  /** Room for the next bytes. */
  buffer(): Uint8Array {
    let segment = (this.#current ??= this.#open(SEGMENT_BYTES))
    if (segment.filled === segment.bytes.length) segment = this.#next(segment)
    return segment.bytes.subarray(segment.filled)
  }

  /** Bytes were written to the start of the latest {@link buffer}. */
  received(bytes: number): void {
    const segment = this.#current!
    if (!this.#skipping) {
      segment.filled += bytes
      return
    }
    const fresh = segment.bytes.subarray(segment.filled, segment.filled + bytes)
    const end = fresh.indexOf(LF) + 1
    if (end === 0) return
    this.#skipping = false
    fresh.copyWithin(0, end)
    segment.filled += bytes - end
  }

  /** Sees to room for a whole segment beyond the current one; false if the heap has none. */
  reserve(): boolean {
    try {
      this.#spare ??= this.#open(SEGMENT_BYTES)
      return true
    } catch {
      return false
    }
  }

  /** The text is complete: what is left is a line, too. */
  endLine(): void {
    const segment = this.#current
    if (segment === undefined || segment.filled === segment.start || segment.bytes[segment.filled - 1] === LF)
      return
    this.buffer()[0] = LF
    this.received(1)
  }

  /** Forgets an unfinished line. */
  dropUnfinished(): void {
    const segment = this.#current
    if (segment !== undefined) segment.filled = Math.max(segment.start, lastLineEnd(segment))
  }

  /** Takes all whole lines. */
  take(): TextRange[] {
    const segment = this.#current
    if (segment !== undefined) this.#cut(segment)
    return this.#ranges.splice(0)
  }

  /** A range is not needed any more. */
  release({ segment }: TextRange): void {
    segment.users--
    this.#freeIfDone(segment)
  }

  /** Gives everything back that no batch reads. */
  close(): void {
    for (const range of this.take()) this.release(range)
    if (this.#current !== undefined) {
      this.#current.closed = true
      this.#freeIfDone(this.#current)
    }
    this.#current = undefined
    this.#spare?.arena.free()
    this.#spare = undefined
  }

  #cut(segment: Segment): void {
    const end = lastLineEnd(segment)
    if (end <= segment.start) return
    segment.users++
    this.#ranges.push({
      offset: segment.bytes.byteOffset + segment.start,
      length: end - segment.start,
      segment,
    })
    segment.start = end
  }

  #next(full: Segment): Segment {
    this.#cut(full)
    let rest = full.bytes.subarray(full.start, full.filled)
    if (rest.length > this.#maxLine) {
      // The reader of this range reports the line.
      full.users++
      this.#ranges.push({ offset: rest.byteOffset, length: rest.length, segment: full })
      rest = rest.subarray(rest.length)
      this.#skipping = true
    }
    const next = this.#after(rest.length)
    next.bytes.set(rest)
    next.filled = rest.length
    full.closed = true
    this.#freeIfDone(full)
    this.#current = next
    return next
  }

  /** A segment with room for more than `rest` bytes. */
  #after(rest: number): Segment {
    if (rest * 2 > SEGMENT_BYTES) return this.#open(rest * 2)
    const spare = this.#spare ?? this.#open(SEGMENT_BYTES)
    this.#spare = undefined
    return spare
  }

  #open(bytes: number): Segment {
    const arena = new Arena(this.#heap)
    return { arena, bytes: arena.u8(bytes), filled: 0, start: 0, users: 0, closed: false }
  }

  #freeIfDone(segment: Segment): void {
    if (segment.closed && segment.users === 0) segment.arena.free()
  }
}

/** Behind the last \n that was received. */
function lastLineEnd({ bytes, start, filled }: Segment): number {
  return start + bytes.subarray(start, filled).lastIndexOf(LF) + 1
}
