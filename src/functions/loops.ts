import { MillraceError, shown } from '../core/errors.js'
import type { RowBuilder } from '../memory/build/row-builder.js'
import type { Column } from '../memory/column.js'
import { textReader } from '../memory/text.js'
import { evaluate } from './compile.js'
import { emitReader, type Reader } from './read-rows.js'
import { type Reads, readsOfSteps } from './reads.js'
import { emitWriter, WRITER_SCOPE, writerKey } from './write-rows.js'

/**
 * Generated loops: a chain of user functions as one loop over columns. Each loop is made for one chain and one
 * set of column types, so that nothing in it is polymorphic and the functions are inlined into it.
 */

/** What a step of a chain does with its function. */
export type StepKind = 'map' | 'filter' | 'flatMap'

export interface Step {
  kind: StepKind
  fn: Function
  /** What the function looks at of its argument; the rest is not made for it. */
  reads: Reads
}

/** Where a loop was when a function threw; `base` is the number of the column's first row within its chunk. */
export interface Place {
  row: number
  step: number
  base: number
}

/**
 * Runs a chain over a column's rows and pushes what comes out; `parents`, if given, gets the row of each. Where rows may become
 * many it ends behind the row that brings the results to `most`. Gives the number of rows it went over.
 */
export type RowsLoop = (
  column: Column,
  out: RowBuilder,
  place: Place,
  parents: number[] | undefined,
  most: number,
) => number
/** Runs a chain of filters; writes the rows that pass and gives their number. */
export type SelectLoop = (column: Column, rows: Int32Array, place: Place) => number
/** Calls the function for every row. */
export type EachLoop = (column: Column, place: Place) => void
/** `acc = fn(acc, row)`; without `has` the first row is the accumulator. */
export type FoldLoop = (column: Column, acc: unknown, has: boolean, place: Place) => unknown
/** `acc = fn(acc, result)` for each result of a chain; `keep` gives any that is not a number as a column would. */
export type FoldRowsLoop = (
  column: Column,
  acc: unknown,
  keep: (value: unknown) => unknown,
  place: Place,
) => unknown
/** Rows into `acc[ids[row]]`; a row with a new id, `next`, is taken as it is, or by `create`. Gives the new `next`. */
export type GroupLoop = (
  column: Column,
  ids: Int32Array,
  acc: unknown[],
  next: number,
  place: Place,
) => number

/**
 * @param like a column of the type that the loop will read
 * @param target a builder of the type that is expected to come out; the loop copes with any other
 */
export function rowsLoop(steps: readonly Step[], like: Column, target: RowBuilder): RowsLoop {
  const many = steps.some(s => s.kind === 'flatMap')
  const writer = emitWriter(target, many ? undefined : 'n')
  const push = `${writer.write(`x${steps.length}`)}
        if (parents !== undefined) parents.push(place.base + i)`
  const stop = many ? '\n        if (out.length >= most) { i++; break }' : ''
  return loop(
    'rows',
    'column, out, place, parents, most',
    like,
    writer.setup,
    chain(steps, push) + stop,
    `${writer.end}
    return i`,
    steps.map(s => s.fn),
    [target, place(), undefined, 0],
    readsOfSteps(steps, true),
  )
}

export function selectLoop(steps: readonly Step[], like: Column): SelectLoop {
  return loop(
    'select',
    'column, rows, place',
    like,
    'let m = 0',
    chain(steps, 'rows[m++] = i'),
    'return m',
    steps.map(s => s.fn),
    [new Int32Array(0), place()],
    readsOfSteps(steps, false),
  )
}

export function eachLoop(fn: Function, reads: Reads, like: Column): EachLoop {
  return loop('each', 'column, place', like, '', 'f0(x0)', '', [fn], [place()], reads)
}

export function foldLoop(fn: Function, like: Column): FoldLoop {
  return loop(
    'fold',
    'column, acc, has, place',
    like,
    '',
    'if (has) acc = f0(acc, x0); else { acc = x0; has = true }',
    'return acc',
    [fn],
    [0, true, place()],
  )
}

export function foldRowsLoop(steps: readonly Step[], fn: Function, like: Column): FoldRowsLoop {
  const end = steps.length
  return loop(
    'foldRows',
    'column, acc, keep, place',
    like,
    '',
    chain(
      steps,
      `const kept = typeof x${end} === 'number' ? x${end} : keep(x${end}); step = ${end}; acc = f${end}(acc, kept)`,
    ),
    'return acc',
    [...steps.map(s => s.fn), fn],
    [0, (value: unknown) => value, place()],
    readsOfSteps(steps, true),
  )
}

export function groupLoop(merge: Function, create: Function | undefined, like: Column): GroupLoop {
  const first = create === undefined ? 'x0' : 'f1(x0)'
  const body = `const id = ids[i]
        if (id === next) acc[next++] = ${first}; else acc[id] = f0(acc[id], x0)`
  return loop(
    'group',
    'column, ids, acc, next, place',
    like,
    '',
    body,
    'return next',
    [merge, create],
    [new Int32Array(0), [], 0, place()],
  )
}

