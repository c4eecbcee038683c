import { MillraceError } from '../../core/errors.js'
import { expect } from '../../core/options.js'
import { TimeSlice } from '../../core/time-slice.js'
import type { Arena } from '../../memory/arena.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import { BigIntColumn, type Column, NumberColumn, StructColumn, TupleColumn } from '../../memory/column.js'
import type { RecordType } from '../../plan/source.js'
import { EncodedSource, type SourceHome } from './encoded-source.js'
import { typeOfRecord } from './record-type.js'

/** A column of values: a typed array, or a plain array of anything that can be a record. */
export type ColumnData<T = unknown> =
  | readonly T[]
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array

/** How columns make a record: objects with these names, pairs, or the one column's values themselves. */
export type Shape = { kind: 'record'; names: readonly string[] } | { kind: 'pair' } | { kind: 'value' }

/** Bytes copied between two turns of the event loop. */
const COPY_BYTES = 1 << 20

/** Columns that the caller has already: copied into the heap as they are. */
export class ColumnsSource extends EncodedSource {
  readonly label: string
  readonly recordType: RecordType
  readonly #data: readonly ColumnData[]
  readonly #shape: Shape

  /** @throws MILLRACE_OPTION if the columns differ in length */
  constructor(home: SourceHome, data: readonly ColumnData[], shape: Shape, slices: number, label: string) {
    super(home, slices)
    this.label = label
    this.#data = data
    this.#shape = shape
    for (const column of data)
      expect(isColumn(column), 'a typed array or an array', `a column of ${label}`, column)
    const lengths = data.map(d => d.length)
    if (new Set(lengths).size > 1) {
      throw new MillraceError(
        'MILLRACE_OPTION',
        `${label}: expected columns of one length but received lengths ${lengths.join(', ')}.`,
      )
    }
    const items = data.map(d =>
      d instanceof BigInt64Array ? { kind: 'other' as const } : typeOfRecord(d[0]),
    )
    this.recordType =
      shape.kind === 'record'
        ? { kind: 'record', names: [...shape.names], items }
        : shape.kind === 'pair'
          ? { kind: 'tuple', items }
          : items[0]!
  }

  get length(): number {
    return this.#data[0]?.length ?? 0
  }

  protected async encode(arena: Arena, from: number, to: number): Promise<Column> {
    const columns: Column[] = []
    for (const data of this.#data) columns.push(await encodeColumn(data, arena, from, to))
    const shape = this.#shape
    if (shape.kind === 'value') return columns[0]!
    return shape.kind === 'pair'
      ? new TupleColumn(to - from, columns)
      : new StructColumn(to - from, shape.names, columns)
  }
}

/** Unsigned 64-bit integers have no column of their own. */
const isColumn = (data: unknown): boolean =>
  Array.isArray(data) ||
  (ArrayBuffer.isView(data) && !(data instanceof DataView) && !(data instanceof BigUint64Array))

async function encodeColumn(data: ColumnData, arena: Arena, from: number, to: number): Promise<Column> {
  if (data instanceof BigInt64Array)
    return new BigIntColumn(await copied(data, arena.i64(to - from), from, to))
  if (data instanceof Float64Array || data instanceof Float32Array || data instanceof Uint32Array) {
    return new NumberColumn(await copied(data, arena.f64(to - from), from, to))
  }
  if (!Array.isArray(data))
    return new NumberColumn(await copied(data as Int32Array, arena.i32(to - from), from, to))
  const rows = new RowBuilder(arena, to - from, true)
  const slice = new TimeSlice()
  for (let i = from; i < to; i++) {
    rows.push(data[i])
    if ((i & 127) === 0 && slice.over()) await slice.rest()
  }
  return rows.finish()
}

type Numeric = Float64Array | Float32Array | Int32Array | Uint32Array | BigInt64Array

async function copied<T extends Float64Array | Int32Array | BigInt64Array>(
  data: Numeric,
  out: T,
  from: number,
  to: number,
): Promise<T> {
  const slice = new TimeSlice()
  const step = COPY_BYTES / data.BYTES_PER_ELEMENT
  for (let at = from; at < to; at += step) {
    ;(out as Float64Array).set((data as Float64Array).subarray(at, Math.min(at + step, to)), at - from)
    if (slice.over()) await slice.rest()
  }
  return out
}
