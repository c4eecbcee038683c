import type { CarriedFunction } from '../functions/carry.js'
import { foldLoop, type Place } from '../functions/loops.js'
import { RowBuilder } from '../memory/build/row-builder.js'
import { type Column, ConstColumn, type NumberColumn } from '../memory/column.js'
import type { Total } from '../plan/ops.js'
import { failedAt } from './failure.js'
import { fits } from './keyed/fold-shape.js'
import type { LoadedProgram } from './program.js'
import type { Task } from './task.js'

/**
 * All records as one: first those of each partition, then, on the other side of the exchange, the partitions'
 * results in order.
 */
export class TotalValue {
  readonly #total: Total<CarriedFunction>
  readonly #merging: boolean
  readonly #program: LoadedProgram
  readonly #task: Task
  #has: boolean
  #acc: unknown

  constructor(total: Total<CarriedFunction>, merging: boolean, program: LoadedProgram, task: Task) {
    this.#total = total
    this.#merging = merging
    this.#program = program
    this.#task = task
    this.#has = total.kind !== 'reduce'
    this.#acc = total.kind === 'aggregate' ? structuredClone(total.zero) : 0
  }

  /** The function that takes in a record, once there is a number to begin with: a loop may then call it by itself. */
  get reducer(): CarriedFunction | undefined {
    const total = this.#total
    if (total.kind === 'count' || !this.#has || typeof this.#acc !== 'number') return undefined
    return total.kind === 'reduce' ? total.fn : total.seq
  }

  /** `next` gives what becomes of the value so far. */
  advance(next: (value: unknown) => unknown): void {
    this.#acc = next(this.#acc)
  }

  add(records: Column): void {
    if (records.length === 0) return
    const total = this.#total
    if (total.kind === 'count') {
      this.#acc = (this.#acc as number) + (this.#merging ? sum(records) : records.length)
      return
    }
    if (
      total.fold !== undefined &&
      'op' in total.fold &&
      this.#isNumeric(records) &&
      fits(total.fold, records) &&
      records.kind !== 'const'
    ) {
      const { values } = records as NumberColumn
      this.#acc = this.#has
        ? this.#task.kernels.fold(total.fold.op, values, this.#acc as number)
        : this.#task.kernels.fold(total.fold.op, values.subarray(1), values[0]!)
      this.#has = true
      return
    }
    const fn = total.kind === 'reduce' ? total.fn : this.#merging ? total.comb : total.seq
    const loop = this.#program.loop(`fold ${fn.id} ${records.type}`, () =>
      foldLoop(this.#program.fn(fn), records),
    )
    const place: Place = { row: 0, step: 0, base: 0 }
    try {
      this.#acc = loop(records, this.#acc, this.#has, place)
      this.#has = true
    } catch (error) {
      throw failedAt(error, fn.location, this.#task, () => records.get(place.row))
    }
  }

  /** One record, or none for a reduce of nothing. */
  finish(): Column {
    if (!this.#has) return new ConstColumn(0, null)
    const out = new RowBuilder(this.#task.out)
    out.push(this.#acc)
    return out.finish()
  }

  /** The kernel applies while the accumulator is a number as well. */
  #isNumeric(records: Column): boolean {
    return (
      this.#task.ways === 'auto' &&
      (records.kind === 'f64' || records.kind === 'i32') &&
      (!this.#has || typeof this.#acc === 'number')
    )
  }
}

function sum(records: Column): number {
  let n = 0
  for (let i = 0; i < records.length; i++) n += records.get(i) as number
  return n
}
