import { RowBuilder } from '../../memory/build/row-builder.js'
import { type Column, ListColumn, NumberColumn, TupleColumn } from '../../memory/column.js'
import { hashKeys } from '../keyed/key-filter.js'
import { Keys } from '../keyed/keys.js'
import type { Side } from '../read/side.js'
import { packed, take } from '../take.js'
import type { Task } from '../task.js'

/** The states of a partition's keys, a row each: columns that are not changed once they are made. */
export interface States {
  keys: Column
  values: Column
  hashes: Int32Array
  /** When each key was last touched; absent where there is no time-out. */
  touched: Float64Array | undefined
}

const noStates = (timed: boolean): States => ({
  keys: new NumberColumn(new Int32Array(0)),
  values: new NumberColumn(new Int32Array(0)),
  hashes: new Int32Array(0),
  touched: timed ? new Float64Array(0) : undefined,
})

/**
 * What a batch leaves in a partition, as one record: a list of states, and a list of what the function gave. Readers take
 * either list's items as they lie there.
 */
export function recordOf({ keys, values, hashes, touched }: States, mapped: Column, task: Task): Column {
  const columns = [keys, values, new NumberColumn(hashes)]
  if (touched !== undefined) columns.push(new NumberColumn(touched))
  const states = new TupleColumn(keys.length, columns)
  const ends = task.out.i32(3)
  ends.set([0, states.length, mapped.length])
  const list = (items: Column, at: number): ListColumn =>
    new ListColumn(items, ends.subarray(0, 1), ends.subarray(at, at + 1))
  return new TupleColumn(1, [list(states, 1), list(mapped, 2)])
}

/** The states in what {@link recordOf} made. */
export function statesIn(record: Column): States {
  const list = (record as TupleColumn).children[0] as ListColumn
  const { children } = list.child as TupleColumn
  return {
    keys: children[0]!,
    values: children[1]!,
    hashes: (children[2] as NumberColumn).values as Int32Array,
    touched: (children[3] as NumberColumn | undefined)?.values as Float64Array | undefined,
  }
}

/**
 * The states before the first batch, from pairs; the last pair of a key counts. All are touched now.
 *
 * @param timed whether there is a time-out
 */
export function initialStates(pairs: Side | undefined, timed: boolean, task: Task): States {
  if (pairs === undefined) return noStates(timed)
  const scratch = task.scratch()
  const keys = new Keys(task, 0, scratch)
  const values = new RowBuilder(scratch)
  const hashes: number[] = []
  const last: number[] = []
  let row = 0
  for (const [column, value] of pairs.pairs('initialState')) {
    const hashed = hashKeys(column, task, scratch)
    const ids = keys.ids(column, hashed)
    for (let i = 0; i < ids.length; i++) {
      hashes[ids[i]!] = hashed[i]!
      last[ids[i]!] = row++
    }
    values.append(packed(value, task.kernels, scratch))
  }
  const { count } = keys
  if (count === 0) return noStates(timed)
  const [hashOf, lastOf] = [scratch.i32(count), scratch.i32(count)]
  hashOf.set(hashes)
  lastOf.set(last)
  return {
    keys: keys.finish(),
    values: take(values.finish(), lastOf, task.kernels, scratch),
    hashes: hashOf,
    touched: timed ? scratch.f64(count).fill(task.time) : undefined,
  }
}
