import { callSite } from '../core/call-site.js'
import { MillraceError, shown } from '../core/errors.js'
import { expect, isGiven, whole } from '../core/options.js'
import { collectRecords } from '../execution/actions.js'
import type { Engine } from '../execution/engine.js'
import { StoredSource } from '../execution/sources/stored-source.js'
import { type Captures, DRIVER_ONLY } from '../functions/captures.js'
import { withLegend } from '../plan/explain.js'
import { explainWithSources } from '../plan/explain-derived.js'
import type { Join } from '../plan/joins.js'
import { type Node, partitionCount } from '../plan/nodes.js'
import type { Given, Transform } from '../plan/operators.js'
import { cut } from '../plan/stages.js'
import type { Context } from './context.js'
import type { RDD } from './rdd.js'

/** The engine of a context, for the classes of this folder. */
export const ENGINE: unique symbol = Symbol('engine')
/** The plan of an RDD, for the classes of this folder. */
export const NODE: unique symbol = Symbol('node')

/** A function as an operator takes it, with the place of the call. */
export function given(fn: unknown, captures: Captures | undefined, operator: string): Given {
  expect(typeof fn === 'function', 'a function', operator, fn)
  expect(
    captures === undefined || isRecord(captures),
    'an object of named values, { name },',
    `the captures of ${operator}`,
    captures,
  )
  return { fn: fn as Function, captures, location: callSite(operator) }
}

/** The same for a function that may be left out. */
export function givenOrNot(fn: unknown, captures: Captures | undefined, operator: string): Given | undefined {
  return isGiven(fn) ? given(fn, captures, operator) : undefined
}

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)

/** Refuses an RDD of another context: its records lie in another heap. */
export function expectOwn(context: Context, rdd: RDDCore<unknown>, what: string): void {
  if (rdd.context === context) return
  throw new MillraceError(
    'MILLRACE_OPTION',
    `expected an RDD of the same Context for ${what} but received one of another Context. Make it with this one, or hand over its records: await rdd.collect().`,
  )
}

/** @throws MILLRACE_OPTION, in Spark's words, for a number of partitions that is not positive */
export function positive(numPartitions: number): number {
  if (isRecord(numPartitions)) {
    throw new MillraceError(
      'MILLRACE_OPTION',
      `expected the number of partitions but received ${shown(numPartitions)}. Captures come last: give undefined for the arguments before them.`,
    )
  }
  if (numPartitions === 0 || (Number.isInteger(numPartitions) && numPartitions < 0)) {
    throw new MillraceError(
      'MILLRACE_OPTION',
      `Number of partitions must be positive, but received ${numPartitions}.`,
    )
  }
  return whole(numPartitions, 'the number of partitions', 1, 100_000)
}

/** What every RDD has: its plan, its place in the heap once persisted, and its explanation. */
export abstract class RDDCore<T> {
  /** The context that made it. */
  readonly context: Context
  readonly [NODE]: Node
  declare readonly [DRIVER_ONLY]: 'RDD'
  /** Only in the type: an RDD<A> is an RDD<B> if A is a B. */
  declare protected readonly recordType: T

  constructor(context: Context, node: Node) {
    this.context = context
    this[NODE] = node
  }

  /** An RDD with another plan; made by RDD itself. */
  protected abstract derive<U>(node: Node): RDD<U>

  protected get engine(): Engine {
    return this.context[ENGINE]
  }

  /** A number that no other RDD of the process has. */
  get id(): number {
    return this[NODE].id
  }

  /** The name given by {@link setName}, for explain(). */
  get name(): string | undefined {
    return this[NODE].name
  }

  /** Names the RDD, and gives it back. */
  setName(name: string): this {
    this[NODE].name = name
    return this
  }

  /**
   * The number of partitions.
   *
   * @throws MILLRACE_INPUT for a text file that is not there
   */
  getNumPartitions(): number {
    return partitionCount(this[NODE])
  }

  /**
   * Keeps the records in the shared heap when they are first computed, so that later actions read them there. If the
   * heap is full, kept records give way and are computed again when they are needed.
   *
   * @example const words = sc.textFile('data').flatMap(l => l.split(' ')).persist()
   */
  persist(): this {
    const node = this[NODE]
    node.storage ??= new StoredSource(
      this.engine,
      { ...node, storage: undefined },
      `persisted ${node.name ?? `RDD ${node.id}`}`,
    )
    return this
  }

  /** The same as {@link persist}. */
  cache(): this {
    return this.persist()
  }

  /** Gives up the kept records. */
  unpersist(): this {
    const node = this[NODE]
    ;(node.storage as StoredSource | undefined)?.drop()
    node.storage = undefined
    return this
  }

  /**
   * The stages of the plan as text, and for each function the way it runs: `native` (kernels over columns), `fused` (a
   * generated loop) or `generic`; and where that is not native, the construct that stopped it.
   */
  explain(): string {
    const plan = cut(this[NODE], { kind: 'collect', limit: undefined })
    const counts = plan.stages.map(({ branches }) => {
      try {
        return branches.reduce(
          (n, { input }) =>
            n +
            (input.kind === 'source'
              ? input.source.partitionCount()
              : input.exchange.kind === 'total'
                ? 1
                : input.exchange.parts),
          0,
        )
      } catch {
        return undefined // a file that is not there yet
      }
    })
    return withLegend(explainWithSources(plan, counts))
  }

  /** The records of this RDD's plan, changed by `transform`. */
  protected records<U>(transform: Transform = node => node): Promise<U[]> {
    return collectRecords<U>(this.engine, transform(this[NODE]))
  }

  /** Of this RDD and others of the same Context. */
  protected together<R>(join: Join, others: readonly unknown[], operator: string): R {
    const nodes = others.map(other => {
      expect(other instanceof RDDCore, 'an RDD', `the argument of ${operator}`, other)
      expectOwn(this.context, other, operator)
      return other[NODE]
    })
    return this.derive(join(this[NODE], ...nodes)) as R
  }

  protected partitions(numPartitions: number | null | undefined): number {
    return isGiven(numPartitions) ? positive(numPartitions) : this.context.defaultParallelism
  }

  protected emptyError(text: string): MillraceError {
    return new MillraceError(
      'MILLRACE_EMPTY',
      `${text}. Ask isEmpty() first, or use fold(), which has a result for nothing.`,
    )
  }
}

Object.defineProperty(RDDCore.prototype, DRIVER_ONLY, { value: 'RDD' })
