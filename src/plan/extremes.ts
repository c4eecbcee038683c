import type { compareValues } from './ordering.js'

/** A name that functions below get as a capture. */
declare const $compare: typeof compareValues

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
