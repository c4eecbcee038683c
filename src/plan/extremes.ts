import { type Given, partitionwise, rowwise, type Transform } from './operators.js'
import { compareValues } from './ordering.js'

/** Names that functions below get as captures. */
declare const $n: number
declare const $sign: number
declare const $compare: typeof compareValues

/**
 * The `n` records of each partition that come first in the order of their keys, as pairs of key and record, in that order;
 * of equal ones those that come first.
 *
 * @param sign 1 for the least, -1 for the greatest
 */
export function firstInOrder(n: number, sign: 1 | -1, key: Given | undefined, location: string): Transform {
  const keyed =
    key === undefined
      ? rowwise('keyBy', { fn: (record: unknown) => record, captures: undefined, location })
      : rowwise('keyBy', key)
  const first = partitionwise(
    {
      fn: (pairs: Iterable<[key: unknown, record: unknown]>) => {
        let kept: [unknown, unknown][] = []
        const shorten = (): void => {
          kept.sort(([a], [b]) => $sign * $compare(a, b))
          kept = kept.slice(0, $n)
        }
        for (const pair of pairs) {
          kept.push(pair)
          if (kept.length >= 2 * $n + 1000) shorten()
        }
        shorten()
        return kept
      },
      captures: { $n: n, $sign: sign, $compare: compareValues },
      location,
    },
    undefined,
    'top',
  )
  return node => first(keyed(node))
}

/** Of two records, or of two pairs of a key and a record, the one that min or max gives; the first if they are equal. */
export interface OfTwo {
  any: (a: unknown, b: unknown) => unknown
  /** The same for numbers. */
  numbers: (a: number, b: number) => number
  keyed: (a: [key: unknown, record: unknown], b: [key: unknown, record: unknown]) => unknown
}

export const leastOf: OfTwo = {
  any: (a, b) => ((typeof a === 'number' && typeof b === 'number' ? b < a : $compare(b, a) < 0) ? b : a),
  numbers: (a, b) => (b < a ? b : a),
  keyed: (a, b) => {
    const [j, k] = [a[0], b[0]]
    return (typeof j === 'number' && typeof k === 'number' ? k < j : $compare(k, j) < 0) ? b : a
  },
}

export const greatestOf: OfTwo = {
  any: (a, b) => ((typeof a === 'number' && typeof b === 'number' ? b > a : $compare(b, a) > 0) ? b : a),
  numbers: (a, b) => (b > a ? b : a),
  keyed: (a, b) => {
    const [j, k] = [a[0], b[0]]
    return (typeof j === 'number' && typeof k === 'number' ? k > j : $compare(k, j) > 0) ? b : a
  },
}
