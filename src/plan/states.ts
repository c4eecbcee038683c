import { UsersFunction } from '../functions/captures.js'
import { readFunction } from '../functions/user-function.js'
import { cogroup } from './joins.js'
import { exchangeNode, type Node, sourceNode, unionNode } from './nodes.js'
import { type Given, pairsOnly, rowwise, type Transform } from './operators.js'
import type { Source } from './source.js'

/** How the states of keys move on with the values of a batch. */
export interface StateRule {
  readonly parts: number
  /** @param previous what this has made of the batch before; undefined in the first */
  next(previous: Source | undefined, batch: Node): Node
}

/** A name that the function below gets as a capture. */
declare const $update: (values: unknown[], state: unknown) => unknown

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
    next: (previous, batch) =>
      update(sides(previous === undefined ? (initial ?? unionNode([])) : sourceNode(previous), batch)),
  }
}

/**
 * mapWithState: in each partition one record, of two lists: the states of all keys, and what the function gave in this batch.
 * The states before stay where they lie, in the partitions where they are needed.
 *
 * @param timeout milliseconds after which a key that nothing touched is given up
 */
export function trackState(
  given: Given,
  parts: number,
  initial: Node | undefined,
  timeout: number | null,
): StateRule {
  const fn = readFunction(given.fn, given.captures, given.location)
  const exchange = (before: 'nothing' | 'pairs' | 'states') => ({
    kind: 'key' as const,
    label: 'mapWithState',
    parts,
    combine: { kind: 'track' as const, fn, timeout, before },
    partitioner: undefined,
  })
  const [first, next] = [exchange(initial === undefined ? 'nothing' : 'pairs'), exchange('states')]
  return {
    parts,
    next(previous, batch) {
      if (previous !== undefined) return exchangeNode([sourceNode(previous), batch], next)
      return exchangeNode(initial === undefined ? [batch] : [initial, batch], first)
    },
  }
}

type Tracked = [states: unknown[], mapped: unknown[]]

/** What the function of mapWithState gave, in a batch. */
export function mappedOf(location: string): Transform {
  return rowwise('flatMap', { fn: (tracked: Tracked) => tracked[1], captures: undefined, location })
}

/** All keys with their states. */
export function snapshotOf(location: string): Transform {
  const states = rowwise('flatMap', {
    fn: (tracked: Tracked) => tracked[0],
    captures: undefined,
    location,
  })
  return node => pairsOnly('stateSnapshots')(states(node))
}
