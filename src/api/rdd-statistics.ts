import { callSite } from '../core/call-site.js'
import { MillraceError } from '../core/errors.js'
import { expect, whole } from '../core/options.js'
import { saveTextFiles } from '../execution/save-text.js'
import type { Captures } from '../functions/captures.js'
import * as operators from '../plan/operators.js'
import { compareValues } from '../plan/ordering.js'
import { firstInOrder } from '../plan/sorting.js'
import {
  type Border,
  type Buckets,
  checkBuckets,
  countInto,
  evenBuckets,
  extremesOfOne,
  extremesOfTwo,
  kindOf,
} from './histogram.js'
import { RDDActions } from './rdd-actions.js'
import { given, givenOrNot, NODE } from './rdd-core.js'
import { type Moments, mergeMoments, momentsOf, NO_MOMENTS, type Stats, statsOf } from './stats.js'
import type { Growing, Grown } from './types.js'

/** The actions that describe the records of an RDD, or pick some of them. */
export abstract class RDDStatistics<T> extends RDDActions<T> {
  /**
   * Count, mean, sum, least, greatest, variance and standard deviation of numbers, in one pass.
   *
   * @throws MILLRACE_VALUE for a record that is no number
   * @example (await sc.parallelize([1, 2, 3]).stats()).mean   // 2
   */
  stats(this: RDDStatistics<number>): Promise<Stats> {
    return this.#described('stats')
  }

  /** The mean of numbers, NaN for none. */
  async mean(this: RDDStatistics<number>): Promise<number> {
    return (await this.#described('mean')).mean
  }

  /** The variance of numbers as a whole population, NaN for none. */
  async variance(this: RDDStatistics<number>): Promise<number> {
    return (await this.#described('variance')).variance
  }

  /** The standard deviation of numbers as a whole population, NaN for none. */
  async stdev(this: RDDStatistics<number>): Promise<number> {
    return (await this.#described('stdev')).stdev
  }

  /** The variance of numbers as a sample: divided by one less than their number, NaN for fewer than two. */
  async sampleVariance(this: RDDStatistics<number>): Promise<number> {
    return (await this.#described('sampleVariance')).sampleVariance
  }

  /** The standard deviation of numbers as a sample, NaN for fewer than two. */
  async sampleStdev(this: RDDStatistics<number>): Promise<number> {
    return (await this.#described('sampleStdev')).sampleStdev
  }

  async #described(name: string): Promise<Stats> {
    const location = callSite(name)
    const numbers = operators.only('number', location)
    const moments = operators.partitionwise({ fn: momentsOf, captures: undefined, location }, undefined, name)
    const parts = await this.records<Moments>(node => moments(numbers(node)))
    return statsOf(parts.reduce(mergeMoments, NO_MOMENTS))
  }

  /**
   * How many records lie in each bucket. Records outside of all, null and NaN are not counted.
   *
   * @param buckets how many buckets of the same width, from the least to the greatest; or their borders, in order, of which
   *   the last belongs to the last bucket: numbers, texts or dates
   * @returns the borders, and the counts
   * @throws MILLRACE_VALUE for a record that is not of the kind of the borders
   * @example await sc.range(51).histogram(2)   // [[0, 25, 50], [25, 26]]
   */
  async histogram<B extends Border>(buckets: number | readonly B[]): Promise<[B[], number[]]> {
    checkBuckets(buckets)
    const location = callSite('histogram')
    const borders = typeof buckets === 'number' ? await this.#evenBuckets(buckets, location) : [...buckets]
    const records = operators.only(kindOf(borders), location)
    const counting = operators.partitionwise(
      { fn: countInto, captures: { $borders: borders }, location },
      undefined,
      'histogram',
    )
    const counts = new Array<number>(borders.length - 1).fill(0)
    for (const part of await this.records<number[]>(node => counting(records(node))))
      for (const [bucket, count] of part.entries()) counts[bucket]! += count
    return [borders as B[], counts]
  }

  async #evenBuckets(count: number, location: string): Promise<Buckets> {
    const known = operators.rowwise('filter', {
      fn: (x: unknown) => x !== null && x !== undefined && !Number.isNaN(x),
      captures: undefined,
      location,
    })
    const both = operators.rowwise('map', { fn: extremesOfOne, captures: undefined, location })
    const extremes = operators.reduce({
      fn: extremesOfTwo,
      captures: { $compare: compareValues },
      location,
    })
    const [found] = await this.records<[unknown, unknown]>(node => extremes(both(known(node))))
    if (found === undefined) throw this.emptyError('can not generate buckets from empty RDD')
    return evenBuckets(count, found[0], found[1])
  }

  /**
   * The `n` greatest records, or those with the greatest keys, the greatest first. Numbers, texts, dates and arrays of these
   * have an order; objects need a key.
   *
   * @example await counts.top(10, ([, count]) => count)
   */
  top(n: number, key?: (record: T) => unknown, captures?: Captures): Promise<T[]> {
    return this.#firstInOrder('top', n, -1, key, captures)
  }

  /** The `n` least records, or those with the least keys, the least first. */
  takeOrdered(n: number, key?: (record: T) => unknown, captures?: Captures): Promise<T[]> {
    return this.#firstInOrder('takeOrdered', n, 1, key, captures)
  }

  async #firstInOrder(
    name: string,
    n: number,
    sign: 1 | -1,
    key: ((record: T) => unknown) | undefined,
    captures: Captures | undefined,
  ): Promise<T[]> {
    if (typeof n === 'number' && n < 0)
      throw new MillraceError('MILLRACE_OPTION', 'top N cannot be negative.')
    whole(n, `the number of records of ${name}`, 0)
    const keyed = givenOrNot(key, captures, name)
    if (n === 0) return []
    const first = await this.records<[unknown, T]>(firstInOrder(n, sign, keyed, callSite(name)))
    try {
      first.sort(([a], [b]) => sign * compareValues(a, b))
    } catch (error) {
      throw new MillraceError('MILLRACE_TASK', `${name}: ${(error as Error).message}`, { cause: error })
    }
    return first.slice(0, n).map(([, record]) => record)
  }

  /** As {@link reduce}. `depth` is for those who come from Spark: results are merged next to each other here anyway. */
  async treeReduce(fn: (a: T, b: T) => T, depth = 2, captures?: Captures): Promise<T> {
    checkDepth(depth)
    const results = await this.records<T>(operators.reduce(given(fn, captures, 'treeReduce')))
    if (results.length === 0) throw this.emptyError('Cannot reduce empty RDD')
    return results[0] as T
  }

  /** As {@link aggregate}; for `depth` see {@link treeReduce}. */
  async treeAggregate<const Z>(
    zero: Z,
    seq: (acc: Grown<Z>, record: T) => Growing<Z>,
    comb: (a: Grown<Z>, b: Grown<Z>) => Growing<Z>,
    depth = 2,
    captures?: Captures,
  ): Promise<Grown<Z>> {
    checkDepth(depth)
    return this.aggregate<Z>(zero, seq, comb, captures)
  }

  /** Writes a directory of files with one JSON text a line for each record; otherwise as {@link saveAsTextFile}. */
  saveAsJSONFile(path: string): Promise<void> {
    return saveTextFiles(this.engine, this[NODE], path, 'json', 'fail')
  }
}

function checkDepth(depth: number): void {
  expect(typeof depth === 'number', 'a number', 'the depth', depth)
  if (!(depth >= 1))
    throw new MillraceError('MILLRACE_OPTION', `Depth cannot be smaller than 1 but got ${depth}.`)
}
