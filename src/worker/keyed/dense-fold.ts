import type { Fold } from '../../functions/meaning.js'
import { NEUTRAL } from '../../kernels/js/fold.js'
import type { Kernels } from '../../kernels/kernels.js'
import { LAYOUT } from '../../kernels/layout.js'
import type { Arena } from '../../memory/arena.js'
import { type Column, NumberColumn } from '../../memory/column.js'
import { numbersIn, opsOf, shaped } from './fold-shape.js'
import type { DenseRange } from './key-table.js'

const { T_CAPACITY, T_COUNT, T_DENSE_MIN, T_DENSE_RANGE, T_KEYS, T_SLOTS, T_WORDS } = LAYOUT

/**
 * Numbers folded by whole keys of a small range. The accumulator of a key lies at the key's place, so that a row is found and
 * folded in one go, without an id between.
 */
export class DenseFold {
  readonly #fold: Fold
  readonly #least: number
  readonly #kernels: Kernels
  readonly #keys: Int32Array
  readonly #numbers: { op: number; table: Int32Array; acc: Float64Array }[]

  /** True if a fold can be made so: every number of it has a value that leaves any other as it is. */
  static applies(fold: Fold): boolean {
    return opsOf(fold).every(op => op < NEUTRAL.length)
  }

  constructor(fold: Fold, { least, range }: DenseRange, kernels: Kernels, scratch: Arena) {
    this.#fold = fold
    this.#least = least
    this.#kernels = kernels
    this.#keys = scratch.i32(range)
    this.#numbers = opsOf(fold).map((op, i) => {
      const table = scratch.i32(T_WORDS).fill(0)
      table[T_DENSE_MIN] = least
      table[T_DENSE_RANGE] = range
      // The first number notes the keys: they are the same for all.
      if (i === 0) {
        table[T_CAPACITY] = range
        table[T_KEYS] = this.#keys.byteOffset / 64
        const marks = scratch.u8(range)
        kernels.zero(marks)
        table[T_SLOTS] = marks.byteOffset / 64
      }
      const acc = scratch.f64(range)
      kernels.fillF64(acc, NEUTRAL[op]!)
      return { op, table, acc }
    })
  }

  /** Distinct keys so far. */
  get count(): number {
    return this.#numbers[0]!.table[T_COUNT]!
  }

  /** @returns how many rows were taken, from the first on: the next one has a key outside the range, or all are of another type */
  add(keys: Column, values: Column): number {
    const columns = keys.kind === 'i32' && !keys.valid ? numbersIn(this.#fold, values) : undefined
    if (columns === undefined) return 0
    let rows = (keys as NumberColumn).values as Int32Array
    this.#numbers.forEach(({ op, table, acc }, i) => {
      const column = columns[i]!
      const taken =
        column.kind === 'const'
          ? this.#kernels.foldConstDense(table, op, acc, rows, 0, column.value)
          : this.#kernels.foldDense(table, op, acc, rows, 0, column.values)
      rows = rows.subarray(0, taken)
    })
    return rows.length
  }

  /** The keys in the order of their first appearance, and their values. */
  finish(arena: Arena): [keys: NumberColumn, values: Column] {
    const keys = arena.i32(this.count)
    keys.set(this.#keys.subarray(0, this.count))
    return [new NumberColumn(keys), this.#valuesOf(keys, arena)]
  }

  /** The same for each partition, by key mod parts. */
  divided(parts: number, arena: Arena): [keys: NumberColumn, values: Column][] {
    const bounds = arena.i32(parts + 1)
    const all = arena.i32(this.count + 1)
    this.#kernels.divideI32(this.#keys.subarray(0, this.count), bounds, all)
    return Array.from({ length: parts }, (_, t) => {
      const keys = all.subarray(bounds[t]!, bounds[t + 1]!)
      return [new NumberColumn(keys), this.#valuesOf(keys, arena)]
    })
  }

  #valuesOf(keys: Int32Array, arena: Arena): Column {
    const numbers = this.#numbers.map(({ acc }) => {
      const values = arena.f64(keys.length)
      this.#kernels.gatherDense(acc, this.#least, keys, values)
      return new NumberColumn(values)
    })
    return shaped(this.#fold, keys.length, numbers)
  }
}
