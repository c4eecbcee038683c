import { cogroup, type Join } from './joins.js'
import { type Node, unionNode } from './nodes.js'
import { groupByKey, partitionBy, partitionwise, rowwise, type Transform, values } from './operators.js'

/**
 * Operators on the places of records: which partition they are in, and where in it. What must meet goes to one partition
 * whole, as an array under its number; whole numbers are sent to the partition of their value.
 */
declare const $parts: number
declare const $others: number

type Part = [number: number, records: unknown[]]
type Sides = [number: number, [left: unknown[][], right: unknown[][]]]

const whole = (label: string, location: string): Transform =>
  partitionwise(
    {
      fn: (i: number, records: Iterable<unknown>): Part[] => [[i, [...records]]],
      captures: undefined,
      location,
    },
    'index',
    label,
  )

/** Pairs of the records at the same places of two RDDs of `parts` partitions. */
export function zip(parts: number, location: string): Join {
  const part = whole('zip', location)
  const sides = cogroup(parts, 'zip')
  const pairs = rowwise('flatMap', {
    fn: ([, [[left = []], [right = []]]]: Sides) => {
      if (left.length === right.length) return left.map((x, k) => [x, right[k]])
      throw new RangeError(
        `Can only zip RDDs with same number of elements in each partition, but one has ${left.length} and the other ${right.length}`,
      )
    },
    captures: undefined,
    location,
  })
  return (left, right) => pairs(sides(part(left!), part(right!)))
}

/** All pairs of a record of one RDD and one of the other, a partition for each pair of partitions. */
export function cartesian(parts: number, others: number, location: string): Join {
  if (parts * others === 0) return () => unionNode([])
  const captures = { $parts: parts, $others: others }
  const left = partitionwise(
    {
      fn: (i: number, records: Iterable<unknown>): Part[] => {
        const all = [...records]
        return Array.from({ length: $others }, (_, j) => [i * $others + j, all])
      },
      captures,
      location,
    },
    'index',
    'cartesian',
  )
  const right = partitionwise(
    {
      fn: (j: number, records: Iterable<unknown>): Part[] => {
        const all = [...records]
        return Array.from({ length: $parts }, (_, i) => [i * $others + j, all])
      },
      captures,
      location,
    },
    'index',
    'cartesian',
  )
  const sides = cogroup(parts * others, 'cartesian')
  const pairs = rowwise('flatMap', {
    fn: ([, [[as = []], [bs = []]]]: Sides) => as.flatMap(a => bs.map(b => [a, b])),
    captures: undefined,
    location,
  })
  return (a, b) => pairs(sides(left(a!), right(b!)))
}

/** Pairs of a record and its place among all. Every partition tells those after it how many records it has. */
export function zipWithIndex(parts: number, location: string): Transform {
  if (parts === 0) return node => node
  const told = partitionwise(
    {
      fn: (i: number, records: Iterable<unknown>) => {
        const all = [...records]
        const rows: [number, [size: number, records: unknown[]]][] = [[i, [0, all]]]
        for (let later = i + 1; later < $parts; later++) rows.push([later, [all.length, []]])
        return rows
      },
      captures: { $parts: parts },
      location,
    },
    'index',
    'zipWithIndex',
  )
  const group = groupByKey(parts)
  const numbered = rowwise('flatMap', {
    fn: ([, told]: [number, [size: number, records: unknown[]][]]) => {
      const before = told.reduce((sum, [size]) => sum + size, 0)
      return told.flatMap(([, records]) => records).map((x, k) => [x, before + k])
    },
    captures: undefined,
    location,
  })
  return node => numbered(group(told(node)))
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
        const target = Math.floor(((i + 1) * $parts - 1) / $others)
        for (const record of records) yield [target, record]
      },
      captures: { $parts: parts, $others: before },
      location,
    },
    'index',
    'coalesce',
  )
  const move = partitionBy(parts, undefined)
  return node => values(move(sent(node)))
}
