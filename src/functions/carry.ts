import { MillraceError } from '../core/errors.js'
import type { Carried } from './captures.js'
import { evaluate } from './compile.js'
import { type Reads, readsOf } from './reads.js'
import { REMAINDER, remainder, withRemainders } from './remainder.js'
import { shim } from './shims.js'
import type { AnyNode } from './syntax.js'
import type { UserFunction } from './user-function.js'

/** A function in the form in which it crosses threads: data that the structured clone algorithm takes. */
export interface CarriedFunction {
  id: number
  source: string
  location: string
  shows: number | undefined
  shims: readonly string[]
  /** What it looks at of its first argument. */
  reads: Reads
  module: { href: string; name: string } | undefined
  captures: [name: string, CarriedCapture][]
}

type CarriedCapture =
  | { kind: 'value'; value: unknown }
  | { kind: 'job' }
  | { kind: 'function'; fn: CarriedFunction }
  | Carried

/** Packs a function for another thread. */
export function pack(fn: UserFunction): CarriedFunction {
  const captures = [...fn.captures].map(([name, capture]): [string, CarriedCapture] => {
    if (capture.kind === 'function') return [name, { kind: 'function', fn: pack(capture.fn) }]
    return [name, capture.kind === 'carried' ? capture.carried() : capture]
  })
  const source = fn.node === undefined ? fn.source : withRemainders(fn.source, fn.node as unknown as AnyNode)
  const shims = source === fn.source ? fn.shims : [...fn.shims, REMAINDER]
  const { id, location, shows, module } = fn
  return { id, source, location, shows, shims, reads: readsOf(fn), module, captures }
}

/** What a thread offers to the functions that run on it. */
export interface Surroundings {
  /** The numbers of the job at hand; the same object for all jobs. */
  readonly job: Readonly<Record<string, number>>
  /** What stands for a broadcast or accumulator here. */
  resolve(carried: Carried): unknown
  /** The exports of a module that was imported before. */
  module(href: string): Record<string, unknown>
}

/** A callable copy of a function. */
export function unpack(fn: CarriedFunction, here: Surroundings): Function {
  if (fn.module !== undefined) {
    const found = here.module(fn.module.href)[fn.module.name]
    if (typeof found === 'function') return found
    throw new MillraceError(
      'MILLRACE_FUNCTION',
      `${fn.location}: the module ${fn.module.href} has no exported function '${fn.module.name}'.`,
    )
  }
  const values = fn.captures.map(([, capture]) => {
    if (capture.kind === 'value') return capture.value
    if (capture.kind === 'job') return here.job
    return capture.kind === 'function' ? unpack(capture.fn, here) : here.resolve(capture)
  })
  const names = [...fn.captures.map(([name]) => name), ...fn.shims]
  const filename = `millrace: ${fn.location}`
  return evaluate(
    `'use strict'; return (${fn.source}\n)`,
    names,
    [...values, ...fn.shims.map(name => (name === REMAINDER ? remainder : shim(name)))],
    filename,
  ) as Function
}

/** The modules that a function needs, its captures' included. */
export function modulesOf(fn: CarriedFunction): string[] {
  const inner = fn.captures.flatMap(([, capture]) =>
    capture.kind === 'function' ? modulesOf(capture.fn) : [],
  )
  return fn.module === undefined ? inner : [fn.module.href, ...inner]
}
