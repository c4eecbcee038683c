import { callSite } from '../core/call-site.js'
import { expect } from '../core/options.js'
import type { Captures } from '../functions/captures.js'
import * as operators from '../plan/operators.js'
import { DriverStream, type Stream, TransformedStream, UnionStream } from '../streaming/stream.js'
import { DStreamEventTime } from './dstream-event-time.js'
import { expectStream, STREAM } from './dstream-outputs.js'
import { RDD } from './rdd.js'
import { expectOwn, given, givenOrNot, NODE, positive } from './rdd-core.js'
import type { StreamingContext } from './streaming-context.js'
import type { Growing, Grown, KeyOf, Pair, ValueOf, Widen } from './types.js'

/**
 * A discretized stream: an RDD for every batch. Transformations build the graph before the context starts; output
 * operations make it run. Operators mean for each batch what they mean on an {@link RDD}.
 *
 * @example
 * ssc.socketTextStream('localhost', 9999)
 *   .flatMap(l => l.split(' ')).map(w => [w, 1]).reduceByKey((a, b) => a + b).pprint()
 */
export class DStream<T> extends DStreamEventTime<T> {
  protected derive<U>(stream: Stream): DStream<U> {
    return new DStream<U>(this.context, stream)
  }

  // ---- row by row

  /** One record for each. */
  map<const U>(fn: (record: T) => U, captures?: Captures): DStream<Widen<U>> {
    return this.transformed(operators.rowwise('map', given(fn, captures, 'map')))
  }

  /** Any number of records for each: the items of what the function returns. */
  flatMap<const U>(fn: (record: T) => Iterable<U>, captures?: Captures): DStream<Widen<U>> {
    return this.transformed(operators.rowwise('flatMap', given(fn, captures, 'flatMap')))
  }

  /** The records for which the function is true, or truthy. */
  filter<S extends T>(fn: (record: T) => record is S, captures?: Captures): DStream<S>
  filter(fn: (record: T) => unknown, captures?: Captures): DStream<T>
  filter(fn: (record: T) => unknown, captures?: Captures): DStream<T> {
    return this.transformed(operators.rowwise('filter', given(fn, captures, 'filter')))
  }

  /** What the function makes of each partition of each batch: it is given an iterator, and returns an iterable. */
  mapPartitions<const U>(
    fn: (records: IterableIterator<T>) => Iterable<U>,
    captures?: Captures,
  ): DStream<Widen<U>> {
    return this.transformed(operators.partitionwise(given(fn, captures, 'mapPartitions'), undefined))
  }

  /** As {@link mapPartitions}, with the partition's number first. */
  mapPartitionsWithIndex<const U>(
    fn: (index: number, records: IterableIterator<T>) => Iterable<U>,
    captures?: Captures,
  ): DStream<Widen<U>> {
    return this.transformed(operators.partitionwise(given(fn, captures, 'mapPartitionsWithIndex'), 'index'))
  }

  /** One record for each partition: an array of all its records. */
  glom(): DStream<T[]> {
    return this.transformed(operators.glom)
  }

  /** Pairs of what the function gives and the record. */
  keyBy<const K>(fn: (record: T) => K, captures?: Captures): DStream<[Widen<K>, T]> {
    return this.transformed(operators.rowwise('keyBy', given(fn, captures, 'keyBy')))
  }

  // ---- per batch

  /** The same records in exactly `numPartitions` partitions. */
  repartition(numPartitions: number): DStream<T> {
    return this.transformed(operators.repartition(positive(numPartitions)))
  }

  /** One record for each batch that is not empty: all its records reduced, two at a time, in order. */
  reduce(fn: (a: T, b: T) => T, captures?: Captures): DStream<T> {
    return this.transformed(operators.reduce(given(fn, captures, 'reduce')))
  }

  /** One number for each batch: how many records it has. */
  count(): DStream<number> {
    return this.transformed(operators.count)
  }

  /** Pairs of a record and how often it occurs in the batch. */
  countByValue(numPartitions?: number): DStream<[T, number]> {
    return this.transformed(operators.countByValue(this.partitions(numPartitions), callSite('countByValue')))
  }

  /** Every record of a batch once. */
  distinct(numPartitions?: number): DStream<T> {
    return this.transformed(operators.distinct(this.partitions(numPartitions)))
  }

  /** The records of both streams, those of `other` last. */
  union(other: DStream<T>): DStream<T> {
    expectStream(other, 'union')
    return new DStream<T>(this.context, new UnionStream([this[STREAM], other[STREAM]]))
  }

  /**
   * What a function makes of the RDD of each batch. It runs on the driver, as an ordinary closure; it must return an RDD and
   * should only build one, since the next batches wait for it.
   *
   * @example stream.transform((rdd, time) => rdd.map(x => [time, x], { time }))
   */
  transform<U>(fn: (rdd: RDD<T>, time: number) => RDD<U>): DStream<U> {
    expect(typeof fn === 'function', 'a function', 'transform', fn)
    return this.made([this], ([rdd], time) => fn(rdd as RDD<T>, time))
  }

