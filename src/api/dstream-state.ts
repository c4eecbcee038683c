import { callSite } from '../core/call-site.js'
import { expect, isGiven } from '../core/options.js'
import type { Captures } from '../functions/captures.js'
import type { Node } from '../plan/nodes.js'
import * as states from '../plan/states.js'
import { StateStream } from '../streaming/state/state-stream.js'
import { TransformedStream } from '../streaming/stream.js'
import type { DStream } from './dstream.js'
import { DStreamJoins } from './dstream-joins.js'
import { STREAM } from './dstream-outputs.js'
import { RDD } from './rdd.js'
import { expectOwn, given, NODE } from './rdd-core.js'
import { SETTINGS, StateSpec } from './state-spec.js'
import type { KeyOf, Pair, ValueOf } from './types.js'

/** The stream of what the function of mapWithState gave. */
export type StatefulDStream<K, S, U> = DStream<U> & {
  /** All keys with their states, after each batch. */
  stateSnapshots(): DStream<[K, S]>
}

/**
 * Streams that carry a state for each key from batch to batch, in the shared heap. A batch whose function fails changes no
 * state: the next one goes on from the last good one, without the records of the batch that failed.
 */
export abstract class DStreamState<T> extends DStreamJoins<T> {
  /**
   * The states of all keys, after each batch. The function is called for each key with a state or with new values.
   *
   * @param fn of the new values, in their order, and the state before; `undefined` or `null` gives the key up
   * @param initialRDD states to begin with
   * @typeParam S where nothing tells what a state is, it is taken for one of the values
   * @example words.map(w => [w, 1]).updateStateByKey((ones, count) => (count ?? 0) + ones.length)
   */
  updateStateByKey<S = ValueOf<T>>(
    this: DStreamState<Pair<T>>,
    fn: (values: ValueOf<T>[], state: S | undefined) => S | null | undefined,
    numPartitions?: number,
    initialRDD?: RDD<[KeyOf<T>, S]> | readonly [KeyOf<T>, S][],
    captures?: Captures,
  ): DStream<[KeyOf<T>, S]> {
    const rule = states.updateState(
      given(fn, captures, 'updateStateByKey'),
      this.partitions(numPartitions),
      this.initialStates(initialRDD, 'updateStateByKey'),
    )
    return this.derive(new StateStream(this[STREAM], rule))
  }

  /**
   * What a function makes of each record and its key's state; see {@link StateSpec}.
   *
   * @example clicks.mapWithState(StateSpec.function((user, click, seen) => …).timeout('30m'))
   */
  mapWithState<S, U>(
    this: DStreamState<Pair<T>>,
    spec: StateSpec<KeyOf<T>, ValueOf<T>, S, U>,
  ): StatefulDStream<KeyOf<T>, S, U> {
    expect(spec instanceof StateSpec, 'a StateSpec, made by StateSpec.function(…),', 'mapWithState', spec)
    const { given: fn, initial, timeoutMs, parts } = spec[SETTINGS]
    const location = callSite('mapWithState')
    const rule = states.trackState(
      fn,
      this.partitions(parts),
      this.initialStates(initial, 'initialState'),
      timeoutMs ?? null,
    )
    const tracked = new StateStream(this[STREAM], rule)
    const mapped = this.derive<U>(new TransformedStream(tracked, states.mappedOf(location)))
    const snapshot = states.snapshotOf(location)
    return Object.assign(mapped, {
      stateSnapshots: () => this.derive<[KeyOf<T>, S]>(new TransformedStream(tracked, snapshot)),
    })
  }

  protected initialStates(
    states: RDD<[unknown, unknown]> | readonly [unknown, unknown][] | null | undefined,
    what: string,
  ): Node | undefined {
    if (!isGiven(states)) return undefined
    const sc = this.context.context
    expect(states instanceof RDD || Array.isArray(states), 'an RDD or an array of pairs', what, states)
    if (states instanceof RDD) expectOwn(sc, states, what)
    return (states instanceof RDD ? states : sc.parallelize(states as [unknown, unknown][]))[NODE]
  }
}
