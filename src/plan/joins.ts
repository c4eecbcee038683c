import { exchangeNode, type Node } from './nodes.js'
import { asKey, type Given, keys, rowwise, type Transform } from './operators.js'
import type { WantedKeys } from './ops.js'

/**
 * The operators on several RDDs of pairs. All are a cogroup, and what each makes of a key's values on either side; `null`
 * stands for a side without the key.
 */
export type Join = (...sides: Node[]) => Node

/**
 * Pairs of a key and its values on each side, `[key, [values, values, …]]`.
 *
 * @param keys that are wanted; others may be there or not
 */
export function cogroup(parts: number, label = 'cogroup', keys: WantedKeys = 'any'): Join {
  const exchange = {
    kind: 'key' as const,
    label,
    parts,
    combine: { kind: 'cogroup' as const, keys },
    partitioner: undefined,
  }
  return (...sides) => exchangeNode(sides, exchange)
}

type Sides = [left: unknown[], right: unknown[]]

const INNER = ([left, right]: Sides): unknown[] => left.flatMap(v => right.map(w => [v, w]))
const LEFT = ([left, right]: Sides): unknown[] =>
  right.length === 0 ? left.map(v => [v, null]) : left.flatMap(v => right.map(w => [v, w]))
const RIGHT = ([left, right]: Sides): unknown[] =>
  left.length === 0 ? right.map(w => [null, w]) : left.flatMap(v => right.map(w => [v, w]))
const FULL = ([left, right]: Sides): unknown[] =>
  left.length === 0
    ? right.map(w => [null, w])
    : right.length === 0
      ? left.map(v => [v, null])
      : left.flatMap(v => right.map(w => [v, w]))
const LEFT_ONLY = ([left, right]: Sides): unknown[] => (right.length === 0 ? left : [])
const ONCE_IN_BOTH = ([left, right]: Sides): unknown[] => (left.length > 0 && right.length > 0 ? [null] : [])

const PAIRS = { join: INNER, leftOuterJoin: LEFT, rightOuterJoin: RIGHT, fullOuterJoin: FULL }
const KEYS = { join: 'both', leftOuterJoin: 'first', rightOuterJoin: 'second', fullOuterJoin: 'any' } as const

/** One pair `[key, [left, right]]` for each combination of a key's values on both sides. */
export function join(kind: keyof typeof PAIRS, parts: number, location: string): Join {
  return together(kind, PAIRS[kind], KEYS[kind], parts, location)
}

/** The pairs whose keys the other side has not. */
export function subtractByKey(parts: number, location: string): Join {
  return together('subtractByKey', LEFT_ONLY, 'first', parts, location)
}

/** The records that the other side has not. */
export function subtract(parts: number, location: string): Join {
  const without = together('subtract', LEFT_ONLY, 'first', parts, location)
  return (left, right) => keys(without(asKey(left!), asKey(right!)))
}

/** The records of both sides, each once. */
export function intersection(parts: number, location: string): Join {
  const both = together('intersection', ONCE_IN_BOTH, 'both', parts, location)
  return (left, right) => keys(both(asKey(left!), asKey(right!)))
}

function together(
  label: string,
  fn: (sides: Sides) => unknown[],
  keys: WantedKeys,
  parts: number,
  location: string,
): Join {
  const sides = cogroup(parts, label, keys)
  const made: Given = { fn, captures: undefined, location }
  const pairs: Transform = rowwise('flatMapValues', made)
  return (left, right) => pairs(sides(left!, right!))
}
