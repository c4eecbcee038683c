import { callSite } from '../core/call-site.js'
import { expect } from '../core/options.js'
import { countRecords, firstRecords } from '../execution/actions.js'
import { localRecords } from '../execution/local-records.js'
import { saveTextFiles } from '../execution/save-text.js'
import type { Captures } from '../functions/captures.js'
import { readFunction } from '../functions/user-function.js'
import { greatestOf, leastOf, type OfTwo } from '../plan/extremes.js'
import * as operators from '../plan/operators.js'
import { compareValues } from '../plan/ordering.js'
import { pairMap } from './pair-map.js'
import { given, givenOrNot, NODE, RDDCore } from './rdd-core.js'
import type { Growing, Grown, KeyOf, Pair, ValueOf } from './types.js'

/** Partitions of what becomes a Map: in one, keys are in the order in which they first occur. */
export const IN_ORDER = 1

/** The actions: what runs a job and gives a promise of its result. */
export abstract class RDDActions<T> extends RDDCore<T> {
  /**
   * All records, in the order of the partitions.
   *
   * @example await sc.parallelize([1, 2, 3]).map(x => x * 2).collect()   // [2, 4, 6]
   */
  collect(): Promise<T[]> {
    return this.records<T>()
  }

  /**
   * The first `n` records; none, if `n` is not positive. Functions are called for few more than it takes to find them.
   */
  async take(n: number): Promise<T[]> {
    expect(Number.isSafeInteger(n), 'a whole number', 'the number of records of take', n)
    return n <= 0 ? [] : firstRecords<T>(this.engine, this[NODE], n)
  }

  /** The first record. @throws MILLRACE_EMPTY if there is none */
  async first(): Promise<T> {
    const records = await firstRecords<T>(this.engine, this[NODE], 1)
    if (records.length === 0) throw this.emptyError('RDD is empty')
    return records[0]!
  }

  /** True if there is no record. */
  async isEmpty(): Promise<boolean> {
    return (await firstRecords(this.engine, this[NODE], 1)).length === 0
  }

  /** The number of records. */
  count(): Promise<number> {
    return countRecords(this.engine, this[NODE])
  }

  /**
   * All records as one, two at a time, in order. The function must be associative: partitions are reduced first, then
   * their results.
   *
   * @throws MILLRACE_EMPTY for an empty RDD
   * @example await sc.parallelize([1, 2, 3]).reduce((a, b) => a + b)   // 6
   */
  async reduce(fn: (a: T, b: T) => T, captures?: Captures): Promise<T> {
    const results = await this.records<T>(operators.reduce(given(fn, captures, 'reduce')))
    if (results.length === 0) throw this.emptyError('Can not reduce() empty RDD')
    return results[0] as T
  }

  /** As {@link reduce}, beginning with `zero` in each partition and once more when their results are merged. */
  async fold(zero: T, fn: (a: T, b: T) => T, captures?: Captures): Promise<T> {
    const g = given(fn, captures, 'fold')
    return (await this.records<T>(operators.aggregate(zero, g, g, 'fold')))[0] as T
  }

  /**
   * Like {@link fold} with a result of another type.
   *
   * @param zero where each partition begins, and the merge of their results
   * @param seq adds a record to a result
   * @param comb adds one partition's result to another's
   * @example await rdd.aggregate([0, 0], ([s, n], x) => [s + x, n + 1], ([s, n], [t, m]) => [s + t, n + m])
   */
  async aggregate<const Z>(
    zero: Z,
    seq: (acc: Grown<Z>, record: T) => Growing<Z>,
    comb: (a: Grown<Z>, b: Grown<Z>) => Growing<Z>,
    captures?: Captures,
  ): Promise<Grown<Z>> {
    return (
      await this.records<Grown<Z>>(
        operators.aggregate(
          zero,
          given(seq, captures, 'aggregate'),
          given(comb, captures, 'aggregate'),
          'aggregate',
        ),
      )
    )[0] as Grown<Z>
  }

  /**
   * The sum of numbers, 0 for none. false and true count as 0 and 1, here and wherever numbers are asked for.
   *
   * @throws MILLRACE_VALUE for a record that is no number
   */
  async sum(this: RDDActions<number>): Promise<number> {
    return (await this.records<number>(operators.sum(callSite('sum'))))[0]!
  }

