import type { Action } from './actions.js'
import { PARTITIONS } from './actions.js'
import { programs } from './program.js'
import { type Property, property } from './prove.js'
import { sameAsReference } from './same.js'
import { ALL_STEPS, type Step } from './steps.js'

/** For programs that end in records of another kind. */
const COLLECT: Action = ['any', r => r.collect()]

/** NaN has no place in an order. */
// biome-ignore lint/suspicious/noExplicitAny: the library's or the reference's
const ordered = (r: any): any => r.filter((x: number) => x === x)
// biome-ignore lint/suspicious/noExplicitAny: as above
const small = (r: any): any => r.map((x: number) => x | 0)

/** What sorts; where the result is cut is the library's choice, so that only its order is compared. */
const SORTS: Action[] = [
  COLLECT,
  [
    'number',
    r =>
      ordered(r)
        .sortBy((x: number) => x, true, 3)
        .collect(),
  ],
  [
    'number',
    r =>
      ordered(r)
        .sortBy((x: number) => -x, false, 4)
        .collect(),
  ],
  [
    'number',
    r =>
      ordered(r)
        .sortBy((x: number) => `${x}`, false, 2)
        .collect(),
  ],
  ['text', r => r.sortBy((s: string) => s.length, false, 5).collect()],
  ['text', r => r.sortBy((s: string) => [s.length, s], true, 3).collect()],
  [
    'text',
    r =>
      r
        .map((s: string) => [s, s.length])
        .sortByKey(true, 2)
        .collect(),
  ],
  [
    'number',
    r =>
      ordered(r)
        .map((x: number) => [x, 1])
        .sortByKey(false, 3)
        .collect(),
  ],
  [
    'number',
    r =>
      r
        .map((x: number) => [x, 1])
        .sortByKey(true, 1, (x: number) => `${x}`)
        .collect(),
  ],
]

const PLACES: Step[] = [
  ['any', 'any', r => r.zipWithIndex()],
  ['any', 'any', r => r.zipWithUniqueId()],
  ['any', 'any', (r, _, again) => r.zip(again.map((x: unknown) => typeof x))],
  ['number', 'any', r => r.cartesian(r.filter((x: number) => x > 2))],
  ['any', 'any', (r, n) => r.coalesce(n)],
  ['number', 'pair', (r, n) => r.map((x: number) => [x | 0, x]).repartitionAndSortWithinPartitions(n)],
  [
    'number',
    'pair',
    (r, n) =>
      r
        .map((x: number) => [x | 0, x])
        .repartitionAndSortWithinPartitions(
          n,
          (x: number) => Math.abs(x % 5),
          false,
          (x: number) => x % 3,
        ),
  ],
]

const FIRSTS: Action[] = [
  COLLECT,
  ['number', r => ordered(r).top(3)],
  ['number', r => ordered(r).takeOrdered(3)],
  ['number', r => ordered(r).top(2, (x: number) => -Math.abs(x))],
  ['text', r => r.top(4, (s: string) => s.length)],
  ['text', r => r.takeOrdered(4, (s: string) => s.length)],
  ['text', r => r.takeOrdered(0)],
]

/** Of sums whose order is not said, as many digits as do not depend on it. */
const digits = async (x: unknown): Promise<string> => Number(await x).toPrecision(9)
const BOUNDS = [-(2 ** 31), -7, 0, 0.5, 3, 100]
const STATISTICS: Action[] = [
  COLLECT,
  ['number', r => digits(small(r).sum())],
  ['number', r => digits(small(r).mean())],
  ['number', r => digits(small(r).variance())],
  ['number', r => digits(small(r).stdev())],
  ['number', r => digits(small(r).sampleVariance())],
  ['number', r => digits(small(r).sampleStdev())],
  ['number', r => ordered(r).histogram(BOUNDS)],
]

const LOOKUPS: Action[] = [
  COLLECT,
  ['pair', r => r.lookup(1)],
  ['pair', r => r.lookup('a')],
  ['pair', r => r.collectAsMap()],
  ['pair', r => r.reduceByKeyLocally((a: number, b: number) => a + b)],
]

const holds = (name: string, steps: Step[], actions: Action[]): Property =>
  property(name, programs(['number', 'text', 'pair'], steps, actions), (program, { sc }) =>
    sameAsReference(sc, program),
  )

/** What looks at the order of records. */
export const ORDER_PROPERTIES: Property[] = [
  holds('sorting is stable, up and down', ALL_STEPS, SORTS),
  holds('the greatest and the least', ALL_STEPS, FIRSTS),
  holds('zips, products and sorted partitions', PLACES, [PARTITIONS]),
]

/** What looks at all numbers, or at the values of a key. */
export const STATISTICS_PROPERTIES: Property[] = [
  holds('statistics', ALL_STEPS, STATISTICS),
  holds('values of a key', ALL_STEPS, LOOKUPS),
]
