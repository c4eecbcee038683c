import { expect } from '../core/options.js'
import type { Captures } from '../functions/captures.js'
import { type Node, unionNode } from '../plan/nodes.js'
import * as operators from '../plan/operators.js'
import { expectOwn, given, givenOrNot, NODE, positive } from './rdd-core.js'
import { RDDJoins } from './rdd-joins.js'
import type { Growing, Grown, KeyOf, Pair, ValueOf, Widen } from './types.js'

/**
 * A resilient distributed dataset: lazy, immutable, cut into partitions. Transformations return an RDD and do nothing
 * yet; actions run a job and return a promise.
 *
 * Functions run on worker threads. They may use what is global; any other outside name is handed over as the
 * operator's last argument: `rdd.filter(x => x > limit, { limit })`.
 *
 * @example
 * const counts = await sc.textFile('data.txt')
 *   .flatMap(l => l.split(' ')).map(w => [w, 1]).reduceByKey((a, b) => a + b).collect()
 */
export class RDD<T> extends RDDJoins<T> {
  protected derive<U>(node: Node): RDD<U> {
    return new RDD<U>(this.context, node)
  }

  /** One record for each. @example rdd.map(x => x * 2) */
  map<const U>(fn: (record: T) => U, captures?: Captures): RDD<Widen<U>> {
    return this.derive(operators.rowwise('map', given(fn, captures, 'map'))(this[NODE]))
  }

  /**
   * Any number of records for each: the items of what the function returns. All items of one record are made before the first is
   * used; a generator given to {@link mapPartitions} makes one at a time.
   *
   * @example lines.flatMap(l => l.split(' '))
   */
  flatMap<const U>(fn: (record: T) => Iterable<U>, captures?: Captures): RDD<Widen<U>> {
    return this.derive(operators.rowwise('flatMap', given(fn, captures, 'flatMap'))(this[NODE]))
  }

  /** The records for which the function is true, or truthy. @example rdd.filter(x => x > 0) */
  filter<S extends T>(fn: (record: T) => record is S, captures?: Captures): RDD<S>
  filter(fn: (record: T) => unknown, captures?: Captures): RDD<T>
  filter(fn: (record: T) => unknown, captures?: Captures): RDD<T> {
    return this.derive(operators.rowwise('filter', given(fn, captures, 'filter'))(this[NODE]))
  }

  /** What the function makes of each partition: it is given an iterator, and returns an iterable of records. */
  mapPartitions<const U>(
    fn: (records: IterableIterator<T>) => Iterable<U>,
    captures?: Captures,
  ): RDD<Widen<U>> {
    return this.derive(operators.partitionwise(given(fn, captures, 'mapPartitions'), undefined)(this[NODE]))
  }

  /** As {@link mapPartitions}, with the partition's number first. */
  mapPartitionsWithIndex<const U>(
    fn: (index: number, records: IterableIterator<T>) => Iterable<U>,
    captures?: Captures,
  ): RDD<Widen<U>> {
    return this.derive(
      operators.partitionwise(given(fn, captures, 'mapPartitionsWithIndex'), 'index')(this[NODE]),
    )
  }

  /** One record for each partition: an array of all its records. */
  glom(): RDD<T[]> {
    return this.derive(operators.glom(this[NODE]))
  }

  /** The records of both, those of `other` last; duplicates stay. */
  union(other: RDD<T>): RDD<T> {
    expect(other instanceof RDD, 'an RDD', 'the argument of union', other)
    expectOwn(this.context, other, 'union')
    return this.derive(unionNode([this[NODE], other[NODE]]))
  }

  /** Every record once. */
  distinct(numPartitions?: number): RDD<T> {
    return this.derive(operators.distinct(this.partitions(numPartitions))(this[NODE]))
  }

  /** The same records in exactly `numPartitions` partitions, spread evenly. */
  repartition(numPartitions: number): RDD<T> {
    return this.derive(operators.repartition(positive(numPartitions))(this[NODE]))
  }

