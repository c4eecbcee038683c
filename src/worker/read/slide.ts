import type { CarriedFunction } from '../../functions/carry.js'
import { LAYOUT } from '../../kernels/layout.js'
import type { Arena } from '../../memory/arena.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import { type Column, ConstColumn, NumberColumn, TupleColumn } from '../../memory/column.js'
import type { Combine } from '../../plan/ops.js'
import { Combiner } from '../keyed/combine.js'
import { pair } from '../pairs.js'
import type { LoadedProgram } from '../program.js'
import { take } from '../take.js'
import type { Task } from '../task.js'
import type { Side } from './side.js'
import { inChunks } from './source.js'

/**
 * The sums of a window with an inverse: of those of the window before, the slices that leave it, and those that enter it. A key
 * is left out when no slice of the window has it any more.
 */
export function* slid(
  { fn, fold, exact }: Combine<CarriedFunction> & { kind: 'slide' },
  [states, leaving, entering]: readonly Side[],
  label: string,
  program: LoadedProgram,
  task: Task,
): Generator<Column> {
  const start = (keys: number): Combiner =>
    new Combiner({ kind: 'reduce', fn, fold }, 'both', keys, program, task)
  task.expectedRows = states!.rows + leaving!.rows + entering!.rows
  const scratch = task.scratch()
  let combiner = start(states!.rows)
  for (const [keys, values] of states!.pairs(label)) combiner.add(keys, values)
  for (const [keys, values] of leaving!.pairs(label)) {
    scratch.reset()
    combiner.add(keys, counted(negative(values, task, scratch), -1))
  }
  if (!exact && leaving!.rows > 0) {
    // What a rounded sum leaves behind must not be added to a key that comes again.
    const left = present(combiner.finish(), task, scratch)
    combiner = start(left.length)
    for (const chunk of inChunks(left, task)) combiner.add(chunk.children[0]!, chunk.children[1]!)
  }
  for (const [keys, values] of entering!.pairs(label)) combiner.add(keys, counted(values, 1))
  const left = present(combiner.finish(), task, scratch)
  task.expectedRows = left.length
  yield* inChunks(left, task)
}

/** The pairs whose keys are in a slice. */
function present(
  [keys, values]: readonly [Column, Column, ...unknown[]],
  task: Task,
  scratch: Arena,
): TupleColumn {
  const all = pair(keys, values)
  const column = values.kind === 'tuple' ? values.children[1]! : undefined
  const slices = column?.kind === 'f64' ? column.values : undefined
  if (slices !== undefined && task.kernels.fold(LAYOUT.FOLD_MIN, slices, Infinity) > 0) return all
  const slicesOf = (i: number): number => slices?.[i] ?? (values.get(i) as [unknown, number])[1]
  scratch.reset()
  const rows = scratch.i32(all.length)
  let count = 0
  for (let i = 0; i < all.length; i++) if (slicesOf(i) > 0) rows[count++] = i
  return take(all, rows.subarray(0, count), task.kernels, scratch) as TupleColumn
}

const counted = (values: Column, slices: number): TupleColumn =>
  new TupleColumn(values.length, [values, new ConstColumn(values.length, slices)])

function negative(values: Column, task: Task, scratch: Arena): Column {
  if (values.kind === 'const') return new ConstColumn(values.length, -(values.value as number))
  if (values.kind === 'f64' && values.valid === undefined) {
    const out = scratch.f64(values.length)
    task.kernels.negateF64(values.values as Float64Array, out)
    return new NumberColumn(out)
  }
  const out = new RowBuilder(scratch, values.length)
  for (let i = 0; i < values.length; i++) out.push(-(values.get(i) as number))
  return out.finish()
}
