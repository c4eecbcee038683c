import { exchangeNode, type Node, narrowNode } from './nodes.js'
import { asKey, keys } from './operators.js'
import type { Matches, WantedKeys } from './ops.js'

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

const KEYS = { join: 'both', leftOuterJoin: 'first', rightOuterJoin: 'second', fullOuterJoin: 'any' } as const

/** One pair `[key, [left, right]]` for each combination of a key's values on both sides. */
export function join(kind: keyof typeof KEYS, parts: number): Join {
  return matched(kind, 'pairs', KEYS[kind], parts)
}

/** The pairs whose keys the other side has not. */
export function subtractByKey(parts: number): Join {
  return matched('subtractByKey', 'unmatched', 'first', parts)
}

/** The records that the other side has not. */
export function subtract(parts: number): Join {
  const without = matched('subtract', 'unmatched', 'first', parts)
  return (left, right) => keys(without(asKey(left!), asKey(right!)))
}

/** The records of both sides, each once. */
export function intersection(parts: number): Join {
  const both = matched('intersection', 'key', 'both', parts)
  return (left, right) => keys(both(asKey(left!), asKey(right!)))
}

function matched(label: string, gives: Matches, keys: WantedKeys, parts: number): Join {
  const sides = cogroup(parts, label, keys)
  const op = { kind: 'match' as const, label, gives, keys }
  return (left, right) => narrowNode(sides(left!, right!), op)
}
