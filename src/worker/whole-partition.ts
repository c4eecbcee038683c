import { MillraceError, shown } from '../core/errors.js'
import type { CarriedFunction } from '../functions/carry.js'
import { rowReader } from '../functions/loops.js'
import { RowBuilder } from '../memory/build/row-builder.js'
import type { Column } from '../memory/column.js'
import type { Op } from '../plan/ops.js'
import { failedAt } from './failure.js'
import { matched } from './match.js'
import { numbered } from './numbered.js'
import { ordered } from './order/ordered.js'
import type { LoadedProgram } from './program.js'
import type { RowOp } from './row-loops.js'
import type { Task } from './task.js'

/** An operator that needs all records of a partition. */
export type PartitionOp = Exclude<Op<CarriedFunction>, RowOp>

export function isPartitionOp(op: Op<CarriedFunction>): op is PartitionOp {
  return !('meaning' in op)
}

/** Applies one to a partition; `number` is the partition's. */
export function applyToPartition(
  op: PartitionOp,
  program: LoadedProgram,
  number: number,
  chunks: Generator<Column>,
  task: Task,
): Generator<Column> {
  switch (op.kind) {
    case 'sort':
    case 'first':
    case 'sampleKeys':
      return ordered(op, chunks, task)
    case 'number':
      return numbered(op, number, chunks, task)
    case 'match':
      return matched(op, chunks, task)
    default:
      return applied(op, program, number, chunks, task)
  }
}

function* applied(
  op: PartitionOp & { kind: 'mapPartitions' | 'glom' },
  program: LoadedProgram,
  number: number,
  chunks: Generator<Column>,
  task: Task,
): Generator<Column> {
  const scratch = task.scratch()
  let results: Iterable<unknown>
  if (op.kind === 'glom') {
    const rows: unknown[] = []
    for (const row of rowsOf(chunks)) rows.push(row)
    results = [rows]
  } else {
    const fn = program.fn(op.fn)
    results = guardedIteration(op, task, () =>
      op.first === undefined
        ? fn(rowsOf(chunks))
        : fn(op.first === 'index' ? number : task.time, rowsOf(chunks)),
    )
  }
  const size = task.chunkSizes()
  let out = new RowBuilder(scratch)
  let rows = size()
  for (const result of results) {
    out.push(result)
    if (out.length < rows) continue
    rows = size()
    const column = out.finish()
    yield column
    task.checkCancelled()
    scratch.reset()
    out = new RowBuilder(scratch, rows)
    out.startLike(column)
  }
  if (out.length > 0) yield out.finish()
}

/** All rows of all chunks as values. */
export function* rowsOf(chunks: Iterable<Column>): Generator<unknown> {
  for (const chunk of chunks) {
    const read = rowReader(chunk)
    for (let i = 0; i < chunk.length; i++) yield read(i)
  }
}

/** The results of a function over a whole partition; errors say where they come from. */
function* guardedIteration(
  op: { label: string; fn: CarriedFunction },
  task: Task,
  start: () => unknown,
): Generator<unknown> {
  try {
    const results = start()
    if (typeof (results as Iterable<unknown> | null | undefined)?.[Symbol.iterator] !== 'function') {
      throw new MillraceError(
        'MILLRACE_VALUE',
        `expected an array or another iterable from the function of ${op.label} but received ${shown(results)}.`,
      )
    }
    yield* results as Iterable<unknown>
  } catch (error) {
    throw failedAt(error, op.fn.location, task, undefined)
  }
}
