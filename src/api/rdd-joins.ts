import { callSite } from '../core/call-site.js'
import { MillraceError } from '../core/errors.js'
import { whole } from '../core/options.js'
import type { Captures } from '../functions/captures.js'
import * as joins from '../plan/joins.js'
import * as operators from '../plan/operators.js'
import type { RDD } from './rdd.js'
import { expectOwn, given, NODE, RDDCore } from './rdd-core.js'
import { RDDStatistics } from './rdd-statistics.js'
import type { KeyOf, Pair, ValueOf } from './types.js'

/** What takes two RDDs or more, and what becomes of the values of a key. */
export abstract class RDDJoins<T> extends RDDStatistics<T> {
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
   * A pair for each combination of a key's values in both RDDs.
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
    const subtract = joins.subtractByKey(this.partitions(numPartitions), callSite('subtractByKey'))
    return this.together(subtract, [other], 'subtractByKey')
  }

  /** The records that the other RDD has not; duplicates stay. */
  subtract(other: RDD<T>, numPartitions?: number): RDD<T> {
    const subtract = joins.subtract(this.partitions(numPartitions), callSite('subtract'))
    return this.together(subtract, [other], 'subtract')
  }

  /** The records that both have, each once. */
  intersection(other: RDD<T>): RDD<T> {
    const both = joins.intersection(this.partitions(undefined), callSite('intersection'))
    return this.together(both, [other], 'intersection')
  }

  /** The records by what the function gives: `[key, records]`. @example words.groupBy(w => w.length) */
  groupBy<K>(fn: (record: T) => K, numPartitions?: number, captures?: Captures): RDD<[K, T[]]> {
    const keyBy = operators.rowwise('keyBy', given(fn, captures, 'groupBy'))
    const group = operators.groupByKey(this.partitions(numPartitions))
    return this.derive(group(keyBy(this[NODE])))
  }

  /**
   * One pair for each key: its values added to `zero` in each partition, then the partitions' results merged.
   *
   * @param zero where each key begins in each partition; every key has a copy of its own
   */
  aggregateByKey<U>(
    this: RDDJoins<Pair<T>>,
    zero: U,
    seq: (acc: U, value: ValueOf<T>) => U,
    comb: (a: U, b: U) => U,
    numPartitions?: number,
    captures?: Captures,
  ): RDD<[KeyOf<T>, U]> {
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

  protected joined<R>(kind: Parameters<typeof joins.join>[0], other: unknown, numPartitions?: number): R {
    return this.together(joins.join(kind, this.partitions(numPartitions), callSite(kind)), [other], kind)
  }

  /** Of this RDD and others of the same Context. */
  protected together<R>(join: joins.Join, others: readonly unknown[], operator: string): R {
    const nodes = others.map(other => {
      if (!(other instanceof RDDCore))
        throw new MillraceError('MILLRACE_OPTION', `expected an RDD for the argument of ${operator}.`)
      expectOwn(this.context, other, operator)
      return other[NODE]
    })
    return this.derive(join(this[NODE], ...nodes)) as R
  }

  protected partitions(numPartitions: number | undefined): number {
    return numPartitions === undefined ? this.context.defaultParallelism : positive(numPartitions)
  }
}

/** @throws MILLRACE_OPTION, in Spark's words, for a number of partitions that is not positive */
export function positive(numPartitions: number): number {
  if (numPartitions === 0 || (Number.isInteger(numPartitions) && numPartitions < 0)) {
    throw new MillraceError(
      'MILLRACE_OPTION',
      `Number of partitions must be positive, but received ${numPartitions}.`,
    )
  }
  return whole(numPartitions, 'the number of partitions', 1, 100_000)
}