  /** As {@link transform}, with the RDD of another stream. */
  transformWith<V, U>(
    other: DStream<V>,
    fn: (rdd: RDD<T>, other: RDD<V>, time: number) => RDD<U>,
  ): DStream<U> {
    expect(other instanceof DStream, 'a DStream', 'the first argument of transformWith', other)
    expect(typeof fn === 'function', 'a function', 'the second argument of transformWith', fn)
    return this.made([this, other], ([a, b], time) => fn(a as RDD<T>, b as RDD<V>, time))
  }

  // ---- on pairs

  /** The keys of pairs. */
  keys(this: DStream<Pair<T>>): DStream<KeyOf<T>> {
    return this.transformed(operators.keys)
  }

  /** The values of pairs. */
  values(this: DStream<Pair<T>>): DStream<ValueOf<T>> {
    return this.transformed(operators.values)
  }

  /** Pairs with the same keys and other values. */
  mapValues<const U>(
    this: DStream<Pair<T>>,
    fn: (value: ValueOf<T>) => U,
    captures?: Captures,
  ): DStream<[KeyOf<T>, Widen<U>]> {
    return this.transformed(operators.rowwise('mapValues', given(fn, captures, 'mapValues')))
  }

  /** For each pair, a pair with its key for each item of what the function returns. */
  flatMapValues<const U>(
    this: DStream<Pair<T>>,
    fn: (value: ValueOf<T>) => Iterable<U>,
    captures?: Captures,
  ): DStream<[KeyOf<T>, Widen<U>]> {
    return this.transformed(operators.rowwise('flatMapValues', given(fn, captures, 'flatMapValues')))
  }

  /** One pair for each key of a batch, its values reduced two at a time. */
  reduceByKey(
    this: DStream<Pair<T>>,
    fn: (a: ValueOf<T>, b: ValueOf<T>) => ValueOf<T>,
    numPartitions?: number,
    captures?: Captures,
  ): DStream<[KeyOf<T>, ValueOf<T>]> {
    return this.transformed(
      operators.reduceByKey(given(fn, captures, 'reduceByKey'), this.partitions(numPartitions)),
    )
  }

  /** One pair for each key of a batch, with all its values as an array. */
  groupByKey(this: DStream<Pair<T>>, numPartitions?: number): DStream<[KeyOf<T>, ValueOf<T>[]]> {
    return this.transformed(operators.groupByKey(this.partitions(numPartitions)))
  }

  /** One pair for each key of a batch, its values combined into a result of another type. */
  combineByKey<const Z>(
    this: DStream<Pair<T>>,
    create: (value: ValueOf<T>) => Z,
    mergeValue: (acc: Grown<Z>, value: ValueOf<T>) => Growing<Z>,
    mergeCombiners: (a: Grown<Z>, b: Grown<Z>) => Growing<Z>,
    numPartitions?: number,
    captures?: Captures,
  ): DStream<[KeyOf<T>, Grown<Z>]> {
    const at = (fn: unknown): operators.Given => given(fn, captures, 'combineByKey')
    return this.transformed(
      operators.combineByKey(at(create), at(mergeValue), at(mergeCombiners), this.partitions(numPartitions)),
    )
  }

  /** The same pairs, all of a key in one partition. */
  partitionBy(
    this: DStream<Pair<T>>,
    numPartitions?: number,
    partitionFunc?: (key: KeyOf<T>) => number,
    captures?: Captures,
  ): DStream<[KeyOf<T>, ValueOf<T>]> {
    const partitioner = givenOrNot(partitionFunc, captures, 'partitionBy')
    return this.transformed(operators.partitionBy(this.partitions(numPartitions), partitioner))
  }

  private transformed<U>(transform: operators.Transform): DStream<U> {
    return this.derive(new TransformedStream(this[STREAM], transform))
  }

  private made<U>(
    streams: DStream<unknown>[],
    fn: (rdds: RDD<unknown>[], time: number) => RDD<U>,
  ): DStream<U> {
    return this.context.transform(streams, fn)
  }
}

/** What makes a stream out of the RDDs of several. */
export function driverStream<U>(
  context: StreamingContext,
  streams: readonly DStream<unknown>[],
  fn: (rdds: RDD<unknown>[], time: number) => RDD<U>,
): DStream<U> {
  const stream = new DriverStream(
    streams.map(s => s[STREAM]),
    (nodes, time) => {
      const made = fn(
        nodes.map(node => new RDD<unknown>(context.context, node)),
        time,
      )
      expect(
        made === null || made === undefined || made instanceof RDD,
        'an RDD',
        'the result of the function of transform',
        made,
      )
      if (made instanceof RDD) expectOwn(context.context, made, 'the result of transform')
      return made?.[NODE]
    },
  )
  return new DStream<U>(context, stream)
}
