import { callSite } from '../core/call-site.js'
import { expect } from '../core/options.js'
import type { Engine } from '../execution/engine.js'
import { CARRIED, type Carried, copyCapture, ofAnotherContext } from '../functions/captures.js'
import { pack } from '../functions/carry.js'
import { readFunction, type UserFunction } from '../functions/user-function.js'
import { numberOf } from '../worker/checked.js'

/** How terms of another type than numbers are added. The functions run on the workers as well. */
export interface AccumulatorParam<T> {
  /** Where each task begins. */
  zero(initial: T): T
  /** The sum of two terms; may change and return the first. */
  addInPlace(a: T, b: T): T
}

let nextId = 1

/**
 * A value that functions only add to, and that the driver reads. What a task adds counts once it is done, and only once:
 * failed attempts add nothing. (A transformation that runs again, for a second action, adds again.)
 *
 * @example
 * const bad = sc.accumulator(0)
 * await lines.foreach(l => { if (l === '') bad.add(1) }, { bad })
 * bad.value
 */
export class Accumulator<T> {
  readonly id: number = nextId++
  readonly #engine: Engine
  #value: T
  readonly #zero: unknown
  readonly #plus: (a: T, b: T) => T
  readonly #add: UserFunction | undefined

  constructor(engine: Engine, initial: T, param?: AccumulatorParam<T>) {
    expect(
      param === undefined || (typeof param?.zero === 'function' && typeof param.addInPlace === 'function'),
      'an object with the functions zero and addInPlace',
      'an AccumulatorParam',
      param,
    )
    this.#engine = engine
    this.#value = initial
    this.#zero = copyCapture('the accumulator', param === undefined ? 0 : param.zero(initial))
    this.#plus =
      param === undefined
        ? (a, b) => ((a as number) + numberOf(b, 'Accumulator.add')) as T
        : (a, b) => param.addInPlace(a, b)
    this.#add = param && readFunction(param.addInPlace, undefined, callSite('accumulator'))
    engine.registerAccumulator(this.id, this as Accumulator<unknown>)
  }

  /** The sum so far, of all tasks that are done. On the driver only. */
  get value(): T {
    return this.#value
  }
  set value(value: T) {
    this.#value = value
  }

  /** Adds a term. */
  add(term: T): void {
    this.#value = this.#plus(this.#value, term)
  }

  toString(): string {
    return `Accumulator<id=${this.id}, value=${this.#value}>`
  }

  [CARRIED](home: object = this.#engine): Carried {
    if (home !== this.#engine) throw ofAnotherContext('Accumulator')
    return { kind: 'accumulator', id: this.id, zero: this.#zero, add: this.#add && pack(this.#add) }
  }
}
