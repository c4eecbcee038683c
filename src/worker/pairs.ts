import { MillraceError, shown } from '../core/errors.js'
import { rowReader } from '../functions/loops.js'
import type { Meaning } from '../functions/meaning.js'
import type { Arena } from '../memory/arena.js'
import { RowBuilder } from '../memory/build/row-builder.js'
import { type Column, TupleColumn } from '../memory/column.js'
import { checked } from './checked.js'

/** True for a column of [key, value] records. */
export function isPair(column: Column): column is TupleColumn {
  return column.kind === 'tuple' && column.children.length === 2 && column.valid === undefined
}

/** A column of [key, value] records. */
export function pair(keys: Column, values: Column): TupleColumn {
  return new TupleColumn(keys.length, [keys, values])
}

/** Records as pairs, whatever the type of their column. */
export function asPairs(column: Column, operator: string, arena: Arena): TupleColumn {
  if (isPair(column)) return column
  const keys = new RowBuilder(arena, column.length)
  const values = new RowBuilder(arena, column.length)
  const read = rowReader(column)
  for (let i = 0; i < column.length; i++) {
    const record = read(i)
    const [key, value] = toPair(record, operator)
    if ((record as unknown[]).length !== 2) throw notPair(record, operator)
    keys.push(key)
    values.push(value)
  }
  return pair(keys.finish(), values.finish())
}

/** A record that an operator takes to be a pair. As in PySpark, keys() and values() take longer ones as well. */
export function toPair(record: unknown, operator: string): [unknown, unknown] {
  if (Array.isArray(record) && record.length >= 2) return record as [unknown, unknown]
  throw notPair(record, operator)
}

/** The error for a record that a by-key operator cannot take. */
export function notPair(record: unknown, operator: string): MillraceError {
  return new MillraceError(
    'MILLRACE_VALUE',
    `${operator} works on [key, value] records, but received ${shown(record)}. Make pairs first: .map(x => [key, value]).`,
  )
}

/** What {@link project} computes, for one record. */
export function evaluateMeaning(meaning: Meaning, record: unknown, operator: string): unknown {
  switch (meaning.kind) {
    case 'input':
      return record
    case 'const':
      return meaning.value
    case 'field': {
      const of = evaluateMeaning(meaning.of, record, operator)
      // As for a column of tuples: any array that is long enough will do.
      if (typeof meaning.name === 'number' && !(Array.isArray(of) && meaning.name < of.length))
        throw notPair(of, operator)
      return (of as Record<string, unknown>)[meaning.name]
    }
    case 'tuple':
      return meaning.items.map(item => evaluateMeaning(item, record, operator))
    case 'record':
      return Object.fromEntries(
        meaning.names.map((name, k) => [name, evaluateMeaning(meaning.items[k]!, record, operator)]),
      )
    case 'checked':
      return checked(meaning.as, record, operator)
    default:
      throw new MillraceError('MILLRACE_INTERNAL', `no value for ${meaning.kind}`)
  }
}
