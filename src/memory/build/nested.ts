import type { Arena } from '../arena.js'
import { type Column, ListColumn, StructColumn, TupleColumn } from '../column.js'
import type { RowBuilder } from './row-builder.js'
import { type Builder, Rows } from './rows.js'

/** Not a RegExp match, which carries properties beside its items. Holes show themselves when they are read. */
export function isPlainArray(value: unknown): value is unknown[] {
  return Array.isArray(value) && (value as { index?: unknown }).index === undefined
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** True for arrays and objects that are part of themselves: no number of columns holds them. */
export function isCircular(value: unknown, within = new Set<unknown>()): boolean {
  if (!Array.isArray(value) && !isPlainObject(value)) return false
  if (within.has(value)) return true
  within.add(value)
  const circular = Object.values(value).some(item => isCircular(item, within))
  within.delete(value)
  return circular
}

export class TupleBuilder extends Rows implements Builder {
  readonly children: readonly RowBuilder[]

  constructor(arena: Arena, capacity: number, children: readonly RowBuilder[]) {
    super(arena, capacity)
    this.children = children
  }
  push(value: unknown): boolean {
    const { children } = this
    if (!isPlainArray(value) || value.length !== children.length) return value === null && this.pushNull()
    for (let k = 0; k < children.length; k++) if (value[k] === undefined && !(k in value)) return false
    for (let k = 0; k < children.length; k++) children[k]!.push(value[k])
    return this.acceptRow()
  }
  /** Counts a row whose items were pushed to the children one by one. */
  acceptRow(): true {
    if (this.rows === this.capacity) this.reserve(1)
    return this.accept()
  }
  append(column: Column): boolean {
    if (column.kind !== 'tuple' || column.children.length !== this.children.length) return false
    this.reserve(column.length)
    for (let k = 0; k < this.children.length; k++) this.children[k]!.append(column.children[k]!)
    this.appendValid(column.valid, column.length)
    this.rows += column.length
    return true
  }
  finish(): TupleColumn {
    return new TupleColumn(
      this.rows,
      this.children.map(c => c.finish()),
      this.finishValid(),
    )
  }
  protected blank(): void {
    for (const child of this.children) child.push(null)
  }
  protected resize(): void {}
}

export class StructBuilder extends Rows implements Builder {
  readonly names: readonly string[]
  readonly children: readonly RowBuilder[]

  constructor(arena: Arena, capacity: number, names: readonly string[], children: readonly RowBuilder[]) {
    super(arena, capacity)
    this.names = names
    this.children = children
  }
  push(value: unknown): boolean {
    const { names, children } = this
    if (!isPlainObject(value)) return value === null && this.pushNull()
    let k = 0
    for (const name in value) if (names[k++] !== name) return false
    if (k !== names.length) return false
    for (k = 0; k < children.length; k++) children[k]!.push(value[names[k]!])
    return this.acceptRow()
  }
  /** Counts a row whose properties were pushed to the children one by one. */
  acceptRow(): true {
    if (this.rows === this.capacity) this.reserve(1)
    return this.accept()
  }
  append(column: Column): boolean {
    if (column.kind !== 'struct' || column.names.length !== this.names.length) return false
    if (column.names.some((name, k) => name !== this.names[k])) return false
    this.reserve(column.length)
    for (let k = 0; k < this.children.length; k++) this.children[k]!.append(column.children[k]!)
    this.appendValid(column.valid, column.length)
    this.rows += column.length
    return true
  }
  finish(): StructColumn {
    return new StructColumn(
      this.rows,
      this.names,
      this.children.map(c => c.finish()),
      this.finishValid(),
    )
  }
  protected blank(): void {
    for (const child of this.children) child.push(null)
  }
  protected resize(): void {}
}

export class ListBuilder extends Rows implements Builder {
  #offsets: Int32Array
  readonly #child: RowBuilder

  constructor(arena: Arena, capacity: number, child: RowBuilder) {
    super(arena, capacity)
    this.#offsets = arena.i32(this.capacity + 1)
    this.#offsets[0] = 0
    this.#child = child
  }
  push(value: unknown): boolean {
    if (!isPlainArray(value)) return value === null && this.pushNull()
    for (let k = 0; k < value.length; k++) if (value[k] === undefined && !(k in value)) return false
    if (this.rows === this.capacity) this.reserve(1)
    for (const item of value) this.#child.push(item)
    this.#offsets[this.rows + 1] = this.#child.length
    return this.accept()
  }
  append(column: Column): boolean {
    if (column.kind !== 'list') return false
    const { starts, ends, length } = column
    this.reserve(length)
    let contiguous = true
    for (let i = 1; i < length; i++) contiguous &&= starts[i] === ends[i - 1]
    if (contiguous && length > 0) this.#child.append(column.child.slice(starts[0]!, ends[length - 1]!))
    for (let i = 0; i < length; i++) {
      if (!contiguous) this.#child.append(column.child.slice(starts[i]!, ends[i]!))
      this.#offsets[this.rows + i + 1] = this.#offsets[this.rows + i]! + ends[i]! - starts[i]!
    }
    this.appendValid(column.valid, length)
    this.rows += length
    return true
  }
  finish(): ListColumn {
    const { rows } = this
    return new ListColumn(
      this.#child.finish(),
      this.#offsets.subarray(0, rows),
      this.#offsets.subarray(1, rows + 1),
      this.finishValid(),
    )
  }
  protected blank(): void {
    this.#offsets[this.rows + 1] = this.#offsets[this.rows]!
  }
  protected resize(capacity: number): void {
    const old = this.#offsets
    this.#offsets = this.arena.i32(capacity + 1)
    this.#offsets.set(old.subarray(0, this.rows + 1))
    this.arena.release(old)
  }
}
