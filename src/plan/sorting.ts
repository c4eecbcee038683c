import { type Given, partitionBy, partitionwise, rowwise, type Transform } from './operators.js'
import { compareValues } from './ordering.js'

/**
 * Sorting by ranges: from a sample of the keys come bounds, each record goes to the partition between two of them, and each
 * partition is sorted. Records are pairs of what they are sorted by and the record. Equal ones keep their order.
 */
declare const $bounds: unknown[]
declare const $sign: number
declare const $most: number
declare const $compare: typeof compareValues

/** 1 for ascending order, -1 for descending. */
export type Sign = 1 | -1

/** A key of the sample, and how many records it stands for. */
export type Sampled = [key: unknown, records: number]

export function keyed(key: Given): Transform {
  return rowwise('keyBy', key)
}

/** Up to `2 * most` keys of each partition, evenly spread. */
export function sampled(most: number, location: string): Transform {
  return partitionwise(
    {
      fn: (pairs: Iterable<[key: unknown, record: unknown]>): Sampled[] => {
        let kept: unknown[] = []
        let step = 1
        let i = 0
        for (const [key] of pairs) {
          if (i++ % step !== 0) continue
          $compare(key, key) // fails for what has no order
          kept.push(key)
          if (kept.length < 2 * $most) continue
          kept = kept.filter((_, k) => k % 2 === 0)
          step *= 2
        }
        return kept.map(key => [key, step])
      },
      captures: { $most: most, $compare: compareValues },
      location,
    },
    undefined,
    'sortBy',
  )
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
export function toRanges(bounds: unknown[], parts: number, sign: Sign, location: string): Transform {
  return partitionBy(
    parts,
    {
      fn: (key: unknown) => {
        let [low, high] = [0, $bounds.length]
        while (low < high) {
          const middle = (low + high) >> 1
          if ($sign * $compare(key, $bounds[middle]) > 0) low = middle + 1
          else high = middle
        }
        return low
      },
      captures: { $bounds: bounds, $sign: sign, $compare: compareValues },
      location,
    },
    'ranges',
  )
}

/** Each partition in the order of its keys; the records only. */
export function sortedPartitions(sign: Sign, location: string): Transform {
  return partitionwise(
    {
      fn: (pairs: Iterable<[key: unknown, record: unknown]>) =>
        [...pairs].sort(([a], [b]) => $sign * $compare(a, b)).map(([, record]) => record),
      captures: { $sign: sign, $compare: compareValues },
      location,
    },
    undefined,
    'sortBy',
  )
}
