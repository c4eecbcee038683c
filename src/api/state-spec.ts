import { type Duration, milliseconds } from '../core/durations.js'
import { MillraceError } from '../core/errors.js'
import type { Captures } from '../functions/captures.js'
import type { Given } from '../plan/operators.js'
import { RDD } from './rdd.js'
import { given, positive } from './rdd-core.js'
import type { Widen } from './types.js'

/** The state of one key, as the function of {@link StateSpec.function} sees it. Errors have Spark's words. */
export interface State<S> {
  exists(): boolean
  /** @throws if there is none: 'State is not set' */
  get(): S
  /** Undefined if there is none. */
  getOption(): S | undefined
  /** @throws while timing out, or after it was removed for this record */
  update(state: S): void
  /** @throws while timing out, or if it has been removed for this record already */
  remove(): void
  /** True in the one call for a key that nothing has touched for longer than the time-out; its state goes afterwards. */
  isTimingOut(): boolean
}

/** Called for each record, and with `undefined` for a key that times out. */
export type StateFunction<K, V, S, U> = (key: K, value: V | undefined, state: State<S>, time: number) => U

interface Settings {
  given: Given
  initial?: RDD<[unknown, unknown]> | readonly [unknown, unknown][]
  timeoutMs?: number
  parts?: number
}

export const SETTINGS: unique symbol = Symbol('settings')

/**
 * What {@link DStream.mapWithState} does; each method gives a changed copy.
 *
 * @example
 * const spec = StateSpec.function((word: string, one: number | undefined, count: State<number>) => {
 *   if (count.isTimingOut()) return [word, count.get()]
 *   count.update((count.getOption() ?? 0) + (one ?? 0))
 *   return undefined
 * }).timeout('1m')
 */
export class StateSpec<K, V, S, U> {
  readonly [SETTINGS]: Settings
  /** Only in the type. */
  declare protected readonly types: [K, V, S, U]

  private constructor(settings: Settings) {
    this[SETTINGS] = settings
  }

  /**
   * @param fn runs on the workers, for each record; what it returns is a record of the stream, unless null or undefined
   * @param captures its outside names
   */
  static function<K, V, S, const U>(
    fn: StateFunction<K, V, S, U>,
    captures?: Captures,
  ): StateSpec<K, V, S, Widen<NonNullable<U>>> {
    return new StateSpec({ given: given(fn, captures, 'StateSpec.function') })
  }

  /** The states to begin with; they count as touched by the first batch. */
  initialState(states: RDD<[K, S]> | readonly [K, S][]): StateSpec<K, V, S, U> {
    if (!(states instanceof RDD) && !Array.isArray(states))
      throw new MillraceError('MILLRACE_OPTION', 'expected an RDD or an array of pairs for initialState.')
    return this.#with({ initial: states as RDD<[unknown, unknown]> })
  }

  /** Gives a key's state up when nothing has touched it for longer than this. */
  timeout(duration: Duration): StateSpec<K, V, S, U> {
    return this.#with({ timeoutMs: milliseconds(duration, 'the time-out of a StateSpec') })
  }

  /** Default: `defaultParallelism`. */
  numPartitions(numPartitions: number): StateSpec<K, V, S, U> {
    return this.#with({ parts: positive(numPartitions) })
  }

  #with(changed: Partial<Settings>): StateSpec<K, V, S, U> {
    return new StateSpec({ ...this[SETTINGS], ...changed })
  }
}
