import { MillraceError } from '../../core/errors.js'
import type { CarriedFunction } from '../../functions/carry.js'
import type { Arena } from '../../memory/arena.js'
import type { Column } from '../../memory/column.js'
import type { Combine } from '../../plan/ops.js'
import type { LoadedProgram } from '../program.js'
import type { Task } from '../task.js'
import { Keys } from './keys.js'
import { FoldValues, FunctionValues, GroupValues, NoValues, type Values } from './values.js'

/**
 * Before an exchange, records become accumulators; behind it, accumulators of a key become one. Where nothing needs to be sent,
 * records become accumulators there.
 */
export type Side = 'map' | 'merge' | 'both'

/**
 * Combines the values of each key, over all chunks of a task. Keys come out in the order of their first
 * appearance, values of a key are combined in the order in which they came.
 */
export class Combiner {
  readonly keys: Keys
  #values: Values
  readonly #combine: Combine<CarriedFunction>
  readonly #program: LoadedProgram
  readonly #task: Task
  readonly #arena: Arena

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
    this.keys = new Keys(task, leastKeys, this.#arena)
    this.#combine = combine
    this.#program = program
    this.#task = task
    this.#values = this.#start(side)
  }

  /** @param hashes of text keys, where an earlier stage left them */
  add(keys: Column, values: Column, hashes?: Int32Array): void {
    const before = this.keys.count
    const ids = this.keys.ids(keys, hashes)
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

  finish(): [keys: Column, values: Column] {
    const { count } = this.keys
    return [this.keys.finish(), this.#values.finish(count)]
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
      case 'track':
        throw new MillraceError('MILLRACE_INTERNAL', `a ${combine.kind} combines nothing on its way`)
    }
  }
}
