import type { Column, TupleColumn } from '../../memory/column.js'
import { hashKeys, KeyFilter } from '../keyed/key-filter.js'
import { Keys } from '../keyed/keys.js'
import { inChunks } from '../read/source.js'
import { take } from '../take.js'
import type { Task } from '../task.js'
import type { States } from './states.js'

/** The distinct keys of a batch, and where the state of each lies. */
export interface BatchKeys {
  /** By id. */
  keys: Column
  /** By id. */
  hashes: Int32Array
  /** The id of each record's key. */
  ids: Int32Array
  /** By id: the row of the key's state, -1 for none. */
  stateRows: Int32Array
}

/**
 * Finds the keys of a batch in the states. The table holds the batch's keys only; of the states it is shown those that pass a
 * filter. A state that passed without being one of them gets an id behind theirs, and is none.
 */
export function findStates(blocks: readonly Column[], states: States, task: Task): BatchKeys {
  const rows = blocks.reduce((n, block) => n + block.length, 0)
  const scratch = task.scratch()
  const keys = new Keys(task, 0, scratch)
  const filter = new KeyFilter(rows, scratch)
  const ids = scratch.i32(rows)
  const hashes = scratch.i32(rows)
  let at = 0
  for (const block of blocks) {
    for (const chunk of inChunks(block, task) as Generator<TupleColumn>) {
      const column = chunk.children[0]!
      const hashed = hashKeys(column, task, scratch)
      const found = keys.ids(column, hashed)
      filter.enter(hashed)
      ids.set(found, at)
      for (let i = 0; i < found.length; i++) hashes[found[i]!] = hashed[i]!
      at += found.length
    }
  }
  const { count } = keys
  const stateRows = scratch.i32(count).fill(-1)
  const candidates = filter.select(states.hashes, scratch)
  if (candidates.length > 0) {
    const found = keys.ids(take(states.keys, candidates, task.kernels, scratch))
    for (let i = 0; i < found.length; i++) if (found[i]! < count) stateRows[found[i]!] = candidates[i]!
  }
  return { keys: keys.finish().slice(0, count), hashes: hashes.subarray(0, count), ids, stateRows }
}
