import { callSite } from '../core/call-site.js'
import { MillraceError } from '../core/errors.js'
import { expect, whole } from '../core/options.js'
import { saveTextFiles } from '../execution/save-text.js'
import { type Captures, DRIVER_ONLY } from '../functions/captures.js'
import * as operators from '../plan/operators.js'
import type { QueueInput } from '../streaming/inputs/queue.js'
import { BatchQueue } from '../streaming/outputs/batches.js'
import { pprint, print } from '../streaming/outputs/pprint.js'
import { DriverStream, type Stream, TransformedStream, UnionStream } from '../streaming/stream.js'
import { queued, type RDDOrItems } from './queued.js'
import { RDD } from './rdd.js'
import { expectOwn, given, NODE } from './rdd-core.js'
import type { StreamingContext } from './streaming-context.js'
import type { KeyOf, Pair, ValueOf, Widen } from './types.js'

/** The stream behind a DStream, for the classes of this folder. */
export const STREAM: unique symbol = Symbol('stream')

/** One batch of a stream. */
export interface StreamBatch<T> {
  /** Epoch milliseconds: the end of the batch's interval. */
  time: number
  rdd: RDD<T>
}

/**
 * A discretized stream: an RDD for every batch. Transformations build the graph before the context starts; output
 * operations make it run. Operators mean for each batch what they mean on an {@link RDD}.
 *
 * @example
 * ssc.socketTextStream('localhost', 9999)
 *   .flatMap(l => l.split(' ')).map(w => [w, 1]).reduceByKey((a, b) => a + b).pprint()
 */
export class DStream<T> {
  readonly context: StreamingContext
  readonly [STREAM]: Stream
  declare readonly [DRIVER_ONLY]: 'DStream'
  /** Only in the type: a DStream<A> is a DStream<B> if A is a B. */
  declare protected readonly recordType: T

  constructor(context: StreamingContext, stream: Stream) {
    this.context = context
    this[STREAM] = stream
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
    return this.transformed(operators.partitionwise(given(fn, captures, 'mapPartitions'), false))
  }

  /** As {@link mapPartitions}, with the partition's number first. */
  mapPartitionsWithIndex<const U>(
    fn: (index: number, records: IterableIterator<T>) => Iterable<U>,
    captures?: Captures,
  ): DStream<Widen<U>> {
    return this.transformed(operators.partitionwise(given(fn, captures, 'mapPartitionsWithIndex'), true))
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
    return this.transformed(
      operators.repartition(whole(numPartitions, 'the number of partitions', 1, 100_000)),
    )
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
    expect(other instanceof DStream, 'a DStream', 'union', other)
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
  combineByKey<C>(
    this: DStream<Pair<T>>,
    create: (value: ValueOf<T>) => C,
    mergeValue: (acc: C, value: ValueOf<T>) => C,
    mergeCombiners: (a: C, b: C) => C,
    numPartitions?: number,
    captures?: Captures,
  ): DStream<[KeyOf<T>, C]> {
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
    const partitioner = partitionFunc && given(partitionFunc, captures, 'partitionBy')
    return this.transformed(operators.partitionBy(this.partitions(numPartitions), partitioner))
  }

  // ---- output operations

  /** Prints the first `num` records of each batch, as PySpark prints them. */
  pprint(num = 10): void {
    whole(num, 'the number of records of pprint', 0)
    this.output('pprint', (rdd, time) => pprint(this[STREAM].graph.engine, rdd[NODE], time, num))
  }

  /** Prints the first `num` records of each batch, as Node's console shows values. */
  print(num = 10): void {
    whole(num, 'the number of records of print', 0)
    this.output('print', (rdd, time) => print(this[STREAM].graph.engine, rdd[NODE], time, num))
  }

  /**
   * Saves each batch as a directory of text files, `prefix-TIME` or `prefix-TIME.suffix` with the batch time in milliseconds.
   * Each directory appears at once, complete and on the disk; one that is there already stays.
   */
  saveAsTextFiles(prefix: string, suffix?: string): void {
    expect(
      typeof prefix === 'string' && prefix !== '',
      'a path that is not empty',
      'the prefix of saveAsTextFiles',
      prefix,
    )
    this.output('saveAsTextFiles', (rdd, time) =>
      saveTextFiles(
        this[STREAM].graph.engine,
        rdd[NODE],
        `${prefix}-${time}${suffix ? `.${suffix}` : ''}`,
        'text',
        'keep',
      ),
    )
  }

  /**
   * Calls a function with the RDD of each batch, also of an empty one. It runs on the driver, as an ordinary closure; the
   * batch waits for the promise it returns.
   *
   * @example stream.foreachRDD(async (rdd, time) => console.log(time, await rdd.count()))
   */
  foreachRDD(fn: (rdd: RDD<T>, time: number) => void | Promise<void>): void {
    expect(typeof fn === 'function', 'a function', 'foreachRDD', fn)
    this.output('foreachRDD', fn)
  }

  /**
   * The batches as an async iterable. A batch waits until the loop's body is done with it and asks for the next; leaving the
   * loop ends the waiting. Call it before the context starts.
   *
   * @example for await (const { time, rdd } of counts.batches()) console.log(time, await rdd.collect())
   */
  batches(): AsyncIterable<StreamBatch<T>> {
    const queue = new BatchQueue<StreamBatch<T>>(this[STREAM].graph)
    this.output(
      'batches',
      (rdd, time) => queue.offer({ time, rdd }),
      () => queue.close(),
    )
    return queue
  }

  // ---- housekeeping

  /** Keeps the records of each batch in the shared heap, so that several outputs compute them once. */
  persist(): this {
    if (this[STREAM].graph.phase !== 'building') {
      throw new MillraceError(
        'MILLRACE_STATE',
        'Cannot change storage level of an DStream after streaming context has started',
      )
    }
    this[STREAM].persisted = true
    return this
  }

  /** The same as {@link persist}. */
  cache(): this {
    return this.persist()
  }

  private transformed<U>(transform: operators.Transform): DStream<U> {
    return new DStream<U>(this.context, new TransformedStream(this[STREAM], transform))
  }

  private made<U>(
    streams: DStream<unknown>[],
    fn: (rdds: RDD<unknown>[], time: number) => RDD<U>,
  ): DStream<U> {
    return this.context.transform(streams, fn)
  }

  private output(
    operator: string,
    run: (rdd: RDD<T>, time: number) => void | Promise<void>,
    close?: () => void,
  ): void {
    const stream = this[STREAM]
    stream.graph.addOutput({
      name: callSite(operator),
      stream,
      run: (node, time) => run(new RDD<T>(this.context.context, node), time),
      ...(close && { close }),
    })
  }

  private partitions(numPartitions: number | undefined): number {
    return numPartitions === undefined
      ? this[STREAM].graph.parallelism
      : whole(numPartitions, 'the number of partitions', 1, 100_000)
  }
}

Object.defineProperty(DStream.prototype, DRIVER_ONLY, { value: 'DStream' })

/** The stream of a queue, which can be added to while the context runs. */
export class QueueStream<T> extends DStream<T> {
  readonly #input: QueueInput

  constructor(context: StreamingContext, stream: Stream, input: QueueInput) {
    super(context, stream)
    this.#input = input
  }

  /** Adds an RDD, or a list of records, to the end of the queue. */
  push(rdd: RDDOrItems<T>): void {
    this.#input.push(queued(rdd, this.context.context))
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
