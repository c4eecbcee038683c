import { callSite } from '../core/call-site.js'
import type { Captures } from '../functions/captures.js'
import * as joins from '../plan/joins.js'
import * as operators from '../plan/operators.js'
import { pairMap } from './pair-map.js'
import type { RDD } from './rdd.js'
import { IN_ORDER } from './rdd-actions.js'
import { given, NODE } from './rdd-core.js'
import { RDDOrder } from './rdd-order.js'
import type { Growing, Grown, KeyOf, Pair, ValueOf, Widen } from './types.js'

/** A name that a function below gets as a capture. */
declare const $wanted: unknown

/** What takes two RDDs or more, and what becomes of the values of a key. */
export abstract class RDDJoins<T> extends RDDOrder<T> {
  /**
   * For each key of either RDD all its values in both: `[key, [values, values of other]]`.
   *
   * @param numPartitions of the result; default `defaultParallelism`
   */
  cogroup<W>(
    this: RDDJoins<Pair<T>>,
    other: RDD<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): RDD<[KeyOf<T>, [ValueOf<T>[], W[]]]> {
    return this.together(joins.cogroup(this.partitions(numPartitions)), [other], 'cogroup')
  }

  /** As {@link cogroup}, with any number of others. @example a.groupWith(b, c)   // [key, [as, bs, cs]] */
  groupWith<W extends unknown[]>(
    this: RDDJoins<Pair<T>>,
    ...others: { [I in keyof W]: RDD<[KeyOf<T>, W[I]]> }
  ): RDD<[KeyOf<T>, [ValueOf<T>[], ...{ [I in keyof W]: W[I][] }]]> {
    return this.together(joins.cogroup(this.partitions(undefined), 'groupWith'), others, 'groupWith')
  }

  /**
   * A pair for each combination of a key's values in both RDDs. A table that many batches meet is best divided by key and kept,
   * `partitionBy(n).persist()`, and joined with the same `n`: then it stays where it lies, and only the batch moves.
   *
   * @example users.join(orders)   // [userId, [user, order]]
   */
  join<W>(
    this: RDDJoins<Pair<T>>,
    other: RDD<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): RDD<[KeyOf<T>, [ValueOf<T>, W]]> {
    return this.joined('join', other, numPartitions)
  }

  /** As {@link join}, and `[key, [value, null]]` for each value of a key that the other RDD has not. */
  leftOuterJoin<W>(
    this: RDDJoins<Pair<T>>,
    other: RDD<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): RDD<[KeyOf<T>, [ValueOf<T>, W | null]]> {
    return this.joined('leftOuterJoin', other, numPartitions)
  }

  /** As {@link join}, and `[key, [null, value]]` for each value of a key that only the other RDD has. */
  rightOuterJoin<W>(
    this: RDDJoins<Pair<T>>,
    other: RDD<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): RDD<[KeyOf<T>, [ValueOf<T> | null, W]]> {
    return this.joined('rightOuterJoin', other, numPartitions)
  }

  /** As {@link join}, and a pair with `null` for each value of a key that one RDD has not. */
  fullOuterJoin<W>(
    this: RDDJoins<Pair<T>>,
    other: RDD<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): RDD<[KeyOf<T>, [ValueOf<T> | null, W | null]]> {
    return this.joined('fullOuterJoin', other, numPartitions)
  }

  /** The pairs whose keys the other RDD has not. */
  subtractByKey(
    this: RDDJoins<Pair<T>>,
    other: RDD<[KeyOf<T>, unknown]>,
    numPartitions?: number,
  ): RDD<[KeyOf<T>, ValueOf<T>]> {
    const subtract = joins.subtractByKey(this.partitions(numPartitions))
    return this.together(subtract, [other], 'subtractByKey')
  }

  /** The records that the other RDD has not; duplicates stay. */
  subtract(other: RDD<T>, numPartitions?: number): RDD<T> {
    const subtract = joins.subtract(this.partitions(numPartitions))
    return this.together(subtract, [other], 'subtract')
  }

