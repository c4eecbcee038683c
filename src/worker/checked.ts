import { MillraceError, shown } from '../core/errors.js'
import type { Check } from '../functions/meaning.js'
import type { Column } from '../memory/column.js'
import { compareValues } from '../plan/ordering.js'

/** True if all rows of a column are what is asked for, as its type shows. */
export function isChecked(as: Check, { kind, valid }: Column): boolean {
  switch (as) {
    case 'number':
      return (kind === 'f64' || kind === 'i32') && valid === undefined
    case 'number or nothing':
      return kind === 'f64' || kind === 'i32'
    case 'text or nothing':
      return kind === 'utf8' || kind === 'dict'
    case 'date or nothing':
      return false
    case 'ordered':
      return ['f64', 'i32', 'i64', 'bool', 'utf8', 'dict'].includes(kind)
  }
}

/**
 * A record that an operator of the library works on; false and true are 0 and 1 for one that works on numbers, as in Python.
 *
 * @throws MILLRACE_VALUE for what the operator would make rubbish of
 */
export function checked(as: Check, record: unknown, operator: string): unknown {
  switch (as) {
    case 'number':
      return numberOf(record, operator)
    case 'number or nothing':
      return record === null || record === undefined ? record : numberOf(record, operator)
    case 'text or nothing':
      if (typeof record === 'string' || record === null || record === undefined) return record
      throw refused(operator, 'texts', record)
    case 'date or nothing':
      if (record instanceof Date || record === null || record === undefined) return record
      throw refused(operator, 'dates', record)
    case 'ordered':
      try {
        compareValues(record, record)
        return record
      } catch {
        throw refused(
          operator,
          'numbers, texts, booleans, dates and arrays of these',
          record,
          ' Give it a key.',
        )
      }
  }
}

/** A number, or 0 or 1 for false or true. @throws MILLRACE_VALUE */
export function numberOf(value: unknown, operator: string): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  throw refused(operator, 'numbers', value)
}

function refused(operator: string, works: string, value: unknown, hint = ''): MillraceError {
  return new MillraceError(
    'MILLRACE_VALUE',
    `${operator} works on ${works}, but received ${shown(value)}.${hint}`,
  )
}
