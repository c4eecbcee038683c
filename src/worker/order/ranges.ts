import { rowReader } from '../../functions/loops.js'
import type { Column, SpanColumn } from '../../memory/column.js'
import type { Sign } from '../../plan/ops.js'
import { compareValues } from '../../plan/ordering.js'
import { failedAt } from '../failure.js'
import type { Task } from '../task.js'
import { compareRanked, rankedBytes } from './texts.js'

/** Ranges of keys, by the greatest key of each but the last. */
export class Ranges {
  readonly #bounds: readonly unknown[]
  readonly #sign: Sign
  readonly #location: string
  /** The same, if all are numbers that are less or greater than any other. */
  readonly #numbers: Float64Array | undefined
  /** The same, if all are texts. */
  readonly #texts: Uint8Array[] | undefined

  /** @param location the operator, for errors */
  constructor(bounds: readonly unknown[], sign: Sign, location: string) {
    this.#bounds = bounds
    this.#sign = sign
    this.#location = location
    if (bounds.every(bound => typeof bound === 'number' && !Number.isNaN(bound)))
      this.#numbers = Float64Array.from(bounds as number[])
    else if (bounds.every(bound => typeof bound === 'string' && bound.isWellFormed()))
      this.#texts = bounds.map(bound => rankedBytes(bound as string))
  }

  /** The number of the range of each key, into `targets`. */
  of(keys: Column, task: Task, targets: Int32Array): Int32Array {
    const simple = keys.valid === undefined && task.ways === 'auto'
    if (simple && (keys.kind === 'i32' || keys.kind === 'f64') && this.#numbers !== undefined)
      this.#ofNumbers(keys.values, this.#numbers, targets)
    else if (simple && keys.kind === 'utf8' && this.#texts !== undefined)
      this.#ofTexts(keys as SpanColumn, this.#texts, targets)
    else this.#ofValues(keys, task, targets)
    return targets
  }

  #ofNumbers(keys: Int32Array | Float64Array, bounds: Float64Array, targets: Int32Array): void {
    const up = this.#sign > 0
    const ofNaN = this.#find(Number.NaN)
    for (let row = 0; row < targets.length; row++) {
      const key = keys[row]!
      let [low, high] = [0, bounds.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (up ? key > bounds[middle]! : key < bounds[middle]!) low = middle + 1
        else high = middle
      }
      targets[row] = Number.isNaN(key) ? ofNaN : low
    }
  }

  #ofTexts({ bytes, starts, ends }: SpanColumn, bounds: readonly Uint8Array[], targets: Int32Array): void {
    for (let row = 0; row < targets.length; row++) {
      let [low, high] = [0, bounds.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (this.#sign * compareRanked(bytes, starts[row]!, ends[row]!, bounds[middle]!) > 0) low = middle + 1
        else high = middle
      }
      targets[row] = low
    }
  }

  #ofValues(keys: Column, task: Task, targets: Int32Array): void {
    const read = rowReader(keys)
    let row = 0
    try {
      for (; row < targets.length; row++) targets[row] = this.#find(read(row))
    } catch (error) {
      throw failedAt(error, this.#location, task, () => keys.get(row))
    }
  }

  #find(key: unknown): number {
    let [low, high] = [0, this.#bounds.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#sign * compareValues(key, this.#bounds[middle]) > 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
