import type { Carried } from '../functions/captures.js'
import type { UserFunction } from '../functions/user-function.js'
import type { Exchange, Op, Sink } from '../plan/ops.js'
import { programKey } from '../plan/program-key.js'
import { functionsOf, type Plan, type Program, packProgram } from '../plan/stages.js'

/** Programs kept for another job of the same plan. */
const KEPT = 500

/** A program, and what its jobs have shown about it. */
export interface KnownProgram {
  key: string
  program: Program
  /** Every function of it is quick for certain, so that the driver itself may run it. */
  bounded: boolean
  /** It only computes: no effects outside. */
  quiet: boolean
  /** The broadcasts and accumulators of its functions; each call fails if it cannot be used. */
  carried: ((home: object) => Carried)[]
  /** Measured cost of a record, microseconds; a guess at first. */
  microsecondsPerRow: number
  /** Jobs to go before it may run inline again, after it has taken too long there. */
  banned: number
  /** Jobs that run it or wait for their turn. */
  users: number
}

/** The programs that workers have been given. Streams run the same plan every batch, so most jobs find theirs here. */
export class Programs {
  readonly #known = new Map<string, KnownProgram>()
  readonly #onLoad: (program: Program) => void
  readonly #onUnload: (program: number) => void
  #nextId = 1

  constructor(onLoad: (program: Program) => void, onUnload: (program: number) => void) {
    this.#onLoad = onLoad
    this.#onUnload = onUnload
  }

  /** The program of a plan, kept at least until {@link release}. */
  use(plan: Plan): KnownProgram {
    const key = programKey(plan)
    let known = this.#known.get(key)
    if (known !== undefined) {
      this.#known.delete(key) // to the young end
    } else {
      known = {
        key,
        program: packProgram(this.#nextId++, plan),
        bounded: isBounded(plan),
        quiet: plan.stages.every(({ sink }) => isQuiet(sink)),
        carried: functionsOf(plan).flatMap(carriedBy),
        microsecondsPerRow: 0.5,
        banned: 0,
        users: 0,
      }
      this.#onLoad(known.program)
    }
    this.#known.set(key, known)
    known.users++
    if (this.#known.size > KEPT) this.#dropOldest()
    return known
  }

  /** Says that a job is done with its program. */
  release(known: KnownProgram): void {
    known.users--
  }

  /** All programs at hand, for a new worker. */
  all(): Program[] {
    return Array.from(this.#known.values(), k => k.program)
  }

  #dropOldest(): void {
    for (const { key, program, users } of this.#known.values()) {
      if (users > 0) continue
      this.#known.delete(key)
      return this.#onUnload(program.id)
    }
  }
}

function carriedBy({ captures }: UserFunction): ((home: object) => Carried)[] {
  return [...captures.values()].flatMap(capture =>
    capture.kind === 'carried' ? [capture.carried] : capture.kind === 'function' ? carriedBy(capture.fn) : [],
  )
}

/**
 * True if the driver may run a plan on its own thread: only bounded functions, and nothing that waits or writes. What a
 * reducer makes may grow with every record, so that only those that are understood count as bounded.
 */
function isBounded(plan: Plan): boolean {
  let bounded = true
  const check = (fn: UserFunction | undefined): void => {
    if (fn !== undefined && !fn.bounded) bounded = false
  }
  const checkAll = (ops: readonly Op<UserFunction>[]): void => {
    for (const op of ops) {
      if (op.kind === 'mapPartitions') bounded = false
      // What is understood is quick, its regular expression included.
      else if ('fn' in op && op.meaning === undefined) check(op.fn)
    }
  }
  for (const { branches, sink } of plan.stages) {
    for (const { input, ops } of branches) {
      checkAll(ops)
      if (input.kind === 'source') continue
      if (!isBoundedExchange(input.exchange)) bounded = false
      for (const side of input.sides)
        if (side.kind === 'aligned') for (const run of side.runs) checkAll(run.ops)
    }
    if (!isQuiet(sink)) bounded = false
  }
  return bounded
}

function isQuiet(sink: Sink<UserFunction>): boolean {
  return ['exchange', 'collect', 'count', 'index'].includes(sink.kind)
}

function isBoundedExchange(exchange: Exchange<UserFunction>): boolean {
  switch (exchange.kind) {
    case 'spread':
    case 'ranges':
      return true
    case 'total':
      return exchange.total.kind === 'count' || exchange.total.fold !== undefined
    case 'key': {
      const { combine, partitioner } = exchange
      if (partitioner !== undefined && !partitioner.bounded) return false
      if (combine?.kind === 'reduce') return combine.fold !== undefined
      return combine?.kind !== 'combine' && combine?.kind !== 'track'
    }
  }
}