/** Pushes `items[from .. to)`. */
export type ItemsLoop = (items: readonly unknown[], from: number, to: number, out: RowBuilder) => void

const itemLoops = new Map<string, ItemsLoop>()

/** The loop that encodes JavaScript values, made for the type that the builder has already. */
export function itemsLoop(target: RowBuilder): ItemsLoop {
  const key = writerKey(target)
  let loop = itemLoops.get(key)
  if (loop === undefined) {
    if (itemLoops.size > 500) itemLoops.clear()
    const writer = emitWriter(target, 'to - from')
    const text = `return function encode(items, from, to, out) {
      ${writer.setup}
      for (let i = from; i < to; i++) { const x = items[i]
        ${writer.write('x')} }
      ${writer.end}
    }`
    loop = evaluate(
      text,
      Object.keys(WRITER_SCOPE),
      Object.values(WRITER_SCOPE),
      'millrace: encode',
    ) as ItemsLoop
    itemLoops.set(key, loop)
  }
  return loop
}

const readers = new Map<string, (column: Column, textReader: unknown) => (row: number) => unknown>()

/** A function that decodes the rows of a column; the column must not be longer than a chunk. */
export function rowReader(column: Column): (row: number) => unknown {
  const { type } = column
  let open = readers.get(type)
  if (open === undefined) {
    if (readers.size > 500) readers.clear()
    const { setup, value } = emitReader(column)
    open = evaluate(
      `return (column, textReader) => { ${setup}; return i => ${value} }`,
      [],
      [],
      'millrace: decode',
    ) as NonNullable<typeof open>
    readers.set(type, open)
  }
  return open(column, textReader)
}

/** All rows of a chunk as values. */
export function decodeRows(column: Column): unknown[] {
  const read = rowReader(column)
  const rows = new Array(column.length)
  for (let i = 0; i < rows.length; i++) rows[i] = read(i)
  return rows
}

/** The steps from row value `x0` to result `xN`, with `inner` where a result is at hand. */
function chain(steps: readonly Step[], inner: string): string {
  return steps.reduceRight((code, { kind }, s) => {
    const next = `x${s + 1}`
    switch (kind) {
      case 'map':
        return `step = ${s}; const ${next} = f${s}(x${s})
        ${code}`
      case 'filter':
        return `step = ${s}; if (f${s}(x${s})) { const ${next} = x${s}
        ${code} }`
      case 'flatMap':
        return `step = ${s}; const a${s} = items(f${s}(x${s}))
        for (let j${s} = 0; j${s} < a${s}.length; j${s}++) { const ${next} = a${s}[j${s}]
        ${code} }`
    }
  }, inner)
}

const place = (): Place => ({ row: 0, step: 0, base: 0 })

/** Calls until V8 has begun to note types, which it does after some thousand bytes of bytecode; twice as many as are needed. */
const IDLE_CALLS = 120
/** A first call over fewer rows than these is not compiled while it goes on. */
const MANY_ROWS = 1024

/**
 * Calls a new loop over no rows. V8 compiles a loop while its first call goes on, and what comes before the rows has run only once
 * by then, without notes on its types: the code is thrown away at the next call, and V8 may never make another that is as fast.
 */
function settle(loop: Function, args: readonly unknown[]): void {
  for (let i = 0; i < IDLE_CALLS; i++) loop(...args)
}

/** @param idle arguments behind the column for calls that do nothing */
function loop<L>(
  name: string,
  params: string,
  like: Column,
  setup: string,
  body: string,
  end: string,
  fns: (Function | undefined)[],
  idle: readonly unknown[],
  reads: Reads = true,
): L {
  const reader: Reader = emitReader(like, reads)
  const text = `return function ${name}(${params}) {
    const n = column.length
    ${reader.setup}
    ${setup}
    let i = 0, step = 0
    try {
      for (; i < n; i++) {
        const x0 = ${reader.value}
        ${body}
      }
    } catch (error) {
      place.row = i; place.step = step
      throw error
    }
    ${end}
  }`
  const scope: Record<string, unknown> = { ...WRITER_SCOPE, textReader, items }
  fns.forEach((fn, k) => {
    scope[`f${k}`] = fn
  })
  const made = evaluate(text, Object.keys(scope), Object.values(scope), `millrace: ${name} loop`) as L
  if (like.length >= MANY_ROWS) settle(made as Function, [like.slice(0, 0), ...idle])
  return made
}

/** What a flatMap function returned, as an array. */
export function items(value: unknown): ArrayLike<unknown> {
  if (Array.isArray(value)) return value
  if (typeof (value as Iterable<unknown> | null | undefined)?.[Symbol.iterator] !== 'function') {
    throw new MillraceError(
      'MILLRACE_VALUE',
      `expected an array or another iterable from the function but received ${shown(value)}; for no records return [].`,
    )
  }
  return Array.from(value as Iterable<unknown>)
}
