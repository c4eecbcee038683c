import { Arena } from '../../src/memory/arena.js'
import { readBlock, writeBlock } from '../../src/memory/block.js'
import { RowBuilder } from '../../src/memory/build/row-builder.js'
import type { Column } from '../../src/memory/column.js'
import { Heap } from '../../src/memory/heap.js'
import { exactly } from './exactly.js'

const heap = Heap.reserve(64 * 2 ** 20)

/** Runs a check with an arena whose memory holds what earlier checks left, and takes it back. */
export function withArena<R>(check: (arena: Arena) => R): R {
  const arena = new Arena(heap)
  try {
    return check(arena)
  } finally {
    arena.free()
  }
}

export interface BuildOptions {
  expected?: number
  dictionaries?: boolean
}

export function build(
  arena: Arena,
  records: readonly unknown[],
  { expected = 0, dictionaries = false }: BuildOptions = {},
): Column {
  const rows = new RowBuilder(arena, expected, dictionaries)
  for (const record of records) rows.push(record)
  return rows.finish()
}

export const rowsOf = (column: Column): unknown[] =>
  Array.from({ length: column.length }, (_, i) => column.get(i))

/** Appends columns to a new builder, which begins with the type of the first one or learns it. */
export function appended(arena: Arena, columns: readonly Column[], startLike: boolean): Column {
  const rows = new RowBuilder(arena)
  if (startLike && columns.length > 0) rows.startLike(columns[0]!)
  for (const column of columns) rows.append(column)
  return rows.finish()
}

/**
 * Holds that a column has exactly these records, and that it still has them as a block that was read again, as
 * slices, and copied into another column in one piece or by slices.
 */
export function holds(arena: Arena, column: Column, records: readonly unknown[], hint = ''): void {
  const all = [...records]
  const whole = `${hint} ${column.type}`
  exactly(rowsOf(column), all, whole)
  const block = readBlock(arena.heap, writeBlock(arena, column))
  exactly(block.type, column.type, whole)
  exactly(rowsOf(block), all, `${whole}, as a block`)
  const third = Math.floor(column.length / 3)
  const slices = [
    column.slice(0, third),
    block.slice(third, 2 * third),
    column.slice(2 * third, column.length),
  ]
  exactly(slices.flatMap(rowsOf), all, `${whole}, in slices`)
  for (const startLike of [false, true]) {
    exactly(rowsOf(appended(arena, [column], startLike)), all, `${whole}, copied`)
    exactly(rowsOf(appended(arena, slices, startLike)), all, `${whole}, copied from slices`)
    const turned = [slices[2]!, slices[0]!]
    exactly(
      rowsOf(appended(arena, turned, startLike)),
      turned.flatMap(rowsOf),
      `${whole}, copied in disorder`,
    )
  }
}
