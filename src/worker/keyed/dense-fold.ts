import type { Fold } from '../../functions/meaning.js'
import { NEUTRAL } from '../../kernels/js/fold.js'
import type { Kernels } from '../../kernels/kernels.js'
import { LAYOUT } from '../../kernels/layout.js'
import type { Arena } from '../../memory/arena.js'
import { type Column, NumberColumn } from '../../memory/column.js'
import { PlacedPairs } from '../../memory/placed.js'
import { take } from '../take.js'
import { type Numbers, numbersIn, opsOf, shaped } from './fold-shape.js'
import type { DenseRange } from './key-table.js'

const { FOLD_SUM, T_CAPACITY, T_DENSE_MIN, T_DENSE_RANGE, T_KEYS, T_SLOTS, T_WORDS } = LAYOUT

/** Values lie on by place if there are not more places than so many for each key. */
const PLACES_A_KEY = 3
/** Most rows that a count may come to. */
const MOST_COUNTED = 2 ** 31 - 1

/**
 * Numbers folded by whole keys of a small range. The accumulator of a key lies at the key's place, so that a row is found and
 * folded in one go, without an id between. While all values are 1, and to be added, rows are counted instead.
 */
export class DenseFold {
  readonly #fold: Fold
  readonly #ops: readonly number[]
  readonly #range: DenseRange
  readonly #kernels: Kernels
  readonly #arena: Arena
  readonly #keys: Int32Array
  readonly #marks: Uint8Array
  /** Of the keys: also that of the first number. */
  readonly #table: Int32Array
  #counts: Int32Array | undefined
  #counted = 0
  #numbers: { table: Int32Array; acc: Float64Array }[] | undefined

  /** True if a fold can be made so: every number of it has a value that leaves any other as it is. */
  static applies(fold: Fold): boolean {
    return opsOf(fold).every(op => op < NEUTRAL.length)
  }

  /** @param arena where the accumulators lie */
  constructor(fold: Fold, range: DenseRange, kernels: Kernels, arena: Arena) {
    this.#fold = fold
    this.#ops = opsOf(fold)
    this.#range = range
    this.#kernels = kernels
    this.#arena = arena
    this.#keys = arena.i32(range.range + 1)
    this.#marks = arena.u8(range.range)
    kernels.zero(this.#marks)
    this.#table = this.#newTable()
    // The first number notes the keys: they are the same for all.
    this.#table[T_CAPACITY] = range.range
    this.#table[T_KEYS] = this.#keys.byteOffset / 64
    this.#table[T_SLOTS] = this.#marks.byteOffset / 64
  }

  /** Distinct keys so far. */
  get count(): number {
    return this.#table[LAYOUT.T_COUNT]!
  }

  /** @returns how many rows were taken, from the first on: the next one has a key outside the range, or all are of another type */
  add(keys: Column, values: Column): number {
    const columns = keys.kind === 'i32' && !keys.valid ? numbersIn(this.#fold, values) : undefined
    if (columns === undefined) return 0
    let rows = (keys as NumberColumn).values as Int32Array
    if (this.#counting(columns, rows.length)) {
      const taken = this.#kernels.countDense(this.#table, this.#counts!, rows, 0)
      this.#counted += taken
      return taken
    }
    this.#numbers ??= this.#startFolding()
    this.#numbers.forEach(({ table, acc }, i) => {
      const column = columns[i]!
      const op = this.#ops[i]!
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
    return this.#keysOf(parts, arena).map(keys => [new NumberColumn(keys), this.#valuesOf(keys, arena)])
  }

  /**
   * What there is for each partition, as it lies; all share the places. Nothing may be added afterwards.
   *
   * @param arena where the accumulators lie, too
   * @param anyway however far apart they lie
   * @returns undefined if they lie too far apart to be worth keeping so
   */
  placed(parts: number, arena: Arena, anyway = false): PlacedPairs[] | undefined {
    if (this.count === 0) return undefined
    const bounds = arena.i32(2)
    this.#kernels.minMaxI32(this.#keys.subarray(0, this.count), bounds)
    const first = bounds[0]!
    const places = bounds[1]! - first + 1
    if (places > this.count * PLACES_A_KEY && !anyway) return undefined
    const from = first - this.#range.least
    const marks = this.#marks.subarray(from, from + places)
    const values = this.#values().slice(from, from + places)
    if (this.#counts !== undefined)
      this.#kernels.markCounts(this.#counts.subarray(from, from + places), marks)
    else this.#kernels.markFolded(this.#ops[0]!, this.#numbers![0]!.acc.subarray(from, from + places), marks)
    return this.#keysOf(parts, arena).map(keys => new PlacedPairs(keys, first, 1, marks, values))
  }

  /** Gives up everything. */
  close(): void {
    for (const view of [this.#keys, this.#marks, this.#counts, ...(this.#numbers ?? []).map(n => n.acc)])
      if (view !== undefined) this.#arena.release(view)
  }

  #keysOf(parts: number, arena: Arena): Int32Array[] {
    const bounds = arena.i32(parts + 1)
    const all = arena.i32(this.count + 1)
    this.#kernels.divideI32(this.#keys.subarray(0, this.count), bounds, all)
    return Array.from({ length: parts }, (_, t) => all.subarray(bounds[t]!, bounds[t + 1]!))
  }

  #valuesOf(keys: Int32Array, arena: Arena): Column {
    const { least, range } = this.#range
    const places = arena.i32(keys.length)
    this.#kernels.placesOf(keys, least, 1, range, places)
    return take(this.#values(), places, this.#kernels, arena)
  }

  /** By place. */
  #values(): Column {
    const counts = this.#counts
    const numbers =
      counts !== undefined
        ? this.#ops.map(() => new NumberColumn(counts))
        : (this.#numbers ??= this.#startFolding()).map(({ acc }) => new NumberColumn(acc))
    return shaped(this.#fold, this.#range.range, numbers)
  }

  /** True if rows are counted: all so far were worth 1, and these are. */
  #counting(columns: readonly Numbers[], rows: number): boolean {
    if (this.#numbers !== undefined) return false
    const ones = columns.every(column => column.kind === 'const' && column.value === 1)
    if (!ones || this.#ops.some(op => op !== FOLD_SUM) || this.#counted + rows > MOST_COUNTED) return false
    if (this.#counts === undefined) {
      this.#counts = this.#arena.i32(this.#range.range)
      this.#kernels.zero(this.#counts)
    }
    return true
  }

  /** Accumulators, which go on from the counts so far. */
  #startFolding(): { table: Int32Array; acc: Float64Array }[] {
    const { range } = this.#range
    const counts = this.#counts
    this.#counts = undefined
    if (counts !== undefined) this.#kernels.markCounts(counts, this.#marks)
    const numbers = this.#ops.map((op, i) => {
      const acc = this.#arena.f64(range)
      this.#kernels.fillF64(acc, NEUTRAL[op]!)
      if (counts !== undefined) this.#kernels.foldPlaces(op, acc, this.#marks, counts, this.#marks, 1)
      return { table: i === 0 ? this.#table : this.#newTable(), acc }
    })
    if (counts !== undefined) this.#arena.release(counts)
    return numbers
  }

  #newTable(): Int32Array {
    const table = this.#arena.i32(T_WORDS).fill(0)
    table[T_DENSE_MIN] = this.#range.least
    table[T_DENSE_RANGE] = this.#range.range
    return table
  }
}
