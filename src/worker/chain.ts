import { MillraceError, shown } from '../core/errors.js'
import type { CarriedFunction } from '../functions/carry.js'
import { items, type Place, rowReader, rowsLoop, type Step, selectLoop } from '../functions/loops.js'
import type { Meaning } from '../functions/meaning.js'
import { writerKey } from '../functions/write-rows.js'
import type { Arena } from '../memory/arena.js'
import { RowBuilder } from '../memory/build/row-builder.js'
import type { Column, TupleColumn } from '../memory/column.js'
import type { Op } from '../plan/ops.js'
import type { ProgramBranch } from '../plan/stages.js'
import { failedAt } from './failure.js'
import { asPairs, evaluateMeaning, isPair, pair } from './pairs.js'
import type { LoadedProgram } from './program.js'
import { project } from './project.js'
import { splitText } from './split.js'
import { take, textRows } from './take.js'
import { CHUNK_ROWS, type Task } from './task.js'

type RowOp = Extract<Op<CarriedFunction>, { meaning: Meaning | undefined }>
type PartitionOp = Exclude<Op<CarriedFunction>, RowOp>

/** Operators that work row by row, and perhaps one behind them that needs the whole partition. */
interface Segment {
  rows: RowOp[]
  whole: PartitionOp | undefined
  preceding: number
}

/** Rows that show the type of a loop's results before the loop for that type is made. */
const PROBE_ROWS = 64

/** Types of results kept, for as many types of records. */
const RESULTS = 300

/**
 * A chain of narrow operators over the chunks of a partition. Each operator takes the fastest way that is
 * provably the same: rearranging columns, a kernel, or a generated loop; neighbours that need a loop share one.
 */
export class Chain {
  readonly #segments: Segment[]
  readonly #program: LoadedProgram
  readonly #place: Place = { row: 0, step: 0, base: 0 }
  /** For each loop, what came out of it last: the type to expect. */
  readonly #results = new Map<string, Column>()

  constructor({ ops, preceding }: ProgramBranch, program: LoadedProgram) {
    this.#program = program
    this.#segments = [{ rows: [], whole: undefined, preceding: 0 }]
    ops.forEach((op, k) => {
      const segment = this.#segments.at(-1)!
      if (op.kind === 'mapPartitions' || op.kind === 'glom') {
        segment.whole = op
        segment.preceding = preceding[k]!
        this.#segments.push({ rows: [], whole: undefined, preceding: 0 })
      } else {
        segment.rows.push(op)
      }
    })
  }

  /** Runs the chain. A chunk is void when the next one is asked for. */
  run(chunks: Generator<Column>, task: Task): Generator<Column> {
    let stream = chunks
    for (const { rows, whole, preceding } of this.#segments) {
      if (rows.length > 0) stream = this.#applyToAll(rows, stream, task)
      if (whole !== undefined)
        stream = this.#applyToPartition(whole, task.partitionIn(preceding), stream, task)
    }
    return stream
  }

