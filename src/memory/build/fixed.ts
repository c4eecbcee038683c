import type { Arena } from '../arena.js'
import { BigIntColumn, BoolColumn, type Column, NumberColumn } from '../column.js'
import { type Builder, grown, Rows, type Values } from './rows.js'

/** One value of fixed width a row. */
abstract class FixedBuilder<T extends Values> extends Rows {
  values: T

  constructor(arena: Arena, capacity = 0) {
    super(arena, capacity)
    this.values = this.make(this.capacity)
  }
  protected abstract make(capacity: number): T
  /** The values of a column that fits, else `undefined`. */
  protected abstract valuesOf(column: Column): Values | undefined

  append(column: Column): boolean {
    const values = this.valuesOf(column)
    if (values === undefined) return false
    this.reserve(column.length)
    ;(this.values as Uint8Array).set(values as Uint8Array, this.rows)
    this.appendValid(column.valid, column.length)
    this.rows += column.length
    return true
  }
  /** Makes room for `more` values that the caller writes into `values` from `length` on; false if there are nulls. */
  openFor(more: number): boolean {
    this.reserve(more)
    return this.valid === undefined
  }
  /** Says how many values there are, after {@link openFor}. */
  close(length: number): void {
    this.rows = length
  }
  protected written(): T {
    this.arena.trim(this.values, this.rows * this.values.BYTES_PER_ELEMENT)
    return this.values.subarray(0, this.rows) as T
  }
  protected blank(): void {
    this.values.fill(0 as never, this.rows, this.rows + 1)
  }
  protected resize(capacity: number): void {
    this.values = grown(this.arena, this.values, this.make(capacity), this.rows)
  }
}

export class F64Builder extends FixedBuilder<Float64Array> implements Builder {
  push(value: unknown): boolean {
    if (typeof value !== 'number') return value === null && this.pushNull()
    if (this.rows === this.capacity) this.reserve(1)
    this.values[this.rows] = value
    return this.accept()
  }
  finish(): NumberColumn {
    return new NumberColumn(this.written(), this.finishValid())
  }
  protected make(capacity: number): Float64Array {
    return this.arena.f64(capacity)
  }
  protected valuesOf(column: Column): Values | undefined {
    return column.kind === 'f64' || column.kind === 'i32' ? column.values : undefined
  }
}

export class I32Builder extends FixedBuilder<Int32Array> implements Builder {
  push(value: unknown): boolean {
    // The type first: `|` throws for BigInts, symbols and objects that are no primitives.
    if (typeof value !== 'number' || (value | 0) !== value || Object.is(value, -0))
      return value === null && this.pushNull()
    if (this.rows === this.capacity) this.reserve(1)
    this.values[this.rows] = value
    return this.accept()
  }
  finish(): NumberColumn {
    return new NumberColumn(this.written(), this.finishValid())
  }
  protected make(capacity: number): Int32Array {
    return this.arena.i32(capacity)
  }
  protected valuesOf(column: Column): Values | undefined {
    return column.kind === 'i32' ? column.values : undefined
  }
}

const I64_MIN = -(2n ** 63n)
const I64_MAX = 2n ** 63n - 1n

/** True for a BigInt that an `i64` column holds. */
export const isInt64 = (value: unknown): value is bigint =>
  typeof value === 'bigint' && value >= I64_MIN && value <= I64_MAX

export class I64Builder extends FixedBuilder<BigInt64Array> implements Builder {
  push(value: unknown): boolean {
    if (!isInt64(value)) return value === null && this.pushNull()
    this.reserve(1)
    this.values[this.rows] = value
    return this.accept()
  }
  finish(): BigIntColumn {
    return new BigIntColumn(this.written(), this.finishValid())
  }
  protected override blank(): void {
    this.values[this.rows] = 0n
  }
  protected make(capacity: number): BigInt64Array {
    return this.arena.i64(capacity)
  }
  protected valuesOf(column: Column): Values | undefined {
    return column.kind === 'i64' ? column.values : undefined
  }
}

export class BoolBuilder extends FixedBuilder<Uint8Array> implements Builder {
  push(value: unknown): boolean {
    if (typeof value !== 'boolean') return value === null && this.pushNull()
    if (this.rows === this.capacity) this.reserve(1)
    this.values[this.rows] = value ? 1 : 0
    return this.accept()
  }
  finish(): BoolColumn {
    return new BoolColumn(this.written(), this.finishValid())
  }
  protected make(capacity: number): Uint8Array {
    return this.arena.u8(capacity)
  }
  protected valuesOf(column: Column): Values | undefined {
    return column.kind === 'bool' ? column.values : undefined
  }
}
