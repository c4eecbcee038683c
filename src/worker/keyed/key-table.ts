import type { Kernels } from '../../kernels/kernels.js'
import { LAYOUT } from '../../kernels/layout.js'
import type { Arena } from '../../memory/arena.js'
import { type Column, NumberColumn, SpanColumn } from '../../memory/column.js'

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
  T_WORDS,
} = LAYOUT

/** Least number of keys a table is made for. */
const FIRST_KEYS = 512
/** Most places of a dense table; it is also kept from being much larger than the rows that will fill it. */
const DENSE_RANGE = 1 << 22
const DENSE_ALWAYS = 1 << 16

/**
 * A table that gives every distinct key a dense id, in the order of first appearance. Its memory is laid out for the
 * kernels (native/layout.h); this class sees to its growth. The keys themselves are a column in order of the ids,
 * ready to be sent on.
 */
abstract class KeyTable {
  protected readonly kernels: Kernels
  protected readonly arena: Arena
  protected readonly header: Int32Array
  #slots: Int32Array

  constructor(kernels: Kernels, arena: Arena) {
    this.kernels = kernels
    this.arena = arena
    this.header = arena.i32(T_WORDS).fill(0)
    this.#slots = this.header
  }

  /** Distinct keys so far. */
  get count(): number {
    return this.header[T_COUNT]!
  }

  /** The keys, by id. */
  abstract keys(): Column

