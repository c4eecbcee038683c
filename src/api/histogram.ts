import { MillraceError } from '../core/errors.js'
import { whole } from '../core/options.js'
import type { Check } from '../functions/meaning.js'
import { compareValues } from '../plan/ordering.js'

/** Borders of buckets; the last bucket has its upper border too. */
export type Border = number | string | Date
export type Buckets = readonly Border[]

/** More buckets are a mistake. */
const MOST = 100_000

const refuse = (text: string): never => {
  throw new MillraceError('MILLRACE_OPTION', text)
}

/** @throws MILLRACE_OPTION, in Spark's words */
export function checkBuckets(buckets: number | Buckets): void {
  if (typeof buckets === 'number') {
    if (Number.isInteger(buckets) && buckets < 1) refuse('number of buckets must be >= 1')
    whole(buckets, 'the number of buckets', 1, MOST)
    return
  }
  if (!Array.isArray(buckets)) refuse('buckets should be a list or tuple or number(int or long)')
  const list = buckets as Buckets
  if (list.length < 2) refuse('buckets should have more than one value')
  if (list.some(b => b === null || b === undefined || Number.isNaN(b)))
    refuse('can not have None or NaN in buckets')
  if (new Set(list.map(b => typeof b)).size > 1) refuse('buckets should be of one type')
  const [first] = list as readonly unknown[]
  if (typeof first !== 'number' && typeof first !== 'string' && !(first instanceof Date))
    refuse('buckets should be numbers, texts or dates')
  if (list.some((b, i) => i > 0 && b < list[i - 1]!)) refuse('buckets should be sorted')
  // Two dates are two objects, also if they are equal.
  if (list.some((b, i) => i > 0 && !(b > list[i - 1]!)))
    refuse('buckets should not contain duplicated values')
}

/** So many buckets of the same width; one takes all, whatever they are. */
export function evenBuckets(count: number, min: unknown, max: unknown): Border[] {
  if (count === 1 || compareValues(min, max) === 0) return [min, max] as Border[]
  if (typeof min !== 'number' || typeof max !== 'number')
    return refuse('Can not generate buckets with non-number in RDD')
  const width = (max - min) / count
  // Also of finite numbers that are too far apart for a number to tell the distance.
  if (!Number.isFinite(width)) return refuse('Can not generate buckets with infinite value')
  return [...Array.from({ length: count }, (_, i) => min + i * width), max]
}

/** What records are counted into buckets with such borders. */
export const kindOf = ([first]: readonly unknown[]): Check =>
  typeof first === 'string'
    ? 'text or nothing'
    : first instanceof Date
      ? 'date or nothing'
      : 'number or nothing'

type Extremes = [least: unknown, greatest: unknown]

/** A record as the least and the greatest so far; false and true are 0 and 1. */
export const extremesOfOne = (x: unknown): Extremes =>
  typeof x === 'boolean' ? [Number(x), Number(x)] : [x, x]

declare const $compare: (a: unknown, b: unknown) => number
export const extremesOfTwo = ([a, b]: Extremes, [c, d]: Extremes): Extremes => [
  $compare(c, a) < 0 ? c : a,
  $compare(d, b) > 0 ? d : b,
]

/** Counts the records of a partition; runs on a worker, with the borders and their width, if it is even, handed over. */
declare const $borders: Border[]
export const countInto = (records: Iterable<unknown>): number[][] => {
  const last = $borders.length - 2
  const counts = new Array<number>(last + 1).fill(0)
  const [low, high] = [$borders[0]!, $borders[last + 1]!]
  for (const record of records) {
    if (record === null || record === undefined) continue
    const x = record as number
    if (!(x >= (low as number) && x <= (high as number))) continue
    let [from, to] = [0, last]
    while (from < to) {
      const middle = (from + to + 1) >> 1
      if (x < ($borders[middle] as number)) to = middle - 1
      else from = middle
    }
    counts[from]!++
  }
  return [counts]
}
