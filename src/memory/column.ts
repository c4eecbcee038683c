import { decodeValue } from './structured.js'
import type { ColumnBuffer } from './text.js'
import { decodeUtf8 } from './text.js'

/**
 * Columns: the records of a partition, kept by field. A column is a set of typed-array views over the shared
 * heap, so that making one copies nothing, and `view.byteOffset` is the address a kernel needs.
 *
 * The layouts are Arrow's, with three liberties: validity and booleans take a byte a row, and the ends of
 * variable-length rows are given beside their starts, so that words cut out of a text are a column as they lie.
 */
export type Column =
  | NumberColumn
  | BigIntColumn
  | BoolColumn
  | SpanColumn
  | DictColumn
  | ListColumn
  | TupleColumn
  | StructColumn
  | ConstColumn

export type ColumnKind = Column['kind']

/** One byte a row, 0 where the row is `null`; `undefined` where no row is. */
export type Validity = Uint8Array | undefined

/** What all kinds share. */
abstract class Base {
  abstract readonly kind: string
  readonly length: number
  readonly valid: Validity

  constructor(length: number, valid: Validity) {
    this.length = length
    this.valid = valid
  }

  /** The record of row `i`. */
  get(i: number): unknown {
    return this.valid !== undefined && this.valid[i] === 0 ? null : this.at(i)
  }

  /** The record of a row that is known to be valid. */
  abstract at(i: number): unknown

  protected validSlice(from: number, to: number): Validity {
    return this.valid?.subarray(from, to)
  }

  protected nullable(type: string): string {
    return this.valid === undefined ? type : `${type}?`
  }
}

/** `f64`: any number. `i32`: whole numbers of 32 bits, never -0. */
export class NumberColumn extends Base {
  readonly kind: 'f64' | 'i32'
  readonly values: Float64Array | Int32Array

  constructor(values: Float64Array | Int32Array, valid?: Validity) {
    super(values.length, valid)
    this.kind = values instanceof Float64Array ? 'f64' : 'i32'
    this.values = values
  }
  at(i: number): number {
    return this.values[i]!
  }
  slice(from: number, to: number): NumberColumn {
    return new NumberColumn(this.values.subarray(from, to), this.validSlice(from, to))
  }
  get type(): string {
    return this.nullable(this.kind)
  }
}

/** `i64`: BigInt of 64 bits. */
export class BigIntColumn extends Base {
  readonly kind = 'i64'
  readonly values: BigInt64Array

  constructor(values: BigInt64Array, valid?: Validity) {
    super(values.length, valid)
    this.values = values
  }
  at(i: number): bigint {
    return this.values[i]!
  }
  slice(from: number, to: number): BigIntColumn {
    return new BigIntColumn(this.values.subarray(from, to), this.validSlice(from, to))
  }
  get type(): string {
    return this.nullable('i64')
  }
}

export class BoolColumn extends Base {
  readonly kind = 'bool'
  readonly values: Uint8Array

  constructor(values: Uint8Array, valid?: Validity) {
    super(values.length, valid)
    this.values = values
  }
  at(i: number): boolean {
    return this.values[i] === 1
  }
  slice(from: number, to: number): BoolColumn {
    return new BoolColumn(this.values.subarray(from, to), this.validSlice(from, to))
  }
  get type(): string {
    return this.nullable('bool')
  }
}

/**
 * Rows of bytes: row i is `bytes[starts[i] .. ends[i])`. `utf8`: text, always valid UTF-8. `binary`: a
 * Uint8Array. `any`: a record in the form of structured.ts.
 */
export class SpanColumn extends Base {
  readonly kind: 'utf8' | 'binary' | 'any'
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  #strings: string[] | undefined