  /** Gives up what only finding keys needs. */
  close(): void {
    this.arena.release(this.#slots)
  }

  protected get capacity(): number {
    return this.header[T_CAPACITY]!
  }
  protected point(word: number, array: Int32Array | Float64Array | Uint8Array): void {
    this.header[word] = array.byteOffset / 64
  }
  /** Cleared slots, two places for each key, at least half of them free for ever. */
  protected newSlots(capacity: number): void {
    this.arena.release(this.#slots)
    const size = 2 ** Math.ceil(Math.log2(capacity * 2))
    this.#slots = this.arena.i32(size * 2)
    this.kernels.zero(this.#slots)
    this.point(T_SLOTS, this.#slots)
    this.header[T_SHIFT] = 32 - Math.log2(size)
    this.header[T_CAPACITY] = capacity
  }
  protected denseSlots(range: number): Int32Array {
    this.arena.release(this.#slots)
    this.#slots = this.arena.i32(range)
    this.kernels.zero(this.#slots)
    this.point(T_SLOTS, this.#slots)
    return this.#slots
  }
}

/** The next capacity: small tables grow fast, since growing costs more than their memory. */
const larger = (capacity: number): number => capacity * (capacity < 65_536 ? 4 : 2)

/** `old`'s first `used` places in a larger array. */
function moved<T extends Int32Array | Float64Array | Uint8Array>(
  arena: Arena,
  old: T,
  larger: T,
  used: number,
): T {
  ;(larger as Uint8Array).set(old.subarray(0, used) as Uint8Array)
  arena.release(old)
  return larger
}

/** Keys that are bytes: text, or the canonical form of any value. */
export class SpanTable extends KeyTable {
  #offsets: Int32Array
  #hashes: Int32Array
  #bytes: Uint8Array

  /** @param keys at least so many distinct keys will come */
  constructor(kernels: Kernels, arena: Arena, keys: number) {
    super(kernels, arena)
    const capacity = Math.max(FIRST_KEYS, keys)
    this.#offsets = arena.i32(capacity + 1)
    this.#offsets[0] = 0
    this.#hashes = arena.i32(capacity)
    this.#bytes = arena.u8(capacity * 16)
    this.newSlots(capacity)
    this.#publish()
  }

  /** Finds or enters each row, whose hashes are known, and writes its id. */
  group(rows: SpanColumn, hashes: Int32Array, ids: Int32Array): void {
    for (let row = 0; (row = this.kernels.groupUtf8(this.header, rows, hashes, row, ids)) < rows.length; ) {
      this.#grow(rows.ends[row]! - rows.starts[row]!)
    }
  }

  /** The hash of each key, by id. */
  get hashes(): Int32Array {
    return this.#hashes.subarray(0, this.count)
  }

  keys(): SpanColumn {
    const { count } = this
    return new SpanColumn(
      'utf8',
      this.#bytes.subarray(0, this.#offsets[count]),
      this.#offsets.subarray(0, count),
      this.#offsets.subarray(1, count + 1),
    )
  }

  #grow(bytes: number): void {
    const { arena, count } = this
    const used = this.#offsets[count]!
    if (used + bytes > this.#bytes.length)
      this.#bytes = moved(arena, this.#bytes, arena.u8(Math.max(this.#bytes.length * 2, used + bytes)), used)
    if (count === this.capacity) {
      const capacity = larger(this.capacity)
      this.#offsets = moved(arena, this.#offsets, arena.i32(capacity + 1), count + 1)
      this.#hashes = moved(arena, this.#hashes, arena.i32(capacity), count)
      this.newSlots(capacity)
      this.#publish()
      this.kernels.reslot(this.header, this.#hashes, 0, count)
    }
    this.#publish()
  }

  #publish(): void {
    this.point(T_KEYS, this.#offsets)
    this.point(T_HASHES, this.#hashes)
    this.point(T_BYTES, this.#bytes)
    this.header[T_BYTES_CAPACITY] = this.#bytes.length
  }
}

/** Whole keys from `least` on, `range` of them. */
export interface DenseRange {
  least: number
  range: number
}

/** The range that a table of these keys would begin with, if about `rows` rows come; undefined if it would not be dense. */
export function denseRange(
  keys: Column,
  rows: number,
  kernels: Kernels,
  scratch: Arena,
): DenseRange | undefined {
  if (keys.kind !== 'i32' || keys.valid !== undefined || keys.length === 0) return undefined
  const bounds = scratch.i32(2)
  kernels.minMaxI32(keys.values as Int32Array, bounds)
  const need = bounds[1]! - bounds[0]! + 1
  return isDense(need, rows) ? roomy(bounds[0]!, need, 1) : undefined
}

const isDense = (need: number, rows: number): boolean =>
  need <= DENSE_ALWAYS || (need <= DENSE_RANGE && need <= rows * 4)

/** Room on both sides, so that a range that grows bit by bit is not copied each time. */
function roomy(least: number, need: number, times: number): DenseRange {
  const range = Math.min(2 ** Math.ceil(Math.log2(need + 1)) * times, DENSE_RANGE * 2)
  return { least: Math.max(least - Math.floor((range - need) / 2), -(2 ** 31)), range }
}

/** Keys that are numbers: `i32`, dense while their range is small, or `f64`. */
export class NumberTable extends KeyTable {
  #keys: Int32Array | Float64Array
  /** Rows that are still to come, about: a range much larger would be a waste. */
  readonly #rows: number
  readonly #bounds: Int32Array

  /**
   * @param keys at least so many distinct keys will come
   * @param rows about so many rows will come
   */
  constructor(kernels: Kernels, arena: Arena, whole: boolean, keys: number, rows: number) {
    super(kernels, arena)
    this.#rows = rows
    this.#bounds = arena.i32(2)
    const capacity = Math.max(FIRST_KEYS, keys)
    this.#keys = whole ? arena.i32(capacity) : arena.f64(capacity)
    this.point(T_KEYS, this.#keys)
    this.header[T_CAPACITY] = capacity
  }

  /** Undefined if keys are not found by their place. */
  get range(): DenseRange | undefined {
    const range = this.header[T_DENSE_RANGE]!
    return range === 0 ? undefined : { least: this.header[T_DENSE_MIN]!, range }
  }

  get whole(): boolean {
    return this.#keys instanceof Int32Array
  }

  /** Finds or enters each row and writes its id; whole numbers for a whole table, doubles for the other. */
  group(rows: Int32Array | Float64Array, ids: Int32Array): void {
    if (rows.length === 0) return
    if (rows instanceof Int32Array && this.#tryDense(rows)) {
      for (let row = 0; (row = this.kernels.groupDense(this.header, rows, row, ids)) < rows.length; )
        this.#grow()
      return
    }
    if (this.header[T_SLOTS] === 0) this.newSlots(this.capacity)
    const group = (row: number): number =>
      rows instanceof Int32Array
        ? this.kernels.groupI32(this.header, rows, row, ids)
        : this.kernels.groupF64(this.header, rows, row, ids)
    for (let row = 0; (row = group(row)) < rows.length; ) this.#grow()
  }

  keys(): NumberColumn {
    return new NumberColumn(this.#keys.subarray(0, this.count))
  }

  /** True if these rows can be found by place, after widening the dense range if need be. */
  #tryDense(rows: Int32Array): boolean {
    const { header } = this
    const range = header[T_DENSE_RANGE]!
    if (range === 0 && header[T_SLOTS] !== 0) return false // chosen before
    this.kernels.minMaxI32(rows, this.#bounds)
    let [least, most] = this.#bounds as unknown as [number, number]
    if (range > 0) {
      const first = header[T_DENSE_MIN]!
      if (least >= first && most < first + range) return true
      least = Math.min(least, first)
      most = Math.max(most, first + range - 1)
    }
    const need = most - least + 1
    if (isDense(need, this.#rows)) this.#makeDense(least, need)
    else if (range > 0) this.#makeSparse()
    return header[T_DENSE_RANGE]! > 0
  }

  #makeDense(least: number, need: number): void {
    const { least: first, range } = roomy(least, need, this.count > 0 ? 2 : 1)
    const places = this.denseSlots(range)
    // Most of a dense range will come, as far as there are rows for it.
    const room = Math.min(need, this.#rows)
    if (room > this.capacity) {
      this.#keys = moved(this.arena, this.#keys, this.arena.i32(room), this.count)
      this.point(T_KEYS, this.#keys)
      this.header[T_CAPACITY] = room
    }
    const keys = this.#keys as Int32Array
    for (let id = 0; id < this.count; id++) places[keys[id]! - first] = id + 1
    this.header[T_DENSE_MIN] = first
    this.header[T_DENSE_RANGE] = range
  }

  #makeSparse(): void {
    this.header[T_DENSE_MIN] = this.header[T_DENSE_RANGE] = 0
    this.newSlots(this.capacity)
    this.kernels.reslot(this.header, this.#keys as Int32Array, 0, this.count)
  }

  #grow(): void {
    const { arena, count } = this
    const capacity = larger(this.capacity)
    this.#keys =
      this.#keys instanceof Int32Array
        ? moved(arena, this.#keys, arena.i32(capacity), count)
        : moved(arena, this.#keys, arena.f64(capacity), count)
    this.point(T_KEYS, this.#keys)
    if (this.header[T_DENSE_RANGE]! > 0) {
      this.header[T_CAPACITY] = capacity
      return
    }
    this.newSlots(capacity)
    let tags = this.#keys as Int32Array
    if (this.#keys instanceof Float64Array) {
      tags = arena.i32(count)
      this.kernels.tagsF64(this.#keys.subarray(0, count), tags)
    }
    this.kernels.reslot(this.header, tags, 0, count)
    if (tags !== this.#keys) arena.release(tags)
  }
}
