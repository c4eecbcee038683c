import { MillraceError } from '../core/errors.js'
import type { Carried } from '../functions/captures.js'
import { type CarriedFunction, type Surroundings, unpack } from '../functions/carry.js'
import type { Heap } from '../memory/heap.js'
import { decodeValue } from '../memory/structured.js'
import { numberOf } from './checked.js'

/** What one thread offers to user functions: imported modules, broadcast values, accumulators. */
export class ThreadSurroundings implements Surroundings {
  readonly job: Record<string, number> = {}
  readonly #heap: Heap
  readonly #modules = new Map<string, Record<string, unknown>>()
  readonly #broadcasts = new Map<number, { value: unknown }>()
  /** What the task at hand has added to each accumulator. */
  #added = new Map<number, unknown>()

  constructor(heap: Heap) {
    this.#heap = heap
  }

  /** Imports the modules that functions need. */
  async load(hrefs: readonly string[]): Promise<void> {
    for (const href of hrefs) {
      if (this.#modules.has(href)) continue
      try {
        this.#modules.set(href, await import(href))
      } catch (cause) {
        const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
        throw new MillraceError(
          'MILLRACE_FUNCTION',
          `the module ${href} cannot be imported on a worker: ${why}`,
          {
            cause,
          },
        )
      }
    }
  }

  module(href: string): Record<string, unknown> {
    return this.#modules.get(href) ?? {}
  }

  /** True if all of these were imported. */
  has(hrefs: readonly string[]): boolean {
    return hrefs.every(href => this.#modules.has(href))
  }

  resolve(carried: Carried): unknown {
    return carried.kind === 'broadcast' ? this.#broadcast(carried) : this.#accumulator(carried)
  }

  /** Forgets the copy of a broadcast that was unpersisted. */
  forget(id: number): void {
    this.#broadcasts.delete(id)
  }

  /** Starts counting for a new attempt of a task, of a job with these numbers. */
  startTask(job: Readonly<Record<string, number>>): void {
    Object.assign(this.job, job)
    this.#added = new Map()
  }

  /** What the attempt added, by accumulator. */
  added(): [id: number, value: unknown][] {
    return [...this.#added]
  }

  #broadcast({ id, offset, length }: Carried & { kind: 'broadcast' }): { readonly value: unknown } {
    const heap = this.#heap
    const kept = this.#broadcasts
    return {
      get value() {
        let copy = kept.get(id)
        if (copy === undefined)
          kept.set(id, (copy = { value: decodeValue(new Uint8Array(heap.buffer, offset, length), 0) }))
        return copy.value
      },
    }
  }

  #accumulator({ id, zero, add }: Carried & { kind: 'accumulator' }): object {
    const plus =
      add === undefined
        ? (a: number, b: unknown) => a + numberOf(b, 'Accumulator.add')
        : (unpack(add as CarriedFunction, this) as (a: unknown, b: unknown) => unknown)
    const self = this
    return {
      add(term: unknown) {
        const sum = self.#added.has(id) ? self.#added.get(id) : structuredClone(zero)
        self.#added.set(id, (plus as (a: unknown, b: unknown) => unknown)(sum, term))
      },
      get value(): never {
        throw driversOnly()
      },
      set value(_: unknown) {
        throw driversOnly()
      },
    }
  }
}

const driversOnly = (): MillraceError =>
  new MillraceError(
    'MILLRACE_STATE',
    'Accumulator.value cannot be accessed inside tasks; read it on the driver, after the action.',
  )