  /** The records that both have, each once. */
  intersection(other: RDD<T>): RDD<T> {
    const both = joins.intersection(this.partitions(undefined))
    return this.together(both, [other], 'intersection')
  }

  /** The records by what the function gives: `[key, records]`. @example words.groupBy(w => w.length) */
  groupBy<const K>(fn: (record: T) => K, numPartitions?: number, captures?: Captures): RDD<[Widen<K>, T[]]> {
    const keyBy = operators.rowwise('keyBy', given(fn, captures, 'groupBy'))
    const group = operators.groupByKey(this.partitions(numPartitions))
    return this.derive(group(keyBy(this[NODE])))
  }

  /**
   * One pair for each key: its values added to `zero` in each partition, then the partitions' results merged.
   *
   * @param zero where each key begins in each partition; every key has a copy of its own
   */
  aggregateByKey<const Z>(
    this: RDDJoins<Pair<T>>,
    zero: Z,
    seq: (acc: Grown<Z>, value: ValueOf<T>) => Growing<Z>,
    comb: (a: Grown<Z>, b: Grown<Z>) => Growing<Z>,
    numPartitions?: number,
    captures?: Captures,
  ): RDD<[KeyOf<T>, Grown<Z>]> {
    return this.derive(
      operators.aggregateByKey(
        zero,
        given(seq, captures, 'aggregateByKey'),
        given(comb, captures, 'aggregateByKey'),
        this.partitions(numPartitions),
      )(this[NODE]),
    )
  }

  /** As {@link aggregateByKey} with one function for both. @example pairs.foldByKey(0, (a, b) => a + b) */
  foldByKey(
    this: RDDJoins<Pair<T>>,
    zero: ValueOf<T>,
    fn: (a: ValueOf<T>, b: ValueOf<T>) => ValueOf<T>,
    numPartitions?: number,
    captures?: Captures,
  ): RDD<[KeyOf<T>, ValueOf<T>]> {
    const g = given(fn, captures, 'foldByKey')
    return this.derive(operators.aggregateByKey(zero, g, g, this.partitions(numPartitions))(this[NODE]))
  }

  /**
   * The values of a key, in their order.
   *
   * @example await sc.parallelize([['a', 1], ['b', 2], ['a', 3]]).lookup('a')   // [1, 3]
   */
  async lookup(this: RDDJoins<Pair<T>>, key: KeyOf<T>): Promise<ValueOf<T>[]> {
    const location = callSite('lookup')
    // Keys with a structure are compared as everywhere: by meeting in a partition.
    if (typeof key === 'object' && key !== null) {
      const wanted = this.context.parallelize([[key, null]], 1)
      const both = joins.join('join', 1)(this[NODE], wanted[NODE])
      return (await this.records<[KeyOf<T>, [ValueOf<T>, null]]>(() => both)).map(([, [value]]) => value)
    }
    const equal = operators.rowwise('filter', {
      fn: ([key]: [unknown]) => key === $wanted || (key !== key && $wanted !== $wanted),
      captures: { $wanted: key },
      location,
    })
    const pairs = operators.pairsOnly('lookup')
    return this.records(node => operators.values(equal(pairs(node))))
  }

  /** A Map of each key, by first occurrence, and its values, reduced two at a time as by {@link RDD.reduceByKey}. */
  async reduceByKeyLocally(
    this: RDDJoins<Pair<T>>,
    fn: (a: ValueOf<T>, b: ValueOf<T>) => ValueOf<T>,
    captures?: Captures,
  ): Promise<Map<KeyOf<T>, ValueOf<T>>> {
    const reduce = operators.reduceByKey(
      given(fn, captures, 'reduceByKeyLocally'),
      IN_ORDER,
      'reduceByKeyLocally',
    )
    return pairMap<KeyOf<T>, ValueOf<T>>(await this.records(reduce), 'reduceByKeyLocally')
  }

  protected joined<R>(kind: Parameters<typeof joins.join>[0], other: unknown, numPartitions?: number): R {
    return this.together(joins.join(kind, this.partitions(numPartitions)), [other], kind)
  }
}
