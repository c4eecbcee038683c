import { UsersFunction } from '../functions/captures.js'
import { cogroup } from './joins.js'
import { type Node, unionNode } from './nodes.js'
import { type Given, partitionwise, rowwise, type Transform } from './operators.js'

/** How the states of keys move on with the values of a batch. */
export interface StateRule {
  readonly parts: number
  /** The state before the first batch. */
  readonly initial: Node | undefined
  /** @param previous what this has made of the batch before; undefined in the first */
  next(previous: Node | undefined, batch: Node): Node
}

/** Names that functions below get as captures. */
declare const $update: (values: unknown[], state: unknown) => unknown
declare const $function: (key: unknown, value: unknown, state: unknown, time: number) => unknown
declare const $timeout: number | null

/** updateStateByKey: pairs of a key and its state, by a function of the new values and the state before. */
export function updateState(given: Given, parts: number, initial: Node | undefined): StateRule {
  const sides = cogroup(parts, 'updateStateByKey')
  const update = rowwise('flatMapValues', {
    fn: ([states, values]: [unknown[], unknown[]]) => {
      const state = $update(values, states[0])
      return state === undefined || state === null ? [] : [state]
    },
    captures: { $update: new UsersFunction(given) },
    location: given.location,
  })
  return {
    parts,
    initial,
    next: (previous, batch) => update(sides(previous ?? initial ?? unionNode([]), batch)),
  }
}

/** A key's state and the time it was last touched; nothing for a key without state. */
type Held = [] | [[state: unknown, touched: number | null]]
type Tracked = [key: unknown, [held: Held, mapped: unknown[]]]

/**
 * mapWithState: for each key its state, and what the function gave in this batch. Keys with neither are left out.
 *
 * @param location of mapWithState; the function has that of its StateSpec
 * @param timeout milliseconds after which a key that nothing touched is given up
 */
export function trackState(
  given: Given,
  location: string,
  parts: number,
  initial: Node | undefined,
  timeout: number | null,
): StateRule {
  const sides = cogroup(parts, 'mapWithState')
  const track = partitionwise(
    {
      fn: TRACK,
      captures: { $function: new UsersFunction(given), $timeout: timeout },
      location,
    },
    'time',
    'mapWithState',
  )
  const held = rowwise('flatMapValues', {
    fn: ([state]: [Held, unknown[]]) => state,
    captures: undefined,
    location,
  })
  // It counts as touched by the first batch.
  const untouched = rowwise('mapValues', {
    fn: (state: unknown) => [state, null],
    captures: undefined,
    location,
  })
  return {
    parts,
    initial,
    next(previous, batch) {
      const before = previous === undefined ? initial && untouched(initial) : held(previous)
      return track(sides(before ?? unionNode([]), batch))
    },
  }
}

/** What the function of mapWithState gave, in a batch. */
export function mappedOf(location: string): Transform {
  return rowwise('flatMap', {
    fn: ([, [, mapped]]: Tracked) => mapped,
    captures: undefined,
    location,
  })
}

/** All keys with their states. */
export function snapshotOf(location: string): Transform {
  return rowwise('flatMap', {
    fn: ([key, [held]]: Tracked) => held.map(([state]) => [key, state]),
    captures: undefined,
    location,
  })
}

// Runs on a worker: everything it needs is in it, or is handed over by name.
function* TRACK(
  time: number,
  keys: Iterable<[key: unknown, [held: Held[0][], values: unknown[]]]>,
): Generator<Tracked> {
  let exists = false
  let value: unknown
  let removed = false
  let timingOut = false
  const state = {
    exists: () => exists,
    get() {
      if (!exists) throw new Error('State is not set')
      return value
    },
    getOption: () => (exists ? value : undefined),
    update(next: unknown) {
      if (removed) throw new Error('Cannot update the state after it has been removed')
      if (timingOut) throw new Error('Cannot update the state that is timing out')
      if (next === undefined || next === null)
        throw new TypeError(`expected a state for update but received ${next}; remove() gives a state up`)
      value = next
      exists = true
    },
    remove() {
      if (timingOut) throw new Error('Cannot remove the state that is timing out')
      if (removed) throw new Error('Cannot remove the state that has already been removed')
      exists = false
      value = undefined
      removed = true
    },
    isTimingOut: () => timingOut,
    toString: () => (exists ? String(value) : '<state not set>'),
  }
  for (const [key, [held, values]] of keys) {
    exists = held.length > 0
    value = exists ? held[0]![0] : undefined
    let touched = exists ? (held[0]![1] ?? time) : time
    const mapped: unknown[] = []
    const call = (record: unknown): void => {
      removed = false
      const result = $function(key, record, state, time)
      if (result !== undefined && result !== null) mapped.push(result)
    }
    for (const record of values) {
      call(record)
      touched = time
    }
    if ($timeout !== null && exists && touched < time - $timeout) {
      timingOut = true
      call(undefined)
      timingOut = exists = false
    }
    if (exists || mapped.length > 0) yield [key, [exists ? [[value, touched]] : [], mapped]]
  }
}
