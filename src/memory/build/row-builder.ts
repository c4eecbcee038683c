import type { Arena } from '../arena.js'
import { type Column, ConstColumn } from '../column.js'
import { BoolBuilder, F64Builder, I32Builder, I64Builder, isInt64 } from './fixed.js'
import {
  isCircular,
  isPlainArray,
  isPlainObject,
  ListBuilder,
  StructBuilder,
  TupleBuilder,
} from './nested.js'
import type { Builder } from './rows.js'
import { AnyBuilder, BinaryBuilder, DictBuilder, Utf8Builder } from './spans.js'

/** Longer arrays are lists, not tuples; wider objects are kept as structured bytes. */
const WIDEST_TUPLE = 16
const WIDEST_STRUCT = 64
/** Where a record has more columns than these, the rest is kept as structured bytes. */
const MOST_COLUMNS = 256

/**
 * Takes records of any type and builds the narrowest column that holds them exactly. The type comes from the
 * first record and widens when it must: `i32` to `f64`, a tuple to a list, anything to `any`.
 *
 * @example
 * const rows = new RowBuilder(arena)
 * rows.push(['a', 1]); rows.push(['b', 2.5])
 * rows.finish().type   // 'tuple(utf8,f64)'
 */
export class RowBuilder {
  readonly #arena: Arena
  readonly #expected: number
  readonly #dictionaries: boolean
  readonly #columns: { left: number } | undefined
  #nulls = 0
  /** The current builder; `undefined` until a record shows the type. Changes when the type widens. */
  builder: Builder | undefined

  /**
   * @param expected about how many rows will come
   * @param dictionaries try dictionary coding for text: worth it where records come from JavaScript values
   * @param columns that the record may still have that these rows are a part of
   */
  constructor(arena: Arena, expected = 0, dictionaries = false, columns?: { left: number }) {
    this.#arena = arena
    this.#expected = expected
    this.#dictionaries = dictionaries
    this.#columns = columns
  }

  get length(): number {
    return this.builder?.length ?? this.#nulls
  }

  push(value: unknown): void {
    if (this.builder === undefined) {
      if (value === null) {
        this.#nulls++
        return
      }
      this.#start(this.#builderFor(value))
    }
    while (!this.builder!.push(value)) this.#widen(value)
  }

  append(column: Column): void {
    if (this.builder === undefined && column.kind !== 'const')
      this.#start(builderLike(column, this.#arena, this.#expected))
    if (this.builder?.append(column)) return
    for (let i = 0; i < column.length; i++) this.push(column.get(i))
  }

  finish(): Column {
    return this.builder?.finish() ?? new ConstColumn(this.#nulls, null)
  }

  /** Begins with the type of a column seen before, so that records of that type need no widening. */
  startLike(column: Column): void {
    if (column.kind !== 'const') this.builder = builderLike(column, this.#arena, this.#expected)
  }

  #start(builder: Builder): void {
    this.builder = builder
    for (; this.#nulls > 0; this.#nulls--) builder.push(null)
  }

  #widen(value: unknown): void {
    const column = this.builder!.finish()
    const wider = this.#wider(column, value)
    if (!wider.append(column)) for (let i = 0; i < column.length; i++) wider.push(column.get(i))
    this.builder = wider
  }

  #wider(column: Column, value: unknown): Builder {
    const capacity = Math.max(this.#expected, column.length + 1)
    if (column.kind === 'i32' && typeof value === 'number') return new F64Builder(this.#arena, capacity)
    if (column.kind === 'dict' && typeof value === 'string' && value.isWellFormed())
      return new Utf8Builder(this.#arena, capacity)
    if (column.kind === 'tuple' && isPlainArray(value))
      return new ListBuilder(this.#arena, capacity, new RowBuilder(this.#arena))
    return new AnyBuilder(this.#arena, capacity)
  }

  #builderFor(value: unknown): Builder {
    const arena = this.#arena
    const capacity = this.#expected
    switch (typeof value) {
      case 'number':
        return (value | 0) === value && !Object.is(value, -0)
          ? new I32Builder(arena, capacity)
          : new F64Builder(arena, capacity)
      case 'string':
        if (!value.isWellFormed()) return new AnyBuilder(arena, capacity)
        return this.#dictionaries ? new DictBuilder(arena, capacity) : new Utf8Builder(arena, capacity)
      case 'boolean':
        return new BoolBuilder(arena, capacity)
      case 'bigint':
        return isInt64(value) ? new I64Builder(arena, capacity) : new AnyBuilder(arena, capacity)
      case 'object':
        return this.#builderForObject(value as object)
      default:
        return new AnyBuilder(arena, capacity)
    }
  }

  #builderForObject(value: object): Builder {
    const arena = this.#arena
    const columns = this.#columns ?? { left: isCircular(value) ? 0 : MOST_COLUMNS }
    if (columns.left <= 0) return new AnyBuilder(arena, this.#expected)
    const child = (): RowBuilder => {
      columns.left--
      return new RowBuilder(arena, this.#expected, this.#dictionaries, columns)
    }
    if (isPlainArray(value)) {
      if (value.length === 0 || value.length > WIDEST_TUPLE)
        return new ListBuilder(arena, this.#expected, child())
      return new TupleBuilder(arena, this.#expected, value.map(child))
    }
    if (value instanceof Uint8Array) return new BinaryBuilder(arena, this.#expected)
    if (isPlainObject(value)) {
      const names = Object.keys(value)
      if (names.length > 0 && names.length <= WIDEST_STRUCT && !names.includes('__proto__')) {
        return new StructBuilder(arena, this.#expected, names, names.map(child))
      }
    }
    return new AnyBuilder(arena, this.#expected)
  }
}

/** An empty builder for columns like this one. */
function builderLike(column: Exclude<Column, ConstColumn>, arena: Arena, capacity: number): Builder {
  const child = (c: Column): RowBuilder => {
    const rows = new RowBuilder(arena, capacity)
    rows.startLike(c)
    return rows
  }
  switch (column.kind) {
    case 'f64':
      return new F64Builder(arena, capacity)
    case 'i32':
      return new I32Builder(arena, capacity)
    case 'i64':
      return new I64Builder(arena, capacity)
    case 'bool':
      return new BoolBuilder(arena, capacity)
    case 'dict':
    case 'utf8':
      return new Utf8Builder(arena, capacity)
    case 'binary':
      return new BinaryBuilder(arena, capacity)
    case 'any':
      return new AnyBuilder(arena, capacity)
    case 'list':
      return new ListBuilder(arena, capacity, child(column.child))
    case 'tuple':
      return new TupleBuilder(arena, capacity, column.children.map(child))
    case 'struct':
      return new StructBuilder(arena, capacity, column.names, column.children.map(child))
  }
}
