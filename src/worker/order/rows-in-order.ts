import { rowReader } from '../../functions/loops.js'
import type { Arena } from '../../memory/arena.js'
import type { Column } from '../../memory/column.js'
import type { Sign } from '../../plan/ops.js'
import { compareValues } from '../../plan/ordering.js'
import { failedAt } from '../failure.js'
import { inChunks } from '../read/source.js'
import { textRows } from '../take.js'
import type { Task } from '../task.js'
import { numbersInOrder } from './numbers.js'
import { textsInOrder } from './texts.js'

/**
 * The rows of a column in the order of their values, as compareValues has it; equal ones stay as they are.
 *
 * @param location the operator, for errors
 * @param arena for the result, and all that is needed to find it
 */
export function rowsInOrder(
  column: Column,
  sign: Sign,
  location: string,
  task: Task,
  arena: Arena,
): Int32Array {
  if (task.ways === 'auto' && column.valid === undefined) {
    if (column.kind === 'i32' || column.kind === 'f64')
      return numbersInOrder(column.values, sign, task, arena)
    const texts = textRows(column, task.kernels, arena)
    if (texts !== undefined) return textsInOrder(texts, sign, task, arena)
  }
  return valuesInOrder(column, sign, location, task, arena)
}

/** Values of any type, compared one by one. */
function valuesInOrder(column: Column, sign: Sign, location: string, task: Task, arena: Arena): Int32Array {
  const values: unknown[] = []
  for (const chunk of inChunks(column, task)) {
    const read = rowReader(chunk)
    for (let row = 0; row < chunk.length; row++) values.push(read(row))
  }
  const rows = arena.i32(values.length)
  for (let row = 0; row < rows.length; row++) rows[row] = row
  try {
    return rows.sort((a, b) => sign * compareValues(values[a], values[b]) || a - b)
  } catch (error) {
    throw failedAt(error, location, task, undefined)
  }
}