  constructor(
    kind: 'utf8' | 'binary' | 'any',
    bytes: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    valid?: Validity,
  ) {
    super(starts.length, valid)
    this.kind = kind
    this.bytes = bytes
    this.starts = starts
    this.ends = ends
  }
  at(i: number): unknown {
    const from = this.starts[i]!
    const to = this.ends[i]!
    if (this.kind === 'utf8') return decodeUtf8(this.bytes as ColumnBuffer, from, to)
    if (this.kind === 'binary') return Uint8Array.from(this.bytes.subarray(from, to))
    return decodeValue(this.bytes, from)
  }
  /** All rows of a text column, made once: for dictionaries, whose words are read again and again. */
  get strings(): string[] {
    return (this.#strings ??= Array.from({ length: this.length }, (_, i) => this.at(i) as string))
  }
  slice(from: number, to: number): SpanColumn {
    return new SpanColumn(
      this.kind,
      this.bytes,
      this.starts.subarray(from, to),
      this.ends.subarray(from, to),
      this.validSlice(from, to),
    )
  }
  get type(): string {
    return this.nullable(this.kind)
  }
}

/** Text whose distinct values are kept once: row i is `words` row `codes[i]`. */
export class DictColumn extends Base {
  readonly kind = 'dict'
  readonly codes: Int32Array
  readonly words: SpanColumn

  constructor(codes: Int32Array, words: SpanColumn, valid?: Validity) {
    super(codes.length, valid)
    this.codes = codes
    this.words = words
  }
  at(i: number): string {
    return this.words.strings[this.codes[i]!]!
  }
  slice(from: number, to: number): DictColumn {
    return new DictColumn(this.codes.subarray(from, to), this.words, this.validSlice(from, to))
  }
  get type(): string {
    return this.nullable('dict')
  }
}

/** Arrays: row i is rows `starts[i] .. ends[i])` of `child`. */
export class ListColumn extends Base {
  readonly kind = 'list'
  readonly child: Column
  readonly starts: Int32Array
  readonly ends: Int32Array

  constructor(child: Column, starts: Int32Array, ends: Int32Array, valid?: Validity) {
    super(starts.length, valid)
    this.child = child
    this.starts = starts
    this.ends = ends
  }
  at(i: number): unknown[] {
    const from = this.starts[i]!
    const items = new Array(this.ends[i]! - from)
    for (let k = 0; k < items.length; k++) items[k] = this.child.get(from + k)
    return items
  }
  slice(from: number, to: number): ListColumn {
    return new ListColumn(
      this.child,
      this.starts.subarray(from, to),
      this.ends.subarray(from, to),
      this.validSlice(from, to),
    )
  }
  get type(): string {
    return this.nullable(`list<${this.child.type}>`)
  }
}

/** Arrays of one fixed length, item k of every row in `children[k]`. */
export class TupleColumn extends Base {
  readonly kind = 'tuple'
  readonly children: readonly Column[]

  constructor(length: number, children: readonly Column[], valid?: Validity) {
    super(length, valid)
    this.children = children
  }
  at(i: number): unknown[] {
    const items = new Array(this.children.length)
    for (let k = 0; k < items.length; k++) items[k] = this.children[k]!.get(i)
    return items
  }
  slice(from: number, to: number): TupleColumn {
    return new TupleColumn(
      to - from,
      this.children.map(c => c.slice(from, to)),
      this.validSlice(from, to),
    )
  }
  get type(): string {
    return this.nullable(`tuple(${this.children.map(c => c.type).join(',')})`)
  }
}

/** Plain objects with the same properties in the same order, property `names[k]` of every row in `children[k]`. */
export class StructColumn extends Base {
  readonly kind = 'struct'
  readonly names: readonly string[]
  readonly children: readonly Column[]

  constructor(length: number, names: readonly string[], children: readonly Column[], valid?: Validity) {
    super(length, valid)
    this.names = names
    this.children = children
  }
  at(i: number): object {
    const record: Record<string, unknown> = {}
    for (let k = 0; k < this.names.length; k++) record[this.names[k]!] = this.children[k]!.get(i)
    return record
  }
  slice(from: number, to: number): StructColumn {
    return new StructColumn(
      to - from,
      this.names,
      this.children.map(c => c.slice(from, to)),
      this.validSlice(from, to),
    )
  }
  get type(): string {
    return this.nullable(
      `struct{${this.children.map((c, k) => `${JSON.stringify(this.names[k])}:${c.type}`).join(',')}}`,
    )
  }
}

/** The same record in every row. */
export class ConstColumn extends Base {
  readonly kind = 'const'
  readonly value: unknown

  constructor(length: number, value: unknown) {
    super(length, undefined)
    this.value = value
  }
  at(): unknown {
    return this.value
  }
  slice(from: number, to: number): ConstColumn {
    return new ConstColumn(to - from, this.value)
  }
  get type(): string {
    return `const<${typeof this.value}>`
  }
}
