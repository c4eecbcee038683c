import { exchangeNode, narrowNode } from './nodes.js'
import { type Given, rowwise, type Transform, values } from './operators.js'
import type { OrderOp, Sign } from './ops.js'
import { compareValues } from './ordering.js'

/**
 * Sorting by ranges: from a sample of the keys come bounds, each record goes to the partition between two of them, and each
 * partition is sorted. Records are pairs of what they are sorted by and the record. Equal ones keep their order.
 */

/** A key of the sample, and how many records it stands for. */
export type Sampled = [key: unknown, records: number]

export function keyed(key: Given): Transform {
  return rowwise('keyBy', key)
}

const ordering =
  (op: OrderOp): Transform =>
  node =>
    narrowNode(node, op)

/** Up to `2 * count` keys of each partition, evenly spread. */
export function sampled(count: number, location: string): Transform {
  return ordering({ kind: 'sampleKeys', label: 'sortBy', location, count })
}

/** The greatest keys of all partitions but the last, such that each has about as many records. */
export function boundsOf(sample: readonly Sampled[], parts: number, sign: Sign): unknown[] {
  const inOrder = [...sample].sort(([a], [b]) => sign * compareValues(a, b))
  const total = inOrder.reduce((sum, [, records]) => sum + records, 0)
  const bounds: unknown[] = []
  let seen = 0
  for (const [key, records] of inOrder) {
    seen += records
    if (bounds.length < parts - 1 && seen >= ((bounds.length + 1) * total) / parts) bounds.push(key)
  }
  return bounds
}

/** The records of each range in a partition. Records of equal keys are in one. */
export function toRanges(bounds: readonly unknown[], parts: number, sign: Sign, location: string): Transform {
  const exchange = { kind: 'ranges' as const, label: 'ranges', parts, sign, location, bounds }
  return node => exchangeNode([node], exchange)
}

/** Each partition in the order of its keys; the records only. */
export function sortedPartitions(sign: Sign, location: string): Transform {
  const sort = ordering({ kind: 'sort', label: 'sortBy', location, sign })
  return node => values(sort(node))
}

/**
 * The `count` records of each partition that come first in the order of their keys, as pairs of key and record, in that order;
 * of equal ones those that come first.
 *
 * @param sign 1 for the least, -1 for the greatest
 */
export function firstInOrder(count: number, sign: Sign, key: Given | undefined, location: string): Transform {
  const withKey = keyed(key ?? { fn: (record: unknown) => record, captures: undefined, location })
  const first = ordering({ kind: 'first', label: 'top', location, sign, count })
  return node => first(withKey(node))
}
