import * as joins from '../plan/joins.js'
import { JoinedStream } from '../streaming/joined-stream.js'
import type { DStream } from './dstream.js'
import { expectStream, STREAM } from './dstream-outputs.js'
import { DStreamWindows } from './dstream-windows.js'
import type { KeyOf, Pair, ValueOf } from './types.js'

/** Two streams of pairs, batch by batch. Both must have the same slide duration. */
export abstract class DStreamJoins<T> extends DStreamWindows<T> {
  /** For each key of a batch of either stream all its values in both: `[key, [values, values of other]]`. */
  cogroup<W>(
    this: DStreamJoins<Pair<T>>,
    other: DStream<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): DStream<[KeyOf<T>, [ValueOf<T>[], W[]]]> {
    return this.together(joins.cogroup(this.partitions(numPartitions)), other, 'cogroup')
  }

  /**
   * A pair for each combination of a key's values in the batches of both streams.
   *
   * @example clicks.window('1m').join(views.window('1m'))   // [ad, [click, view]]
   */
  join<W>(
    this: DStreamJoins<Pair<T>>,
    other: DStream<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): DStream<[KeyOf<T>, [ValueOf<T>, W]]> {
    return this.joined('join', other, numPartitions)
  }

  /** As {@link join}, and `[key, [value, null]]` for each value of a key that the other stream has not. */
  leftOuterJoin<W>(
    this: DStreamJoins<Pair<T>>,
    other: DStream<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): DStream<[KeyOf<T>, [ValueOf<T>, W | null]]> {
    return this.joined('leftOuterJoin', other, numPartitions)
  }

  /** As {@link join}, and `[key, [null, value]]` for each value of a key that only the other stream has. */
  rightOuterJoin<W>(
    this: DStreamJoins<Pair<T>>,
    other: DStream<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): DStream<[KeyOf<T>, [ValueOf<T> | null, W]]> {
    return this.joined('rightOuterJoin', other, numPartitions)
  }

  /** As {@link join}, and a pair with `null` for each value of a key that one stream has not. */
  fullOuterJoin<W>(
    this: DStreamJoins<Pair<T>>,
    other: DStream<[KeyOf<T>, W]>,
    numPartitions?: number,
  ): DStream<[KeyOf<T>, [ValueOf<T> | null, W | null]]> {
    return this.joined('fullOuterJoin', other, numPartitions)
  }

  protected joined<R>(kind: Parameters<typeof joins.join>[0], other: unknown, numPartitions?: number): R {
    return this.together(joins.join(kind, this.partitions(numPartitions)), other, kind)
  }

  protected together<R>(join: joins.Join, other: unknown, operator: string): R {
    expectStream(other, operator)
    return this.derive(new JoinedStream([this[STREAM], other[STREAM]], join)) as R
  }
}
