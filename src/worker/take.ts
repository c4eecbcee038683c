import type { Kernels } from '../kernels/kernels.js'
import type { Arena } from '../memory/arena.js'
import { RowBuilder } from '../memory/build/row-builder.js'
import {
  BigIntColumn,
  BoolColumn,
  type Column,
  ConstColumn,
  DictColumn,
  ListColumn,
  NumberColumn,
  SpanColumn,
  StructColumn,
  TupleColumn,
  type Validity,
} from '../memory/column.js'

/**
 * The given rows of a column, in the given order. Bytes and children of lists are shared, not copied.
 *
 * @param there a byte for each row, 0 for one that is to be null instead
 */
export function take(
  column: Column,
  rows: Int32Array,
  kernels: Kernels,
  arena: Arena,
  there?: Uint8Array,
): Column {
  const n = rows.length
  const i32 = (values: Int32Array): Int32Array => {
    const out = arena.i32(n)
    kernels.gather(values, rows, out)
    return out
  }
  const u8 = (values: Uint8Array): Uint8Array => {
    const out = arena.u8(n)
    kernels.gather(values, rows, out)
    return out
  }
  const valid = both(column.valid && u8(column.valid), there)
  switch (column.kind) {
    case 'f64': {
      const out = arena.f64(n)
      kernels.gather(column.values as Float64Array, rows, out)
      return new NumberColumn(out, valid)
    }
    case 'i32':
      return new NumberColumn(i32(column.values as Int32Array), valid)
    case 'i64': {
      const out = arena.i64(n)
      kernels.gather(column.values, rows, out)
      return new BigIntColumn(out, valid)
    }
    case 'bool':
      return new BoolColumn(u8(column.values), valid)
    case 'utf8':
    case 'binary':
    case 'any':
      return new SpanColumn(column.kind, column.bytes, i32(column.starts), i32(column.ends), valid)
    case 'dict':
      return new DictColumn(i32(column.codes), column.words, valid)
    case 'list':
      return new ListColumn(column.child, i32(column.starts), i32(column.ends), valid)
    case 'tuple':
      return new TupleColumn(
        n,
        column.children.map(c => take(c, rows, kernels, arena)),
        valid,
      )
    case 'struct':
      return new StructColumn(
        n,
        column.names,
        column.children.map(c => take(c, rows, kernels, arena)),
        valid,
      )
    case 'const':
      return there === undefined ? new ConstColumn(n, column.value) : sometimes(column.value, there, arena)
  }
}

function both(a: Validity, b: Validity): Validity {
  if (a !== undefined && b !== undefined) for (let row = 0; row < a.length; row++) a[row]! &= b[row]!
  return a ?? b
}

/** A value where there is one, else null. */
function sometimes(value: unknown, there: Uint8Array, arena: Arena): Column {
  const rows = new RowBuilder(arena, there.length)
  for (const here of there) rows.push(here === 0 ? null : value)
  return rows.finish()
}

/**
 * The rows of a text column as places in bytes, whether it is coded by a dictionary or not.
 *
 * @returns undefined for columns of another type, and for those with nulls
 */
export function textRows(column: Column | undefined, kernels: Kernels, arena: Arena): SpanColumn | undefined {
  if (column === undefined || column.valid !== undefined) return undefined
  if (column.kind === 'dict') return take(column.words, column.codes, kernels, arena) as SpanColumn
  return column.kind === 'utf8' ? (column as SpanColumn) : undefined
}

/**
 * The items of all rows of a column of lists, as they lie there.
 *
 * @returns undefined for columns of another type, for those with nulls, and for lists that do not lie end to end
 */
export function itemsOf(column: Column | undefined): Column | undefined {
  if (column?.kind !== 'list' || column.valid !== undefined || column.length === 0) return undefined
  const { starts, ends, length, child } = column
  for (let i = 1; i < length; i++) if (starts[i] !== ends[i - 1]) return undefined
  return child.slice(starts[0]!, ends[length - 1]!)
}

/**
 * The same column with the bytes of its text end to end, so that appending it to another is one copy. Other
 * kinds stay as they are.
 */
export function packed(column: Column, kernels: Kernels, arena: Arena): Column {
  switch (column.kind) {
    case 'utf8':
    case 'binary':
    case 'any': {
      const offsets = arena.i32(column.length + 1)
      const bytes = arena.u8(kernels.spansSize(column.starts, column.ends))
      kernels.packSpans(column, offsets, bytes)
      return new SpanColumn(
        column.kind,
        bytes,
        offsets.subarray(0, column.length),
        offsets.subarray(1),
        column.valid,
      )
    }
    case 'tuple':
      return new TupleColumn(
        column.length,
        column.children.map(c => packed(c, kernels, arena)),
        column.valid,
      )
    case 'struct':
      return new StructColumn(
        column.length,
        column.names,
        column.children.map(c => packed(c, kernels, arena)),
        column.valid,
      )
    default:
      return column
  }
}
