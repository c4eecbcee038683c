import { MillraceError } from '../core/errors.js'
import type { Engine } from '../execution/engine.js'
import { CARRIED, type Carried, ofAnotherContext, refuseUncarried } from '../functions/captures.js'
import { Arena } from '../memory/arena.js'
import { encodeValue } from '../memory/structured.js'

let nextId = 1
/** The memory of broadcasts that nobody destroyed goes when they do. */
const orphans = new FinalizationRegistry<Arena>(arena => arena.free())

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
    refuseUncarried('the broadcast value', value)
    this.#engine = engine
    this.#value = value
  }

  /** The value, as it was given. */
  get value(): T {
    this.#check()
    return this.#value as T
  }

  /** Drops the workers' copies; they are made again, out of the shared heap, when they are needed. */
  unpersist(): void {
    this.#check()
    this.#engine.forgetBroadcast(this.id)
  }

  /** Drops the value for good. A job that uses it and has not begun yet fails. */
  destroy(): void {
    this.#check()
    this.#destroyed = true
    this.#value = undefined
    this.#engine.forgetBroadcast(this.id)
    if (this.#arena === undefined) return
    orphans.unregister(this)
    this.#engine.freeAfterJob(this.#arena)
  }

  [CARRIED](home: object = this.#engine): Carried {
    this.#check()
    if (home !== this.#engine) throw ofAnotherContext('Broadcast')
    if (this.#arena === undefined) this.#encode()
    return { kind: 'broadcast', id: this.id, ...this.#place }
  }

  #encode(): void {
    const arena = new Arena(this.#engine.heap)
    try {
      const bytes = encodeValue(this.#value)
      const kept = arena.u8(bytes.length)
      kept.set(bytes)
      this.#place = { offset: kept.byteOffset, length: kept.length }
    } catch (error) {
      arena.free()
      throw error
    }
    this.#arena = arena
    orphans.register(this, arena, this)
  }

  #check(): void {
    if (this.#destroyed)
      throw new MillraceError(
        'MILLRACE_STATE',
        `Attempted to use Broadcast(${this.id}) after it was destroyed.`,
      )
  }
}
