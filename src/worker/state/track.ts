import type { CarriedFunction } from '../../functions/carry.js'
import { rowReader } from '../../functions/loops.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import type { Column, TupleColumn } from '../../memory/column.js'
import type { Combine } from '../../plan/ops.js'
import { failedAt } from '../failure.js'
import type { LoadedProgram } from '../program.js'
import { inChunks } from '../read/source.js'
import type { Task } from '../task.js'
import { type Held, statesAfter } from './after.js'
import { type BatchKeys, findStates } from './batch-keys.js'
import { KeyState } from './key-state.js'
import { recordOf, type States } from './states.js'

/**
 * mapWithState in a partition: calls the function for each record with its key's state, then for each key that times out.
 * Only the states of keys in the batch become values; the others are copied as columns, so that what a batch costs depends on
 * its records and hardly on the number of keys.
 *
 * @returns one record, see {@link recordOf}
 */
export function trackStates(
  combine: Combine<CarriedFunction> & { kind: 'track' },
  before: States,
  blocks: readonly Column[],
  program: LoadedProgram,
  task: Task,
): Column {
  const calls = new Calls(combine.fn, program, task)
  const batch = findStates(blocks, before, task)
  const held = heldBy(batch, before)
  calls.withRecords(blocks, batch.ids, held)
  const late = combine.timeout === null ? [] : calls.timeOut(before, batch, combine.timeout)
  const after = statesAfter(before, batch, held, late, task)
  const record = recordOf(after, calls.mapped.finish(), task)
  task.complete = record
  return record
}

function heldBy({ stateRows }: BatchKeys, before: States): Held {
  const exists = new Uint8Array(stateRows.length)
  const values: unknown[] = new Array(stateRows.length)
  const read = rowReader(before.values)
  for (let id = 0; id < stateRows.length; id++) {
    if (stateRows[id]! < 0) continue
    exists[id] = 1
    values[id] = read(stateRows[id]!)
  }
  return { exists, values }
}

/** The calls of the user's function, and what they gave. */
class Calls {
  readonly mapped: RowBuilder
  readonly #given: CarriedFunction
  readonly #fn: Function
  readonly #task: Task
  readonly #state = new KeyState()

  constructor(given: CarriedFunction, program: LoadedProgram, task: Task) {
    this.#given = given
    this.#fn = program.fn(given)
    this.#task = task
    this.mapped = new RowBuilder(task.out)
  }

  /** In the order of the records. */
  withRecords(blocks: readonly Column[], ids: Int32Array, { exists, values }: Held): void {
    const state = this.#state
    let at = 0
    for (const block of blocks) {
      for (const chunk of inChunks(block, this.#task) as Generator<TupleColumn>) {
        const keys = rowReader(chunk.children[0]!)
        const records = rowReader(chunk.children[1]!)
        let row = 0
        try {
          for (; row < chunk.length; row++) {
            const id = ids[at++]!
            state.wrap(exists[id] === 1, values[id])
            this.#call(keys(row), records(row))
            exists[id] = state.exists() ? 1 : 0
            values[id] = state.value
          }
        } catch (error) {
          throw failedAt(error, this.#given.location, this.#task, () => chunk.get(row))
        }
      }
    }
  }

  /** For each state that nothing has touched since the time-out. @returns their rows */
  timeOut({ keys, values, touched }: States, { stateRows }: BatchKeys, timeout: number): number[] {
    const since = this.#task.time - timeout
    const inBatch = new Uint8Array(touched!.length)
    for (const row of stateRows) if (row >= 0) inBatch[row] = 1
    const [readKey, readState] = [rowReader(keys), rowReader(values)]
    const late: number[] = []
    for (let row = 0; row < inBatch.length; row++) {
      if (touched![row]! >= since || inBatch[row] === 1) continue
      late.push(row)
      this.#state.wrap(true, readState(row), true)
      try {
        this.#call(readKey(row), undefined)
      } catch (error) {
        throw failedAt(error, this.#given.location, this.#task, () => [readKey(row), undefined])
      }
    }
    return late
  }

  #call(key: unknown, record: unknown): void {
    const result = this.#fn(key, record, this.#state, this.#task.time)
    if (result !== undefined && result !== null) this.mapped.push(result)
  }
}
