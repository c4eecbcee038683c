import type { Arena } from '../arena.js'
import { type Column, DictColumn, SpanColumn } from '../column.js'
import { canonicalKey, encodeValue } from '../structured.js'
import { encodeUtf8, utf8Bound } from '../text.js'
import { type Builder, grown, Rows } from './rows.js'

/** Rows of bytes, end to end: `offsets[i] .. offsets[i + 1])`. */
export abstract class SpanBuilder extends Rows {
  abstract readonly kind: 'utf8' | 'binary' | 'any'
  offsets: Int32Array
  bytes: Uint8Array

  constructor(arena: Arena, capacity = 0, byteCapacity = 0) {
    super(arena, capacity)
    this.offsets = arena.i32(this.capacity + 1)
    this.offsets[0] = 0
    this.bytes = arena.u8(Math.max(byteCapacity, this.capacity * 16))
  }

  /** Room for a row of at most `size` bytes, and where it begins. */
  protected begin(size: number): number {
    if (this.rows === this.capacity) this.reserve(1)
    const at = this.offsets[this.rows]!
    if (at + size > this.bytes.length) this.#growBytes(at, at + size)
    return at
  }
  protected end(at: number): true {
    this.offsets[this.rows + 1] = at
    return this.accept()
  }
  protected copy(row: Uint8Array): true {
    const at = this.begin(row.length)
    this.bytes.set(row, at)
    return this.end(at + row.length)
  }
  append(column: Column): boolean {
    if (column.kind !== this.kind) return false
    const { starts, ends, bytes, length } = column
    this.reserve(length)
    let size = 0
    let inOrder = true
    for (let i = 0; i < length; i++) {
      size += ends[i]! - starts[i]!
      inOrder &&= i === 0 || starts[i] === ends[i - 1]
    }
    let at = this.offsets[this.rows]!
    if (at + size > this.bytes.length) this.#growBytes(at, at + size)
    if (length > 0 && inOrder) {
      // The rows lie end to end in order: one copy.
      this.bytes.set(bytes.subarray(starts[0]!, ends[length - 1]!), at)
      for (let i = 0; i < length; i++) this.offsets[this.rows + i + 1] = at += ends[i]! - starts[i]!
    } else {
      for (let i = 0; i < length; i++) {
        for (let k = starts[i]!; k < ends[i]!; k++) this.bytes[at++] = bytes[k]!
        this.offsets[this.rows + i + 1] = at
      }
    }
    this.appendValid(column.valid, length)
    this.rows += length
    return true
  }
  finish(): SpanColumn {
    this.arena.trim(this.bytes, this.offsets[this.rows]!)
    this.arena.trim(this.offsets, (this.rows + 1) * 4)
    return new SpanColumn(
      this.kind,
      this.bytes.subarray(0, this.offsets[this.rows]),
      this.offsets.subarray(0, this.rows),
      this.offsets.subarray(1, this.rows + 1),
      this.finishValid(),
    )
  }
  protected blank(): void {
    this.offsets[this.rows + 1] = this.offsets[this.rows]!
  }
  protected resize(capacity: number): void {
    this.offsets = grown(this.arena, this.offsets, this.arena.i32(capacity + 1), this.rows + 1)
  }
  #growBytes(used: number, need: number): void {
    this.bytes = grown(this.arena, this.bytes, this.arena.u8(Math.max(this.bytes.length * 2, need)), used)
  }
}

export class Utf8Builder extends SpanBuilder implements Builder {
  readonly kind = 'utf8'

  push(value: unknown): boolean {
    if (typeof value !== 'string') return value === null && this.pushNull()
    const at = this.begin(utf8Bound(value))
    if (value.length > 32 && !value.isWellFormed()) return false
    const end = encodeUtf8(value, this.bytes, at)
    // A short text is checked only if it was not ASCII.
    if (value.length <= 32 && end - at !== value.length && !value.isWellFormed()) return false
    return this.end(end)
  }
}

export class BinaryBuilder extends SpanBuilder implements Builder {
  readonly kind = 'binary'

  push(value: unknown): boolean {
    if (!(value instanceof Uint8Array)) return value === null && this.pushNull()
    return this.copy(value)
  }
}

/** Takes everything. `null` is a value like any other here. */
export class AnyBuilder extends SpanBuilder implements Builder {
  readonly kind = 'any'

  push(value: unknown): true {
    return this.copy(encodeValue(value))
  }
}

/** Text with few distinct values. Refuses when there turn out to be many, so that plain text takes over. */
export class DictBuilder extends Rows implements Builder {
  #codes: Int32Array
  readonly #words: Utf8Builder
  readonly #codeOf = new Map<string, number>()

  constructor(arena: Arena, capacity = 0) {
    super(arena, capacity)
    this.#codes = arena.i32(this.capacity)
    this.#words = new Utf8Builder(arena)
  }
  push(value: unknown): boolean {
    if (typeof value !== 'string') return value === null && this.pushNull()
    let code = this.#codeOf.get(value)
    if (code === undefined) {
      code = this.#words.length
      if ((this.rows >= 1024 && code * 2 > this.rows) || !this.#words.push(value)) return false
      this.#codeOf.set(value, code)
    }
    if (this.rows === this.capacity) this.reserve(1)
    this.#codes[this.rows] = code
    return this.accept()
  }
  append(column: Column): boolean {
    if (column.kind !== 'dict' && column.kind !== 'utf8') return false
    const before = this.rows
    for (let i = 0; i < column.length; i++) {
      if (this.push(column.get(i))) continue
      this.rows = before
      return false
    }
    return true
  }
  finish(): DictColumn {
    this.#codeOf.clear() // its strings may be many, and the builder may outlive them
    return new DictColumn(this.#codes.subarray(0, this.rows), this.#words.finish(), this.finishValid())
  }
  protected blank(): void {
    this.#codes[this.rows] = 0
    if (this.#words.length === 0) this.#words.push('')
    if (this.#codeOf.size === 0) this.#codeOf.set('', 0)
  }
  protected resize(capacity: number): void {
    this.#codes = grown(this.arena, this.#codes, this.arena.i32(capacity), this.rows)
  }
}

/** Keys in the form by which they are compared; not for decoding. */
export class CanonicalBuilder extends SpanBuilder {
  readonly kind = 'binary'

  push(value: unknown): true {
    return this.copy(canonicalKey(value))
  }
}