  /** Pairs of what the function gives and the record. @example users.keyBy(u => u.country) */
  keyBy<const K>(fn: (record: T) => K, captures?: Captures): RDD<[Widen<K>, T]> {
    return this.derive(operators.rowwise('keyBy', given(fn, captures, 'keyBy'))(this[NODE]))
  }

  // ---- on pairs

  /** The keys of pairs. */
  keys(this: RDD<Pair<T>>): RDD<KeyOf<T>> {
    return this.derive(operators.keys(this[NODE]))
  }

  /** The values of pairs. */
  values(this: RDD<Pair<T>>): RDD<ValueOf<T>> {
    return this.derive(operators.values(this[NODE]))
  }

  /** Pairs with the same keys and other values. */
  mapValues<const U>(
    this: RDD<Pair<T>>,
    fn: (value: ValueOf<T>) => U,
    captures?: Captures,
  ): RDD<[KeyOf<T>, Widen<U>]> {
    return this.derive(operators.rowwise('mapValues', given(fn, captures, 'mapValues'))(this[NODE]))
  }

  /** For each pair, a pair with its key for each item of what the function returns. */
  flatMapValues<const U>(
    this: RDD<Pair<T>>,
    fn: (value: ValueOf<T>) => Iterable<U>,
    captures?: Captures,
  ): RDD<[KeyOf<T>, Widen<U>]> {
    return this.derive(operators.rowwise('flatMapValues', given(fn, captures, 'flatMapValues'))(this[NODE]))
  }

  /**
   * One pair for each key, its values reduced two at a time. The function must be associative: values are reduced in each
   * partition first.
   *
   * @param numPartitions of the result; default `defaultParallelism`
   * @example words.map(w => [w, 1]).reduceByKey((a, b) => a + b)
   */
  reduceByKey(
    this: RDD<Pair<T>>,
    fn: (a: ValueOf<T>, b: ValueOf<T>) => ValueOf<T>,
    numPartitions?: number,
    captures?: Captures,
  ): RDD<[KeyOf<T>, ValueOf<T>]> {
    return this.derive(
      operators.reduceByKey(given(fn, captures, 'reduceByKey'), this.partitions(numPartitions))(this[NODE]),
    )
  }

  /** One pair for each key, with all its values as an array, in their order. */
  groupByKey(this: RDD<Pair<T>>, numPartitions?: number): RDD<[KeyOf<T>, ValueOf<T>[]]> {
    return this.derive(operators.groupByKey(this.partitions(numPartitions))(this[NODE]))
  }

  /**
   * One pair for each key, its values combined into a result of another type.
   *
   * @param create makes a key's first value into a result
   * @param mergeValue adds a value to a result
   * @param mergeCombiners adds one partition's result to another's
   */
  combineByKey<const Z>(
    this: RDD<Pair<T>>,
    create: (value: ValueOf<T>) => Z,
    mergeValue: (acc: Grown<Z>, value: ValueOf<T>) => Growing<Z>,
    mergeCombiners: (a: Grown<Z>, b: Grown<Z>) => Growing<Z>,
    numPartitions?: number,
    captures?: Captures,
  ): RDD<[KeyOf<T>, Grown<Z>]> {
    const at = (fn: unknown): operators.Given => given(fn, captures, 'combineByKey')
    return this.derive(
      operators.combineByKey(
        at(create),
        at(mergeValue),
        at(mergeCombiners),
        this.partitions(numPartitions),
      )(this[NODE]),
    )
  }

  /**
   * The same pairs, all of a key in one partition.
   *
   * @param partitionFunc a whole number for each key, taken modulo `numPartitions`; default: whole numbers go by their
   *   value, other keys by a hash
   */
  partitionBy(
    this: RDD<Pair<T>>,
    numPartitions?: number,
    partitionFunc?: (key: KeyOf<T>) => number,
    captures?: Captures,
  ): RDD<[KeyOf<T>, ValueOf<T>]> {
    const partitioner = givenOrNot(partitionFunc, captures, 'partitionBy')
    return this.derive(operators.partitionBy(this.partitions(numPartitions), partitioner)(this[NODE]))
  }
}
