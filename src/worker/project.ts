import type { Meaning } from '../functions/meaning.js'
import { type Column, ConstColumn, StructColumn, TupleColumn } from '../memory/column.js'
import { isChecked } from './checked.js'

/**
 * The value of an expression for all rows of a chunk, by rearranging its columns: nothing is computed.
 *
 * @returns undefined where the meaning, applied to columns of these types, is not mere rearrangement
 */
export function project(meaning: Meaning, input: Column): Column | undefined {
  switch (meaning.kind) {
    case 'input':
      return input
    case 'const':
      return new ConstColumn(input.length, meaning.value)
    case 'field': {
      const of = project(meaning.of, input)
      // A field of null is an error that JavaScript words best.
      if (of === undefined || of.valid !== undefined) return undefined
      if (of.kind === 'tuple' && typeof meaning.name === 'number') return of.children[meaning.name]
      if (of.kind === 'struct' && typeof meaning.name === 'string')
        return of.children[of.names.indexOf(meaning.name)]
      return undefined
    }
    case 'tuple': {
      const items = projectAll(meaning.items, input)
      return items && new TupleColumn(input.length, items)
    }
    case 'record': {
      const items = projectAll(meaning.items, input)
      return items && new StructColumn(input.length, meaning.names, items)
    }
    case 'checked':
      return isChecked(meaning.as, input) ? input : undefined
    default:
      return undefined
  }
}

function projectAll(meanings: Meaning[], input: Column): Column[] | undefined {
  const columns: Column[] = []
  for (const meaning of meanings) {
    const column = project(meaning, input)
    if (column === undefined) return undefined
    columns.push(column)
  }
  return columns
}
