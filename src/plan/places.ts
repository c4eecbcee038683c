import { type Node, narrowNode } from './nodes.js'
import { partitionBy, swapped, type Transform, values } from './operators.js'

/** Operators on the places of records: which partition they are in, and where in it. */

function number(label: string, firsts: readonly number[], step: number): Transform {
  const op = { kind: 'number' as const, label, firsts, step }
  return node => narrowNode(node, op)
}

/** Pairs of a record and its place among all. @param starts the place of each partition's first record */
export function numbered(starts: readonly number[]): Transform {
  return number('zipWithIndex', starts, 1)
}

/** Pairs of a record and a number of its own: record `k` of partition `i` has `k * parts + i`. */
export function zipWithUniqueId(parts: number): Transform {
  return number(
    'zipWithUniqueId',
    Array.from({ length: parts }, (_, i) => i),
    parts,
  )
}

/** The same records in the same order, neighbouring partitions put together into `parts`. */
export function coalesce(parts: number, before: number): Transform {
  if (parts >= before) return (node: Node) => node
  const targets = Array.from({ length: before }, (_, i) => Math.floor(((i + 1) * parts - 1) / before))
  const [target, move] = [number('coalesce', targets, 0), partitionBy(parts, undefined)]
  return node => values(move(swapped(target(node))))
}