  *#applyToAll(ops: RowOp[], chunks: Generator<Column>, task: Task): Generator<Column> {
    const scratch = task.scratch()
    for (const chunk of chunks) {
      scratch.reset()
      yield* this.#apply(ops, 0, chunk, task, scratch)
    }
  }

  /** Operators from `from` on; most give one chunk for one, a split may give several. */
  *#apply(ops: RowOp[], from: number, chunk: Column, task: Task, scratch: Arena): Generator<Column> {
    let column = chunk
    let at = from
    while (at < ops.length && column.length > 0) {
      const op = ops[at]!
      if (op.kind === 'flatMap' && op.meaning?.kind === 'split' && task.ways === 'auto') {
        const text = textRows(project(op.meaning.text, column), task.kernels, scratch)
        if (text !== undefined) {
          for (const pieces of splitText(text, op.meaning.by, task.kernels, scratch))
            yield* this.#apply(ops, at + 1, pieces, task, scratch)
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
      column = this.#loop(ops.slice(at, end), column, task, scratch)
      at = end
    }
    if (column.length > 0) yield column
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

  #loop(ops: RowOp[], column: Column, task: Task, scratch: Arena): Column {
    const kind = ops[0]!.kind
    if (kind === 'mapValues' || kind === 'flatMapValues') return this.#valuesLoop(ops, column, task, scratch)
    if (kind === 'keyBy') return pair(this.#rowsLoop(ops, column, task, scratch), column)
    if (kind === 'project') return this.#projectLoop(ops[0]!, column, scratch)
    if (ops.every(op => op.kind === 'filter') && task.ways !== 'generic') {
      const loop = this.#program.loop(`select ${key(ops)} ${column.type}`, () =>
        selectLoop(this.#steps(ops), column),
      )
      const rows = scratch.i32(column.length)
      const count = this.#guard(ops, column, task, place => loop(column, rows, place))
      return count === column.length ? column : take(column, rows.subarray(0, count), task.kernels, scratch)
    }
    return this.#rowsLoop(ops, column, task, scratch)
  }

  /** mapValues and flatMapValues: keys stay as they are. */
  #valuesLoop(ops: RowOp[], column: Column, task: Task, scratch: Arena): Column {
    const pairs = asPairs(column, ops[0]!.label, scratch)
    const [keys, values] = pairs.children as [Column, Column]
    if (ops[0]!.kind === 'mapValues') return pair(keys, this.#rowsLoop(ops, values, task, scratch))
    const parents: number[] = []
    const results = this.#rowsLoop(ops, values, task, scratch, parents)
    const rows = scratch.i32(parents.length)
    rows.set(parents)
    return pair(take(keys, rows, task.kernels, scratch), results)
  }

  /** A rearrangement of millrace's own over records of other types. */
  #projectLoop(op: RowOp, column: Column, scratch: Arena): Column {
    const out = new RowBuilder(scratch, column.length)
    const read = rowReader(column)
    for (let i = 0; i < column.length; i++) out.push(evaluateMeaning(op.meaning!, read(i), op.label))
    return out.finish()
  }

  #rowsLoop(ops: RowOp[], column: Column, task: Task, scratch: Arena, parents?: number[]): Column {
    if (task.ways === 'generic') return this.#plain(ops, column, task, scratch, parents)
    const out = new RowBuilder(scratch, column.length)
    const loopKey = `rows ${key(ops)} ${column.type}`
    const expected = this.#results.get(loopKey)
    let from = 0
    if (expected !== undefined) {
      out.startLike(expected)
    } else if (column.length > PROBE_ROWS) {
      // The type of the results is not known yet: a few rows show it.
      this.#runRows(ops, loopKey, column.slice(0, PROBE_ROWS), 0, out, task, parents)
      from = PROBE_ROWS
    }
    this.#runRows(ops, loopKey, column.slice(from, column.length), from, out, task, parents)
    const results = out.finish()
    if (this.#results.size >= RESULTS) this.#results.clear()
    if (results.length > 0) this.#results.set(loopKey, results)
    return results
  }

  #runRows(
    ops: RowOp[],
    loopKey: string,
    column: Column,
    base: number,
    out: RowBuilder,
    task: Task,
    parents: number[] | undefined,
  ): void {
    const loop = this.#program.loop(`${loopKey} ${writerKey(out)}`, () =>
      rowsLoop(this.#steps(ops), column, out),
    )
    this.#guard(ops, column, task, place => {
      place.base = base
      loop(column, out, place, parents)
    })
  }

  /** The reference: one row, one function, one value at a time. */
  #plain(ops: RowOp[], column: Column, task: Task, scratch: Arena, parents: number[] | undefined): Column {
    const out = new RowBuilder(scratch, column.length)
    const steps = this.#steps(ops)
    this.#guard(ops, column, task, place => {
      for (place.row = 0; place.row < column.length; place.row++) {
        applySteps(steps, column.get(place.row), place, value => {
          out.push(value)
          parents?.push(place.row)
        })
      }
    })
    return out.finish()
  }

  /** Runs user functions; says in an error which operator and record were at hand. */
  #guard<R>(ops: RowOp[], column: Column, task: Task, run: (place: Place) => R): R {
    const place = this.#place
    place.row = place.step = 0
    try {
      return run(place)
    } catch (error) {
      throw failedAt(error, (ops[place.step] as { fn?: CarriedFunction })?.fn?.location, task, () =>
        this.#valueAt(ops, column.get(place.row), place.step),
      )
    }
  }

  /** What the function of a step was given: the loops do not keep it, so that it is made once more. */
  #valueAt(ops: RowOp[], record: unknown, step: number): unknown {
    const place = { step: 0, value: record }
    if (step === 0) return record
    try {
      applySteps(this.#steps(ops), record, place, () => {})
    } catch {}
    return place.step === step ? place.value : record
  }

  #steps(ops: RowOp[]): Step[] {
    return ops.map(op => ({
      kind:
        op.kind === 'filter' || op.kind === 'flatMap'
          ? op.kind
          : op.kind === 'flatMapValues'
            ? 'flatMap'
            : 'map',
      fn: this.#program.fn((op as { fn: CarriedFunction }).fn),
    }))
  }

  *#applyToPartition(
    op: PartitionOp,
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
      const fn = this.#program.fn(op.fn)
      results = guardedIteration(op, task, () =>
        op.withIndex ? fn(number, rowsOf(chunks)) : fn(rowsOf(chunks)),
      )
    }
    let out = new RowBuilder(scratch)
    for (const result of results) {
      out.push(result)
      if (out.length < CHUNK_ROWS) continue
      const column = out.finish()
      yield column
      task.checkCancelled()
      scratch.reset()
      out = new RowBuilder(scratch, CHUNK_ROWS)
      out.startLike(column)
    }
    if (out.length > 0) yield out.finish()
  }
}

/** A chain of functions, over one record; `place` is told which step is at hand, and what it is given. */
function applySteps(
  steps: readonly Step[],
  record: unknown,
  place: { step: number; value?: unknown },
  each: (result: unknown) => void,
): void {
  const apply = (value: unknown, step: number): void => {
    if (step === steps.length) return each(value)
    place.step = step
    place.value = value
    const { kind, fn } = steps[step]!
    const result: unknown = fn(value)
    if (kind === 'map') apply(result, step + 1)
    else if (kind === 'flatMap') for (const item of Array.from(items(result))) apply(item, step + 1)
    else if (result) apply(value, step + 1)
  }
  apply(record, 0)
}

function isStep(op: RowOp): boolean {
  return op.kind === 'map' || op.kind === 'filter' || op.kind === 'flatMap'
}

/** Names the functions of a run of operators, for the cache of loops. */
function key(ops: RowOp[]): string {
  return ops.map(op => `${op.kind}${(op as { fn: CarriedFunction }).fn.id}`).join('.')
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
