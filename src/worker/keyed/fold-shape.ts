import type { Fold } from '../../functions/meaning.js'
import {
  type Column,
  type ConstColumn,
  type NumberColumn,
  StructColumn,
  TupleColumn,
} from '../../memory/column.js'

/** A column of numbers, or one number for all rows. */
export type Numbers = NumberColumn | (ConstColumn & { value: number })

/** The FOLD_… of every number of a fold, in order. */
export function opsOf(fold: Fold): number[] {
  return 'op' in fold ? [fold.op] : fold.items.flatMap(opsOf)
}

/**
 * Every number of the values, in the order of {@link opsOf}.
 *
 * @returns undefined if a fold of numbers does not apply to values of this type
 */
export function numbersIn(fold: Fold, values: Column): Numbers[] | undefined {
  return fits(fold, values) ? leaves(fold, values) : undefined
}

/** Values as the fold gives them, of a column for each number. */
export function shaped(fold: Fold, count: number, numbers: readonly Column[]): Column {
  let next = 0
  const shape = (part: Fold): Column => {
    if ('op' in part) return numbers[next++]!
    const items = part.items.map(shape)
    return part.names === undefined
      ? new TupleColumn(count, items)
      : new StructColumn(count, part.names, items)
  }
  return shape(fold)
}

function leaves(fold: Fold, values: Column): Numbers[] {
  if ('op' in fold) return [values as Numbers]
  return fold.items.flatMap((item, k) => leaves(item, (values as TupleColumn).children[k]!))
}

/** True if a fold of numbers applies to values of this type. */
export function fits(fold: Fold, values: Column): boolean {
  if (values.valid !== undefined) return false
  if ('op' in fold)
    return (
      values.kind === 'f64' ||
      values.kind === 'i32' ||
      (values.kind === 'const' && typeof values.value === 'number')
    )
  const { items, names } = fold
  if (names === undefined)
    return (
      values.kind === 'tuple' &&
      values.children.length === items.length &&
      items.every((item, k) => fits(item, values.children[k]!))
    )
  return (
    values.kind === 'struct' &&
    values.names.length === names.length &&
    names.every((name, k) => values.names[k] === name && fits(items[k]!, values.children[k]!))
  )
}
