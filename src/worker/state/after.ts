import type { Arena } from '../../memory/arena.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import { type Column, NumberColumn } from '../../memory/column.js'
import { packed, take } from '../take.js'
import type { Task } from '../task.js'
import type { BatchKeys } from './batch-keys.js'
import type { States } from './states.js'

/** The states of a batch's keys after its records, by id. */
export interface Held {
  exists: Uint8Array
  values: unknown[]
}

/**
 * The states after a batch, in the memory of the task's result. Those that stay keep their order, new ones come behind them.
 *
 * @param late rows of the states that have timed out
 */
export function statesAfter(
  before: States,
  { keys, hashes, stateRows }: BatchKeys,
  { exists, values }: Held,
  late: readonly number[],
  task: Task,
): States {
  const { kernels, out } = task
  const scratch = task.scratch()
  const gone = [...late]
  const again: number[] = []
  const fresh: number[] = []
  for (let id = 0; id < exists.length; id++) {
    if (exists[id] === 1) (stateRows[id]! < 0 ? fresh : again).push(id)
    else if (stateRows[id]! >= 0) gone.push(stateRows[id]!)
  }
  const [staying, places] = without(before, gone, task, scratch)
  const changes: Changes = {
    places: again.map(id => places?.[stateRows[id]!] ?? stateRows[id]!),
    values: again.map(id => values[id]),
    fresh: fresh.map(id => values[id]),
  }
  const known = staying.hashes.length
  const size = known + fresh.length

  const freshIds = scratch.i32(fresh.length)
  freshIds.set(fresh)
  const allKeys = new RowBuilder(out, size)
  if (known > 0) allKeys.append(staying.keys)
  if (fresh.length > 0) allKeys.append(packed(take(keys, freshIds, kernels, scratch), kernels, scratch))
  const allHashes = out.i32(size)
  allHashes.set(staying.hashes)
  kernels.gather(hashes, freshIds, allHashes.subarray(known))
  let touched: Float64Array | undefined
  if (staying.touched !== undefined) {
    touched = out.f64(size).fill(task.time, known)
    touched.set(staying.touched)
    for (const place of changes.places) touched[place] = task.time
  }
  return {
    keys: allKeys.finish(),
    values: numbersAfter(staying.values, changes, out) ?? valuesAfter(staying.values, changes, task, scratch),
    hashes: allHashes,
    touched,
  }
}

/** The other states, and the place of each row among them; no places where all stay. */
function without(
  states: States,
  gone: readonly number[],
  { kernels }: Task,
  scratch: Arena,
): [States, places: Int32Array | undefined] {
  if (gone.length === 0) return [states, undefined]
  const places = scratch.i32(states.hashes.length).fill(0)
  for (const row of gone) places[row] = -1
  const rows = scratch.i32(places.length - gone.length)
  let kept = 0
  for (let row = 0; row < places.length; row++) {
    if (places[row] === -1) continue
    rows[kept] = row
    places[row] = kept++
  }
  const rest = (column: Column): Column => packed(take(column, rows, kernels, scratch), kernels, scratch)
  const hashes = scratch.i32(kept)
  kernels.gather(states.hashes, rows, hashes)
  let touched: Float64Array | undefined
  if (states.touched !== undefined) {
    touched = scratch.f64(kept)
    kernels.gather(states.touched, rows, touched)
  }
  return [{ keys: rest(states.keys), values: rest(states.values), hashes, touched }, places]
}

interface Changes {
  /** Where states get new values. */
  places: readonly number[]
  values: readonly unknown[]
  /** The values of new states. */
  fresh: readonly unknown[]
}

/** Numbers are written over a copy; undefined if not all are numbers. */
function numbersAfter(before: Column, { places, values, fresh }: Changes, out: Arena): Column | undefined {
  const size = before.length + fresh.length
  const isNumber = (value: unknown): boolean => typeof value === 'number'
  if (size === 0 || !values.every(isNumber) || !fresh.every(isNumber)) return undefined
  const empty = before.length === 0
  if (!empty && ((before.kind !== 'i32' && before.kind !== 'f64') || before.valid !== undefined))
    return undefined
  const isWhole = (value: unknown): boolean => Object.is((value as number) | 0, value)
  const whole = (empty || before.kind === 'i32') && values.every(isWhole) && fresh.every(isWhole)
  const all = whole ? out.i32(size) : out.f64(size)
  if (!empty) all.set((before as NumberColumn).values)
  all.set(fresh as number[], before.length)
  for (let k = 0; k < places.length; k++) all[places[k]!] = values[k] as number
  return new NumberColumn(all)
}

/** Values of any kind are put behind those before, and then taken in their order. */
function valuesAfter(
  before: Column,
  { places, values, fresh }: Changes,
  { kernels, out }: Task,
  scratch: Arena,
): Column {
  const all = new RowBuilder(scratch)
  if (before.length > 0) all.append(before)
  for (const value of values) all.push(value)
  for (const value of fresh) all.push(value)
  const order = scratch.i32(before.length + fresh.length)
  for (let row = 0; row < before.length; row++) order[row] = row
  for (let k = 0; k < places.length; k++) order[places[k]!] = before.length + k
  for (let k = 0; k < fresh.length; k++) order[before.length + k] = before.length + values.length + k
  const result = new RowBuilder(out, order.length)
  result.append(packed(take(all.finish(), order, kernels, scratch), kernels, scratch))
  return result.finish()
}
