import type { CarriedFunction } from '../../functions/carry.js'
import { rowReader } from '../../functions/loops.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import type { Column, TupleColumn } from '../../memory/column.js'
import type { Combine } from '../../plan/ops.js'
import { failedAt } from '../failure.js'
import type { LoadedProgram } from '../program.js'
import { inChunks } from '../read/source.js'
import { packed, take } from '../take.js'
import type { Task } from '../task.js'
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
  const { timeout } = combine
  const calls = new Calls(combine.fn, program, task)
  const batch = findStates(blocks, before, task)
  const held = heldBy(batch, before)
  calls.withRecords(blocks, batch.ids, held)
  const staying = timeout === null ? batch.untouched : calls.timeOut(before, batch.untouched, timeout)
  return recordOf(statesAfter(before, staying, batch, held, timeout !== null, task), calls.mapped.finish())
}

/** The states of a batch's keys, by id. */
interface Held {
  exists: Uint8Array
  values: unknown[]
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
    this.mapped = new RowBuilder(task.scratch())
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

  /** Gives up the states that nothing has touched since the time-out. @returns the rows that stay */
  timeOut({ keys, values, touched }: States, rows: Int32Array, timeout: number): Int32Array {
    const since = this.#task.time - timeout
    const [readKey, readState] = [rowReader(keys), rowReader(values)]
    let staying = 0
    for (const row of rows) {
      if (touched![row]! >= since) {
        rows[staying++] = row
        continue
      }
      this.#state.wrap(true, readState(row), true)
      try {
        this.#call(readKey(row), undefined)
      } catch (error) {
        throw failedAt(error, this.#given.location, this.#task, () => [readKey(row), undefined])
      }
    }
    return rows.subarray(0, staying)
  }

  #call(key: unknown, record: unknown): void {
    const result = this.#fn(key, record, this.#state, this.#task.time)
    if (result !== undefined && result !== null) this.mapped.push(result)
  }
}

/** The states that stay as they were, behind them those of the batch: first of keys that had one, as they were written then. */
function statesAfter(
  before: States,
  staying: Int32Array,
  { keys, hashes, stateRows }: BatchKeys,
  { exists, values }: Held,
  timed: boolean,
  task: Task,
): States {
  const { kernels } = task
  const scratch = task.scratch()
  // The ids of keys with a state now, those that had one first.
  const ids = scratch.i32(exists.length)
  let live = 0
  for (let id = 0; id < exists.length; id++) if (exists[id] === 1 && stateRows[id]! >= 0) ids[live++] = id
  const again = ids.subarray(0, live)
  for (let id = 0; id < exists.length; id++) if (exists[id] === 1 && stateRows[id]! < 0) ids[live++] = id
  const fresh = ids.subarray(again.length, live)

  const size = staying.length + live
  const column = (...parts: [from: Column, rows: Int32Array][]): RowBuilder => {
    const rows = new RowBuilder(scratch, size)
    for (const [from, which] of parts)
      if (which.length > 0) rows.append(packed(take(from, which, kernels, scratch), kernels, scratch))
    return rows
  }
  const againRows = scratch.i32(again.length)
  kernels.gather(stateRows, again, againRows)
  const allKeys = column([before.keys, staying], [before.keys, againRows], [keys, fresh])
  const states = column([before.values, staying])
  for (let k = 0; k < live; k++) states.push(values[ids[k]!])
  const allHashes = scratch.i32(size)
  kernels.gather(before.hashes, staying, allHashes.subarray(0, staying.length))
  kernels.gather(hashes, ids.subarray(0, live), allHashes.subarray(staying.length))
  let touched: Float64Array | undefined
  if (timed) {
    touched = scratch.f64(size).fill(task.time)
    kernels.gather(before.touched!, staying, touched.subarray(0, staying.length))
  }
  return { keys: allKeys.finish(), values: states.finish(), hashes: allHashes, touched }
}
