import type { Node } from './nodes.js'
import { partitionBy, partitionwise, type Transform, values } from './operators.js'

/** Operators on the places of records: which partition they are in, and where in it. */
declare const $parts: number
declare const $before: number
declare const $starts: readonly number[]

/** Pairs of a record and its place among all. @param starts the place of each partition's first record */
export function numbered(starts: readonly number[], location: string): Transform {
  return partitionwise(
    {
      fn: function* (i: number, records: Iterable<unknown>) {
        let place = $starts[i]!
        for (const record of records) yield [record, place++]
      },
      captures: { $starts: starts },
      location,
    },
    'index',
    'zipWithIndex',
  )
}

/** Pairs of a record and a number of its own: record `k` of partition `i` has `k * parts + i`. */
export function zipWithUniqueId(parts: number, location: string): Transform {
  return partitionwise(
    {
      fn: function* (i: number, records: Iterable<unknown>) {
        let id = i
        for (const record of records) {
          yield [record, id]
          id += $parts
        }
      },
      captures: { $parts: parts },
      location,
    },
    'index',
    'zipWithUniqueId',
  )
}

/** The same records in the same order, neighbouring partitions put together into `parts`. */
export function coalesce(parts: number, before: number, location: string): Transform {
  if (parts >= before) return (node: Node) => node
  const sent = partitionwise(
    {
      fn: function* (i: number, records: Iterable<unknown>) {
        const target = Math.floor(((i + 1) * $parts - 1) / $before)
        for (const record of records) yield [target, record]
      },
      captures: { $parts: parts, $before: before },
      location,
    },
    'index',
    'coalesce',
  )
  const move = partitionBy(parts, undefined)
  return node => values(move(sent(node)))
}
