import { MillraceError } from '../../core/errors.js'
import type { CarriedFunction } from '../../functions/carry.js'
import type { Arena } from '../../memory/arena.js'
import { type Column, NumberColumn } from '../../memory/column.js'
import type { PlacedPairs } from '../../memory/placed.js'
import type { Combine } from '../../plan/ops.js'
import type { LoadedProgram } from '../program.js'
import { take } from '../take.js'
import type { Task } from '../task.js'
import { DenseFold } from './dense-fold.js'
import { denseRange } from './key-table.js'
import { Keys, targetsOf } from './keys.js'
import { FoldValues, FunctionValues, GroupValues, NoValues, type Values } from './values.js'

/**
 * Before an exchange, records become accumulators; behind it, accumulators of a key become one. Where nothing needs to be sent,
 * records become accumulators there.
 */
export type Side = 'map' | 'merge' | 'both'

/** Accumulators that lie by place are spread over the range; with fewer rows than this, those that lie by id stay in the cache. */
const ROWS_A_PLACE = 1.5

/**
 * Combines the values of each key, over all chunks of a task. Keys come out in the order of their first
 * appearance, values of a key are combined in the order in which they came.
 */
export class Combiner {
  readonly #combine: Combine<CarriedFunction>
  readonly #side: Side
  readonly #program: LoadedProgram
  readonly #task: Task
  readonly #arena: Arena
  readonly #foldScratch: Arena
  #keys: Keys
  #values: Values
  /** What has come, while all keys are of a small range; then there is nothing in `#keys`. */
  #dense: DenseFold | undefined
  /** Rows since the form of the keys last changed. */
  #rows = 0

  /** @param leastKeys at least so many distinct keys will come */
  constructor(
    combine: Combine<CarriedFunction>,
    side: Side,
    leastKeys: number,
    program: LoadedProgram,
    task: Task,
  ) {
    // What is sent on lies in the result; what is read behind the exchange is copied from here, or goes through a chain.
    this.#arena = side === 'map' ? task.out : task.scratch()
    this.#foldScratch = task.scratch()
    this.#keys = new Keys(task, leastKeys, this.#arena)
    this.#combine = combine
    this.#side = side
    this.#program = program
    this.#task = task
    this.#values = this.#start(side)
  }

  /** @param hashes of text keys, where an earlier stage left them */
  add(keys: Column, values: Column, hashes?: Int32Array): void {
    if (this.#dense === undefined) this.#makeDense(keys)
    const taken = this.#dense?.add(keys, values) ?? 0
    this.#rows += keys.length
    if (taken === keys.length) return
    this.#makeGeneral()
    if (taken === 0) this.#add(keys, values, hashes)
    else this.#add(keys.slice(taken, keys.length), values.slice(taken, keys.length), undefined)
  }

  /**
   * What there is for each partition: pairs that lie by place, or columns of keys, of values, and of hashes where the keys are
   * text.
   */
  divided(parts: number): (PlacedPairs | Column[])[] {
    const dense = this.#dense
    if (dense !== undefined) {
      const placed = dense.placed(parts, this.#arena)
      if (placed !== undefined) return placed
      const divided = dense.divided(parts, this.#arena)
      dense.close()
      return divided
    }
    const [keys, values, hashes] = this.finish()
    const columns = hashes === undefined ? [keys, values] : [keys, values, new NumberColumn(hashes)]
    if (parts === 1) return [columns]
    const { kernels } = this.#task
    const [bounds, order] = [this.#arena.i32(parts + 1), this.#arena.i32(keys.length)]
    kernels.bucket(targetsOf(keys, parts, this.#task, this.#foldScratch, hashes), bounds, order)
    return Array.from({ length: parts }, (_, t) => {
      const rows = order.subarray(bounds[t]!, bounds[t + 1]!)
      // Text and lists are shared, not copied, since the column stays as it is.
      return columns.map(column => take(column, rows, kernels, this.#arena))
    })
  }

  /** @returns the keys' hashes, too, if they are text */
  finish(): [keys: Column, values: Column, hashes: Int32Array | undefined] {
    if (this.#dense !== undefined) return [...this.#dense.finish(this.#arena), undefined]
    const { count } = this.#keys
    return [this.#keys.finish(), this.#values.finish(count), this.#keys.hashes]
  }

  #add(keys: Column, values: Column, hashes: Int32Array | undefined): void {
    const before = this.#keys.count
    const ids = this.#keys.ids(keys, hashes)
    if (this.#values.add(ids, values)) return
    // Not only numbers after all: the function goes on from what the fold has reached.
    const reached = this.#values.finish(before)
    const general = new FunctionValues(
      (this.#combine as { fn: CarriedFunction }).fn,
      undefined,
      this.#program,
      this.#task,
      this.#arena,
    )
    general.resume(reached)
    general.add(ids, values)
    this.#values = general
  }

  /** Folds by place from here on, if that is possible, and if keys come back so often that it pays. */
  #makeDense(next: Column): void {
    const fold = this.#combine.kind === 'reduce' ? this.#combine.fold : undefined
    if (fold === undefined || !(this.#values instanceof FoldValues) || !DenseFold.applies(fold)) return
    const { kernels } = this.#task
    const { count } = this.#keys
    if (this.#rows < count) return
    this.#foldScratch.reset()
    const rows = Math.max(this.#rows, this.#task.expectedRows)
    const range = this.#rows === 0 ? denseRange(next, rows, kernels, this.#foldScratch) : this.#keys.range
    if (range === undefined || rows < range.range * ROWS_A_PLACE) return
    const arena = this.#side === 'map' ? this.#arena : this.#foldScratch
    this.#dense = new DenseFold(fold, range, kernels, arena)
    if (count > 0) this.#dense.add(this.#keys.finish(), this.#values.finish(count))
    this.#values.close()
    this.#rows = 0
  }

  /** Finds keys by a table again, whatever they are. */
  #makeGeneral(): void {
    if (this.#dense === undefined) return
    const [keys, values] = this.#dense.finish(this.#arena)
    this.#dense.close()
    this.#dense = undefined
    this.#keys = new Keys(this.#task, keys.length, this.#arena)
    this.#values = this.#start(this.#side)
    this.#add(keys, values, undefined)
    this.#rows = 0
  }

  /** Room for the keys of a small task is made at once; for those of a large one, as they come. */
  #room(): number {
    return Math.min(Math.max(512, this.#task.expectedRows), 131_072)
  }

  #start(side: Side): Values {
    const combine = this.#combine
    switch (combine.kind) {
      case 'reduce':
        if (combine.fold !== undefined && this.#task.ways === 'auto')
          return new FoldValues(combine.fold, this.#task.kernels, this.#arena, this.#room())
        return new FunctionValues(combine.fn, undefined, this.#program, this.#task, this.#arena)
      case 'combine':
        if (side === 'merge')
          return new FunctionValues(combine.mergeCombiners, undefined, this.#program, this.#task, this.#arena)
        return new FunctionValues(combine.mergeValue, combine.create, this.#program, this.#task, this.#arena)
      case 'group':
        return new GroupValues(this.#task, this.#arena)
      case 'distinct':
        return new NoValues()
      case 'cogroup':
      case 'slide':
      case 'track':
        throw new MillraceError('MILLRACE_INTERNAL', `a ${combine.kind} combines nothing on its way`)
    }
  }
}
