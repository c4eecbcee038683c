import type { CarriedFunction } from '../functions/carry.js'
import type { Arena } from '../memory/arena.js'
import type { Column, TupleColumn } from '../memory/column.js'
import type { Op } from '../plan/ops.js'
import { isPair, pair } from './pairs.js'
import type { LoadedProgram } from './program.js'
import { project } from './project.js'
import { inChunks } from './read/source.js'
import { isStep, makesMany, RowLoops, type RowOp } from './row-loops.js'
import { splitText } from './split.js'
import { itemsOf, take, textRows } from './take.js'
import type { Task } from './task.js'
import type { TotalValue } from './total.js'
import { applyToPartition, isPartitionOp, type PartitionOp } from './whole-partition.js'

/** The operators of a chain, and for each how many branches of its union come before; needed for whole partitions only. */
export interface Operators {
  ops: Op<CarriedFunction>[]
  preceding?: number[]
}

/** Operators that work row by row, and perhaps one behind them that needs the whole partition. */
interface Segment {
  rows: RowOp[]
  whole: PartitionOp | undefined
  preceding: number
}

/**
 * A chain of narrow operators over the chunks of a partition. Each operator takes the fastest way that is
 * provably the same: rearranging columns, a kernel, or a generated loop; neighbours that need a loop share one.
 */
export class Chain {
  readonly #segments: Segment[]
  readonly #program: LoadedProgram
  readonly #loops: RowLoops

  constructor({ ops, preceding }: Operators, program: LoadedProgram) {
    this.#program = program
    this.#loops = new RowLoops(program)
    this.#segments = [{ rows: [], whole: undefined, preceding: 0 }]
    ops.forEach((op, k) => {
      const segment = this.#segments.at(-1)!
      if (isPartitionOp(op)) {
        segment.whole = op
        segment.preceding = preceding?.[k] ?? 0
        this.#segments.push({ rows: [], whole: undefined, preceding: 0 })
      } else {
        segment.rows.push(op)
      }
    })
  }

  /**
   * Runs the chain. A chunk is void when the next one is asked for.
   *
   * @param total where all results go, if they become one; numbers may then be given to it without passing by
   */
  run(chunks: Generator<Column>, task: Task, total?: TotalValue): Generator<Column> {
    let stream = chunks
    for (const segment of this.#segments) {
      const { rows, whole, preceding } = segment
      const last = segment === this.#segments.at(-1)
      if (rows.length > 0) stream = this.#applyToAll(rows, stream, task, last ? total : undefined)
      if (whole !== undefined)
        stream = applyToPartition(whole, this.#program, task.partitionIn(preceding), stream, task)
    }
    return stream
  }

  *#applyToAll(
    ops: RowOp[],
    chunks: Generator<Column>,
    task: Task,
    total: TotalValue | undefined,
  ): Generator<Column> {
    const arenas: Arena[] = []
    for (const chunk of chunks) yield* this.#apply(ops, 0, chunk, task, arenas, 0, total)
  }

  /**
   * Operators from `from` on. Most give one chunk for one; what makes many records of one may give several, and those behind it
   * write to an arena of their own, `depth` further, which is reset for each.
   */
  *#apply(
    ops: RowOp[],
    from: number,
    chunk: Column,
    task: Task,
    arenas: Arena[],
    depth: number,
    total: TotalValue | undefined,
  ): Generator<Column> {
    const scratch = (arenas[depth] ??= task.scratch())
    scratch.reset()
    let column = chunk
    let at = from
    while (at < ops.length && column.length > 0) {
      const op = ops[at]!
      if (op.kind === 'flatMap' && op.meaning?.kind === 'split' && task.ways === 'auto') {
        const text = textRows(project(op.meaning.text, column), task.kernels, scratch)
        if (text !== undefined) {
          for (const pieces of splitText(text, op.meaning.by, task.kernels, scratch))
            yield* this.#apply(ops, at + 1, pieces, task, arenas, depth + 1, total)
          return
        }
      }
      if (op.kind === 'flatMap' && op.meaning?.kind === 'field' && task.ways === 'auto') {
        const items = itemsOf(project(op.meaning, column))
        if (items !== undefined) {
          for (const part of inChunks(items, task))
            yield* this.#apply(ops, at + 1, part, task, arenas, depth + 1, total)
          return
        }
      }
      const rearranged = task.ways === 'auto' ? this.#rearrange(op, column, task, scratch) : undefined
      if (rearranged !== undefined) {
        column = rearranged
        at++
        continue
      }
      const end = this.#loopEnd(ops, at)
      if (end === ops.length && this.#foldLast(ops.slice(at), column, task, scratch, total)) return
      const together = ops.slice(at, end)
      if (together.some(makesMany)) {
        const results = this.#loops.expand(together, column, task, (arenas[depth + 1] ??= task.scratch()))
        for (const some of results) yield* this.#apply(ops, end, some, task, arenas, depth + 2, total)
        return
      }
      column = this.#loops.run(together, column, task, scratch)
      at = end
    }
    if (column.length > 0) yield column
  }

  /** The last loop of the chain, and the fold of its results in the same go, if they are folded into a number. */
  #foldLast(
    ops: RowOp[],
    column: Column,
    task: Task,
    scratch: Arena,
    total: TotalValue | undefined,
  ): boolean {
    const reducer = total?.reducer
    if (reducer === undefined || task.ways === 'generic') return false
    if (!ops.every(op => isStep(op) && op.kind !== 'flatMap')) return false
    total!.advance(acc => this.#loops.fold(ops, reducer, column, acc, task, scratch))
    return true
  }

  /** An operator that needs no loop over values. */
  #rearrange(op: RowOp, column: Column, task: Task, scratch: Arena): Column | undefined {
    if (op.meaning === undefined) return undefined
    switch (op.kind) {
      case 'map':
      case 'project':
        return project(op.meaning, column)
      case 'mapValues': {
        const values = isPair(column) ? project(op.meaning, column.children[1]!) : undefined
        return values && pair((column as TupleColumn).children[0]!, values)
      }
      case 'keyBy': {
        const keys = project(op.meaning, column)
        return keys && pair(keys, column)
      }
      case 'filter': {
        const sought = op.meaning.kind === 'nonEmpty' ? project(op.meaning.text, column) : undefined
        const text = textRows(sought, task.kernels, scratch)
        if (text === undefined) return undefined
        const rows = scratch.i32(column.length + 1)
        const count = task.kernels.selectNonEmpty(text.starts, text.ends, rows)
        return count === column.length ? column : take(column, rows.subarray(0, count), task.kernels, scratch)
      }
      default:
        return undefined
    }
  }

  /** Where a loop that begins at `at` ends: before an operator that a kernel may do better, or that works on values. */
  #loopEnd(ops: RowOp[], at: number): number {
    const first = ops[at]!
    if (!isStep(first))
      return first.kind === 'mapValues' || first.kind === 'flatMapValues'
        ? this.#sameKindEnd(ops, at)
        : at + 1
    let end = at + 1
    while (end < ops.length && isStep(ops[end]!) && ops[end]!.meaning?.kind !== 'split') end++
    return end
  }

  #sameKindEnd(ops: RowOp[], at: number): number {
    let end = at + 1
    while (ops[at]!.kind === 'mapValues' && ops[end]?.kind === 'mapValues') end++
    return end
  }
}
