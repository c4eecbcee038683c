import type { Arena } from '../arena.js'
import type { Column, Validity } from '../column.js'

/**
 * Column builders: one per kind, written straight into an arena.
 *
 * `push` either stores a value exactly or refuses it with `false` and changes nothing; the caller then moves to
 * a wider builder (row-builder.ts). Nothing is ever stored approximately.
 */
export interface Builder {
  readonly length: number
  push(value: unknown): boolean
  /** Appends the rows of a finished column; `false`, and nothing changed, if its kind does not fit. */
  append(column: Column): boolean
  /** What was pushed. The builder must not be used afterwards. */
  finish(): Column
}

const FIRST_ROWS = 64

/** Growth and nulls, which all builders share. */
export abstract class Rows {
  protected readonly arena: Arena
  protected valid: Uint8Array | undefined
  protected rows = 0
  protected capacity: number

  constructor(arena: Arena, capacity: number) {
    this.arena = arena
    this.capacity = Math.max(capacity, FIRST_ROWS)
  }

  get length(): number {
    return this.rows
  }

  protected abstract resize(capacity: number): void
  protected abstract blank(): void

  /** Room for `more` rows. */
  protected reserve(more: number): void {
    if (this.rows + more <= this.capacity) return
    this.capacity = Math.max(this.capacity * 2, this.rows + more)
    this.resize(this.capacity)
    if (this.valid !== undefined)
      this.valid = grown(this.arena, this.valid, this.arena.u8(this.capacity), this.rows)
  }

  /** A row of `null`. */
  protected pushNull(): true {
    if (this.valid === undefined) this.valid = this.arena.u8(this.capacity).fill(1, 0, this.rows)
    this.reserve(1)
    this.blank()
    this.valid[this.rows++] = 0
    return true
  }

  /** Ends a row that has been written; call after the value is in place. */
  protected accept(): true {
    if (this.valid !== undefined) this.valid[this.rows] = 1
    this.rows++
    return true
  }

  /** Validity of `count` appended rows; call after `reserve` and before the rows are counted. */
  protected appendValid(valid: Validity, count: number): void {
    if (valid === undefined) {
      this.valid?.fill(1, this.rows, this.rows + count)
      return
    }
    if (this.valid === undefined) this.valid = this.arena.u8(this.capacity).fill(1, 0, this.rows)
    this.valid.set(valid.subarray(0, count), this.rows)
  }

  protected finishValid(): Validity {
    return this.valid?.subarray(0, this.rows)
  }
}

export type Values = Float64Array | Int32Array | Uint8Array | BigInt64Array

/** `old`'s first `rows` values moved into `larger`; old memory goes back if it was large. */
export function grown<T extends Values>(arena: Arena, old: T, larger: T, rows: number): T {
  ;(larger as Uint8Array).set((old as Uint8Array).subarray(0, rows))
  arena.release(old)
  return larger
}
