import type { Arena } from '../../memory/arena.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import type { Column, TupleColumn } from '../../memory/column.js'
import type { OrderOp } from '../../plan/ops.js'
import { compareValues } from '../../plan/ordering.js'
import { failedAt } from '../failure.js'
import { asPairs } from '../pairs.js'
import { packed, take } from '../take.js'
import { CHUNK_ROWS, type Task } from '../task.js'
import { Ranges } from './ranges.js'
import { rowsInOrder } from './rows-in-order.js'

/** Applies an operator that goes by the order of keys to a partition. A chunk is void when the next one is asked for. */
export function ordered(op: OrderOp, chunks: Generator<Column>, task: Task): Generator<Column> {
  return op.kind === 'sampleKeys' ? sampledKeys(op, chunks, task) : sorted(op, chunks, task)
}

function* sorted(
  op: OrderOp & { kind: 'sort' | 'first' },
  chunks: Generator<Column>,
  task: Task,
): Generator<Column> {
  const most = op.kind === 'first' ? op.count : Number.POSITIVE_INFINITY
  const sorter = new Sorter(op, task)
  const scratch = task.scratch()
  let kept = new Kept(task.scratch())
  let next = new Kept(task.scratch())
  /** Two ranges: what comes behind those that are kept is not wanted any more. */
  let wanted: Ranges | undefined
  for (const chunk of chunks) {
    scratch.reset()
    let pairs: Column = asPairs(chunk, op.label, scratch)
    if (wanted !== undefined) pairs = ofFirstRange(wanted, pairs as TupleColumn, task, scratch)
    kept.append(packed(pairs, task.kernels, scratch))
    if (kept.length < 2 * most + CHUNK_ROWS) continue
    for (const first of sorter.inOrder(kept.finish(), most)) {
      next.append(packed(first, task.kernels, scratch))
      const [keys] = (first as TupleColumn).children as [Column]
      wanted = new Ranges([keys.get(keys.length - 1)], op.sign, op.location)
    }
    kept.reset()
    ;[kept, next] = [next, kept]
  }
  if (kept.length > 0) yield* sorter.inOrder(kept.finish(), most)
  // A partition's worth of memory, which later tasks may not need.
  sorter.close()
  kept.reset()
}

/** The pairs whose keys are of the first range. */
function ofFirstRange(ranges: Ranges, pairs: TupleColumn, task: Task, arena: Arena): Column {
  const numbers = ranges.of(pairs.children[0]!, task, arena.i32(pairs.length))
  const rows = arena.i32(pairs.length)
  let count = 0
  for (let row = 0; row < pairs.length; row++) if (numbers[row] === 0) rows[count++] = row
  return take(pairs, rows.subarray(0, count), task.kernels, arena)
}

class Sorter {
  readonly #op: OrderOp & { kind: 'sort' | 'first' }
  readonly #task: Task
  readonly #rows: Arena
  readonly #chunk: Arena

  constructor(op: OrderOp & { kind: 'sort' | 'first' }, task: Task) {
    this.#op = op
    this.#task = task
    this.#rows = task.scratch()
    this.#chunk = task.scratch()
  }

  /** Pairs in the order of their keys, at most so many, in chunks. */
  *inOrder(pairs: Column, most: number): Generator<Column> {
    this.#rows.reset()
    const { sign, location } = this.#op
    const keys = (pairs as TupleColumn).children[0]!
    const rows = rowsInOrder(keys, sign, location, this.#task, this.#rows)
    const end = Math.min(rows.length, most)
    const size = this.#task.chunkSizes()
    for (let from = 0, to = 0; from < end; from = to) {
      this.#task.checkCancelled()
      this.#chunk.reset()
      to = Math.min(from + size(), end)
      yield take(pairs, rows.subarray(from, to), this.#task.kernels, this.#chunk)
    }
  }

  close(): void {
    this.#rows.reset()
    this.#chunk.reset()
  }
}

/** Pairs that have come. */
class Kept {
  readonly #arena: Arena
  #rows: RowBuilder

  constructor(arena: Arena) {
    this.#arena = arena
    this.#rows = new RowBuilder(arena)
  }

  get length(): number {
    return this.#rows.length
  }

  append(pairs: Column): void {
    this.#rows.append(pairs)
  }

  finish(): Column {
    return this.#rows.finish()
  }

  reset(): void {
    this.#arena.reset()
    this.#rows = new RowBuilder(this.#arena)
  }
}

/** As the sample grows beyond twice its size, every other key of it goes. */
function* sampledKeys(
  { label, location, count }: OrderOp & { kind: 'sampleKeys' },
  chunks: Generator<Column>,
  task: Task,
): Generator<Column> {
  const scratch = task.scratch()
  let kept: unknown[] = []
  let step = 1
  let before = 0
  for (const chunk of chunks) {
    scratch.reset()
    const [keys] = asPairs(chunk, label, scratch).children as [Column]
    for (let row = (step - (before % step)) % step; row < keys.length; row += step) {
      const key = keys.get(row)
      checkOrdered(key, location, task)
      kept.push(key)
      if (kept.length < 2 * count) continue
      kept = kept.filter((_, k) => k % 2 === 0)
      // The one just kept has an odd number, and is gone; the next that counts comes a step later.
      step *= 2
      row -= step / 2
    }
    before += keys.length
  }
  if (kept.length === 0) return
  const rows = new RowBuilder(task.scratch())
  for (const key of kept) rows.push([key, step])
  yield rows.finish()
}

/** @throws for what has no order */
function checkOrdered(key: unknown, location: string, task: Task): void {
  try {
    compareValues(key, key)
  } catch (error) {
    throw failedAt(error, location, task, undefined)
  }
}
