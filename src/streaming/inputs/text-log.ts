import type { SourceHome } from '../../execution/sources/encoded-source.js'
import { Arena } from '../../memory/arena.js'

/** Whole lines that lie in the heap. */
export interface TextRange {
  offset: number
  length: number
  /** How many bytes were received before it. */
  position: number
  segment: Segment
}

interface Segment {
  arena: Arena
  bytes: Uint8Array
  /** How many bytes were received before its first. */
  position: number
  /** Bytes received. */
  filled: number
  /** Where the lines begin that no batch has yet. */
  start: number
  /** Behind the last line that is complete. */
  lineEnd: number
  /** Batches that still read it. */
  users: number
  closed: boolean
}

const SEGMENT_BYTES = 1_048_576
/** What a socket may read before it hears that there is no room. */
const OVERFLOW_BYTES = 65_536
const LF = 10
const NOTHING = new Uint8Array(0)

/**
 * Text as it is received, in segments of the heap that sockets write into. A segment ends with a whole line: the rest of an
 * unfinished one moves on to the next.
 */
export class TextLog {
  readonly #home: SourceHome
  readonly #maxLine: number
  #ranges: TextRange[] = []
  #current: Segment | undefined
  /** Room for when the current segment is full, so that there is room for what a socket has read already. */
  #spare: Segment | undefined
  /** Bytes that came when the heap had no room: they wait outside of it. */
  #overflow: Uint8Array = NOTHING
  /** Where the next bytes are written if not into the current segment. */
  #outside: Uint8Array | undefined
  /** The rest of a line that was too long is passed over. */
  #skipping = false

  /** @param maxLine a line is cut after so many bytes, and one more, so that its reader notices */
  constructor(home: SourceHome, maxLine: number) {
    this.#home = home
    this.#maxLine = maxLine
  }

  /** Bytes of the lines that are complete and that no batch has yet. */
  get pending(): number {
    const current = this.#current
    return (
      this.#ranges.reduce((n, r) => n + r.length, 0) +
      (current === undefined ? 0 : current.lineEnd - current.start)
    )
  }

  /** Room for the next bytes: at least one. */
  buffer(): Uint8Array {
    this.#outside = undefined
    try {
      if (this.#overflow.length === 0) return this.#room()
    } catch {
      // The heap is full: reserve() says so.
    }
    this.#outside = new Uint8Array(OVERFLOW_BYTES)
    return this.#outside
  }

  /** Bytes were written to the start of the latest {@link buffer}. */
  received(bytes: number): void {
    if (this.#outside === undefined) this.#fill(bytes)
    else this.#overflow = Buffer.concat([this.#overflow, this.#outside.subarray(0, bytes)])
  }

  /**
   * Sees to room for a whole segment beyond the current one.
   *
   * @throws MILLRACE_HEAP_FULL if there is none; nothing more should be received for the time being
   */
  reserve(): void {
    while (this.#overflow.length > 0) {
      const room = this.#room()
      const part = this.#overflow.subarray(0, room.length)
      room.set(part)
      this.#fill(part.length)
      this.#overflow = this.#overflow.subarray(part.length)
    }
    this.#spare ??= this.#open(SEGMENT_BYTES)
  }

  /** The text is complete: what is left is a line, too. */
  endLine(): void {
    const last = this.#overflow.at(-1) ?? this.#unfinished().at(-1) ?? LF
    this.#skipping &&= this.#overflow.length > 0
    if (last === LF) return
    this.buffer()[0] = LF
    this.received(1)
  }

  /** Forgets an unfinished line. */
  dropUnfinished(): void {
    const end = this.#overflow.lastIndexOf(LF) + 1
    this.#overflow = this.#overflow.subarray(0, end)
    if (end > 0) return
    this.#skipping = false
    if (this.#current !== undefined) this.#current.filled = this.#current.lineEnd
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
    this.#overflow = NOTHING
  }

  /** Free bytes of the current segment, or of a new one. */
  #room(): Uint8Array {
    let segment = (this.#current ??= this.#open(SEGMENT_BYTES))
    if (segment.filled === segment.bytes.length) segment = this.#next(segment)
    return segment.bytes.subarray(segment.filled)
  }

  /** So many bytes more are in the current segment. */
  #fill(bytes: number): void {
    const segment = this.#current!
    const fresh = segment.bytes.subarray(segment.filled, segment.filled + bytes)
    let count = bytes
    if (this.#skipping) {
      const found = fresh.indexOf(LF) + 1
      const end = found === 0 ? bytes : found
      segment.position += end // a line is passed over only where a segment begins
      if (found === 0) return
      this.#skipping = false
      fresh.copyWithin(0, end)
      count -= end
    }
    const last = fresh.subarray(0, count).lastIndexOf(LF)
    if (last >= 0) segment.lineEnd = segment.filled + last + 1
    segment.filled += count
  }

  #unfinished(): Uint8Array {
    const segment = this.#current
    return segment === undefined ? NOTHING : segment.bytes.subarray(segment.lineEnd, segment.filled)
  }

  #cut(segment: Segment): void {
    if (segment.lineEnd <= segment.start) return
    this.#add(segment, segment.lineEnd)
  }

  #add(segment: Segment, end: number): void {
    segment.users++
    this.#ranges.push({
      offset: segment.bytes.byteOffset + segment.start,
      length: end - segment.start,
      position: segment.position + segment.start,
      segment,
    })
    segment.start = end
  }

  #next(full: Segment): Segment {
    const tooLong = this.#unfinished().length > this.#maxLine
    const rest = tooLong ? NOTHING : this.#unfinished()
    const next = this.#after(rest.length)
    this.#cut(full)
    if (tooLong) {
      // The reader of this range reports the line.
      this.#add(full, full.filled)
      this.#skipping = true
    }
    next.position = full.position + full.filled - rest.length
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
    const arena = new Arena(this.#home.heap)
    return {
      arena,
      bytes: this.#home.blocks.makingRoom(() => arena.u8(bytes)),
      position: 0,
      filled: 0,
      start: 0,
      lineEnd: 0,
      users: 0,
      closed: false,
    }
  }

  #freeIfDone(segment: Segment): void {
    if (segment.closed && segment.users === 0) segment.arena.free()
  }
}