  /**
   * The least record, or the one whose `key` is least, in the order of {@link RDD.sortBy}.
   *
   * @throws MILLRACE_EMPTY for an empty RDD; MILLRACE_VALUE for records that have no order, such as objects
   */
  min(key?: (record: T) => unknown, captures?: Captures): Promise<T> {
    return this.#extreme('min', leastOf, key, captures)
  }

  /** The greatest record, or the one whose `key` is greatest; otherwise as {@link min}. */
  max(key?: (record: T) => unknown, captures?: Captures): Promise<T> {
    return this.#extreme('max', greatestOf, key, captures)
  }

  /** How often each record occurs, in the order in which they first occur. */
  async countByValue(): Promise<Map<T, number>> {
    return new Map(
      await this.records<[T, number]>(operators.countByValue(IN_ORDER, callSite('countByValue'))),
    )
  }

  /** How many records each key has, in the order in which they first occur. */
  async countByKey(this: RDDActions<Pair<T>>): Promise<Map<KeyOf<T>, number>> {
    const counts = operators.countByKey(IN_ORDER, callSite('countByKey'))
    return new Map(await this.records<[KeyOf<T>, number]>(counts))
  }

  /** Pairs as a Map; of several values of a key, the last. */
  async collectAsMap(this: RDDActions<Pair<T>>): Promise<Map<KeyOf<T>, ValueOf<T>>> {
    return pairMap<KeyOf<T>, ValueOf<T>>(await this.records(), 'collectAsMap')
  }

  /** Calls a function for each record, on the workers: for accumulators and other effects. */
  async foreach(fn: (record: T) => void, captures?: Captures): Promise<void> {
    const { fn: f, location } = given(fn, captures, 'foreach')
    ;(
      await this.engine.run(this[NODE], {
        kind: 'foreach',
        label: 'foreach',
        fn: readFunction(f, captures, location),
      })
    ).release()
  }

  /**
   * Calls a function once for each partition, on the workers, with an iterator over its records. The function may be
   * async: a connection is opened once for many records, and what it writes is awaited.
   */
  async foreachPartition(
    fn: (records: IterableIterator<T>) => void | Promise<void>,
    captures?: Captures,
  ): Promise<void> {
    const { fn: f, location } = given(fn, captures, 'foreachPartition')
    ;(
      await this.engine.run(this[NODE], {
        kind: 'foreachPartition',
        label: 'foreachPartition',
        fn: readFunction(f, captures, location, 'awaited'),
      })
    ).release()
  }

  /**
   * Writes a directory with one text file a partition (`part-00000`, …), a line for each record as PySpark's `str` would
   * put it, and `_SUCCESS`. The directory appears at once, when everything in it is on the disk.
   *
   * @throws MILLRACE_OUTPUT if the directory exists or cannot be written
   */
  saveAsTextFile(path: string): Promise<void> {
    return saveTextFiles(this.engine, this[NODE], path, 'text', 'fail')
  }

  /**
   * The records one by one, as an async iterable. A partition is computed when its turn comes, and stays in the shared heap
   * until it has been read, so that an RDD of any size can be gone through, and none is computed that is not asked for. What
   * is behind an exchange (a sort, a join, what goes by key) is computed at once, as every part of it needs all records.
   *
   * @example for await (const record of rdd.toLocalIterator()) …
   */
  toLocalIterator(): AsyncGenerator<T, void, undefined> {
    return localRecords<T>(this.engine, this[NODE])
  }

  async #extreme(
    name: string,
    ofTwo: OfTwo,
    key: ((record: T) => unknown) | undefined,
    captures: Captures | undefined,
  ): Promise<T> {
    const location = callSite(name)
    const plain = operators.reduce(
      { fn: ofTwo.any, captures: { $compare: compareValues }, location },
      ofTwo.numbers,
    )
    const ordered = operators.only('ordered', location)
    const users = givenOrNot(key, captures, name)
    const keyBy = users && operators.rowwise('keyBy', users)
    const byKey = operators.reduce({ fn: ofTwo.keyed, captures: { $compare: compareValues }, location })
    const results = await this.records<T>(
      keyBy === undefined ? node => plain(ordered(node)) : node => operators.values(byKey(keyBy(node))),
    )
    if (results.length === 0) throw this.emptyError('Can not reduce() empty RDD')
    return results[0] as T
  }
}
