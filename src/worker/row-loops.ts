import type { CarriedFunction } from '../functions/carry.js'
import {
  foldRowsLoop,
  items,
  type Place,
  rowReader,
  rowsLoop,
  type Step,
  selectLoop,
} from '../functions/loops.js'
import type { Meaning } from '../functions/meaning.js'
import { writerKey } from '../functions/write-rows.js'
import type { Arena } from '../memory/arena.js'
import { RowBuilder } from '../memory/build/row-builder.js'
import type { Column } from '../memory/column.js'
import type { Op } from '../plan/ops.js'
import { checked } from './checked.js'
import { failedAt } from './failure.js'
import { asPairs, evaluateMeaning, pair } from './pairs.js'
import type { LoadedProgram } from './program.js'
import { take } from './take.js'
import { CHUNK_ROWS, type Task } from './task.js'

/** An operator that works row by row. */
export type RowOp = Extract<Op<CarriedFunction>, { meaning: Meaning | undefined }>

/** Rows that show the type of a loop's results before the loop for that type is made. */
const PROBE_ROWS = 64

/**
 * Results after which operators that make many records of one hand over what they have: two chunks, so that those that make
 * about one of one do not leave a few rows behind each.
 */
const MOST_RESULTS = 2 * CHUNK_ROWS

/** Types of results kept, for as many types of records. */
const RESULTS = 300

/** The loops around user functions: generated for the functions and the types of the records, or plain. */
export class RowLoops {
  readonly #program: LoadedProgram
  readonly #place: Place = { row: 0, step: 0, base: 0 }
  /** How many rows the last loop went over, which may end before all. */
  #through = 0
  /** For each loop that {@link expand} runs, by its first operator, about how many rows it goes over before it ends. */
  readonly #windows = new Map<RowOp, number>()
  /** For each loop, what came out of it last: the type to expect. */
  readonly #results = new Map<string, Column>()

  constructor(program: LoadedProgram) {
    this.#program = program
  }

  /** One operator, or neighbours that share a loop; if one of them {@link makesMany}, perhaps for the first rows only. */
  run(ops: RowOp[], column: Column, task: Task, scratch: Arena): Column {
    const kind = ops[0]!.kind
    if (kind === 'mapValues' || kind === 'flatMapValues') return this.#valuesLoop(ops, column, task, scratch)
    if (kind === 'keyBy') return pair(this.#rowsLoop(ops, column, task, scratch), column)
    if (kind === 'project' && !isStep(ops[0]!)) return this.#projectLoop(ops[0]!, column, scratch)
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

  /**
   * The results of operators that make many records of one, in columns that do not grow with their number: each is void when the
   * next one is asked for. All results of one record are in one of them.
   */
  *expand(ops: RowOp[], column: Column, task: Task, scratch: Arena): Generator<Column> {
    for (let from = 0; from < column.length; ) {
      task.checkCancelled()
      scratch.reset()
      // A loop prepares for all rows it is given, so that it is not given many more than it will go over.
      const rows = Math.min(this.#windows.get(ops[0]!) ?? CHUNK_ROWS, column.length - from)
      const results = this.run(ops, column.slice(from, from + rows), task, scratch)
      from += this.#through
      const expected = (this.#through * MOST_RESULTS) / Math.max(1, results.length)
      this.#windows.set(ops[0]!, Math.ceil(Math.min(expected, CHUNK_ROWS)))
      if (results.length > 0) yield results
    }
  }

  /** The results of maps and filters, folded into a number as they come: they need not become a column first. */
  fold(
    ops: RowOp[],
    reducer: CarriedFunction,
    column: Column,
    acc: unknown,
    task: Task,
    scratch: Arena,
  ): unknown {
    const all: RowOp[] = [...ops, { kind: 'map', label: '', fn: reducer, meaning: undefined }]
    const loop = this.#program.loop(`fold ${key(all)} ${column.type}`, () =>
      foldRowsLoop(this.#steps(ops), this.#program.fn(reducer), column),
    )
    const keep = (value: unknown): unknown => {
      const kept = new RowBuilder(scratch, 1)
      kept.push(value)
      return kept.finish().get(0)
    }
    return this.#guard(all, column, task, place => loop(column, acc, keep, place))
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
      from = this.#runRows(ops, loopKey, column.slice(0, PROBE_ROWS), 0, out, task, parents)
    }
    this.#through = from
    if (out.length < MOST_RESULTS) {
      const rest = column.slice(from, column.length)
      this.#through += this.#runRows(ops, loopKey, rest, from, out, task, parents)
    }
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
  ): number {
    const loop = this.#program.loop(`${loopKey} ${writerKey(out)}`, () =>
      rowsLoop(this.#steps(ops), column, out),
    )
    return this.#guard(ops, column, task, place => {
      place.base = base
      return loop(column, out, place, parents, MOST_RESULTS)
    })
  }

  /** The reference: one row, one function, one value at a time. */
  #plain(ops: RowOp[], column: Column, task: Task, scratch: Arena, parents: number[] | undefined): Column {
    const out = new RowBuilder(scratch, column.length)
    const steps = this.#steps(ops)
    const most = ops.some(makesMany) ? MOST_RESULTS : Number.POSITIVE_INFINITY
    this.#guard(ops, column, task, place => {
      for (place.row = 0; place.row < column.length && out.length < most; place.row++) {
        applySteps(steps, column.get(place.row), place, value => {
          out.push(value)
          parents?.push(place.row)
        })
      }
      this.#through = place.row
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
      const op = ops[place.step]
      const location = op?.kind === 'project' ? op.location : op?.fn.location
      throw failedAt(error, location, task, () => this.#valueAt(ops, column.get(place.row), place.step))
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
      fn: op.kind === 'project' ? check(op) : this.#program.fn(op.fn),
      reads: op.kind === 'project' ? true : op.fn.reads,
    }))
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

/** Whether it may make many records of one: then {@link RowLoops.expand} runs it. */
export function makesMany({ kind }: RowOp): boolean {
  return kind === 'flatMap' || kind === 'flatMapValues'
}

/** Whether neighbours of it can share a loop with it. */
export function isStep(op: RowOp): boolean {
  return op.kind === 'map' || op.kind === 'filter' || op.kind === 'flatMap' || isCheck(op)
}

function isCheck(op: RowOp): boolean {
  return op.kind === 'project' && op.meaning.kind === 'checked'
}

/** A check of the library's as a function of a loop. */
function check({ meaning, label }: RowOp & { kind: 'project' }): (record: unknown) => unknown {
  const { as } = meaning as Meaning & { kind: 'checked' }
  if (as === 'text or nothing' || as === 'date or nothing') return record => checked(as, record, label)
  // What all others let through, and loops are inlined for.
  return record => (typeof record === 'number' ? record : checked(as, record, label))
}

/** Names the functions of a run of operators, for the cache of loops. */
function key(ops: RowOp[]): string {
  return ops
    .map(op => (op.kind === 'project' ? JSON.stringify([op.label, op.meaning]) : `${op.kind}${op.fn.id}`))
    .join('.')
}
