import { callSite } from '../core/call-site.js'
import type { Captures } from '../functions/captures.js'
import {
  aggregating,
  counting,
  type Folding,
  reducing,
  type State,
  type WindowResult,
} from '../plan/event-time/windows.js'
import type { DStream } from './dstream.js'
import { given } from './rdd-core.js'
import type { Growing, Grown } from './types.js'

/** Windows over the event time of a stream, before it is said what becomes of the records in them. */
export class EventTimeWindows<T, K> {
  readonly #results: (state: State) => DStream<unknown>
  readonly #state: (folding: Folding, location: string) => State
  readonly #late: () => DStream<T>
  #lateStream: DStream<T> | undefined

  /** Made by {@link EventTimeStream}. */
  constructor(
    results: (state: State) => DStream<unknown>,
    state: (folding: Folding, location: string) => State,
    late: () => DStream<T>,
  ) {
    this.#results = results
    this.#state = state
    this.#late = late
  }

  /** All records of a window reduced to one. The function must be associative. */
  reduce(fn: (a: T, b: T) => T, captures?: Captures): DStream<WindowResult<K, T>> {
    return this.#folded(reducing(given(fn, captures, 'reduce')))
  }

  /** How many records a window has. */
  count(): DStream<WindowResult<K, number>> {
    return this.#folded(counting(callSite('count')))
  }

  /**
   * The records of a window as a result of another type.
   *
   * @param zero what each partial result begins with; it must not change a result that it is merged with
   * @param seq adds a record to a result
   * @param comb merges two results
   * @example windows.aggregate(0, (sum, order) => sum + order.price, (a, b) => a + b)
   */
  aggregate<const Z>(
    zero: Z,
    seq: (acc: Grown<Z>, record: T) => Growing<Z>,
    comb: (a: Grown<Z>, b: Grown<Z>) => Growing<Z>,
    captures?: Captures,
  ): DStream<WindowResult<K, Grown<Z>>> {
    const [s, c] = [given(seq, captures, 'aggregate'), given(comb, captures, 'aggregate')]
    return this.#folded(aggregating(zero, s, c))
  }

  /** The records that came when all their windows were complete, and are in none. */
  get late(): DStream<T> {
    return (this.#lateStream ??= this.#late())
  }

  #folded<V>(folding: Folding): DStream<WindowResult<K, V>> {
    return this.#results(this.#state(folding, folding.merge.location)) as DStream<WindowResult<K, V>>
  }
}
