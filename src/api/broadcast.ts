import { MillraceError } from '../core/errors.js'
import type { Engine } from '../execution/engine.js'
import { CARRIED, type Carried, refuseDriverObjects } from '../functions/captures.js'
import { Arena } from '../memory/arena.js'
import { encodeValue } from '../memory/structured.js'

let nextId = 1

/**
 * A value that is handed to the workers once, however many functions use it: it lies in the shared heap, and each worker
 * makes its own copy when it first reads `.value`.
 *
 * @example
 * const names = sc.broadcast(new Map([[1, 'one'], [2, 'two']]))
 * rdd.map(x => names.value.get(x), { names })
 */
export class Broadcast<T> {
  readonly id: number = nextId++
  readonly #engine: Engine
  #value: T | undefined
  #destroyed = false
  #arena: Arena | undefined
  #place = { offset: 0, length: 0 }

  constructor(engine: Engine, value: T) {
    refuseDriverObjects('the broadcast value', value)
    this.#engine = engine
    this.#value = value
  }

  /** The value, as it was given. */
  get value(): T {
    this.#check()
    return this.#value as T
  }

  /** Drops the workers' copies; they are made again when they are needed. */
  unpersist(): void {
    this.#check()
    this.#release()
  }

  /** Drops the value for good. */
  destroy(): void {
    this.#check()
    this.#release()
    this.#destroyed = true
    this.#value = undefined
  }

  [CARRIED](): Carried {
    this.#check()
    if (this.#arena === undefined) {
      this.#arena = new Arena(this.#engine.heap)
      const bytes = encodeValue(this.#value)
      const kept = this.#arena.u8(bytes.length)
      kept.set(bytes)
      this.#place = { offset: kept.byteOffset, length: kept.length }
    }
    return { kind: 'broadcast', id: this.id, ...this.#place }
  }

  #release(): void {
    this.#arena?.free()
    this.#arena = undefined
    this.#engine.forgetBroadcast(this.id)
  }

  #check(): void {
    if (this.#destroyed)
      throw new MillraceError(
        'MILLRACE_STATE',
        `Attempted to use Broadcast(${this.id}) after it was destroyed.`,
      )
  }
}
