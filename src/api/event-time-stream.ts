import { callSite } from '../core/call-site.js'
import { type Duration, milliseconds, millisecondsOrNone } from '../core/durations.js'
import { checkOptions, expect, isGiven } from '../core/options.js'
import type { Captures } from '../functions/captures.js'
import { withoutDuplicates } from '../plan/event-time/duplicates.js'
import { intervalJoin } from '../plan/event-time/interval-join.js'
import { lateForSessions, sessionState } from '../plan/event-time/sessions.js'
import { beforeWatermark, keyed } from '../plan/event-time/stamps.js'
import { type Folding, lateForWindows, type State, windowState } from '../plan/event-time/windows.js'
import type { Given, Transform } from '../plan/operators.js'
import { LateStream } from '../streaming/event-time/late-stream.js'
import type { StampedStream, Watermarked } from '../streaming/event-time/stamped-stream.js'
import { StateStream } from '../streaming/event-time/state-stream.js'
import type { Stream } from '../streaming/stream.js'
import type { DStream } from './dstream.js'
import { EventTimeWindows } from './event-time-windows.js'
import { given, positive } from './rdd-core.js'
import type { Widen } from './types.js'

/** How windows show their results. */
export interface WindowOptions {
  /** Also show, every batch, all windows that are not complete yet, with `early: true`. Default: complete windows only. */
  early?: boolean | undefined
  /** The number of partitions of the results. Default: the context's default parallelism. */
  numPartitions?: number | undefined
}

/** Around the time of a record, how far away in time another may be. Both ends are included. */
export interface Interval {
  /** How much earlier the other one may be. Default: not at all. */
  before?: Duration | undefined
  /** How much later. Default: not at all. */
  after?: Duration | undefined
}

/** What an operator makes of the records that are not late, and those that are. */
export type WithLate<T, L> = DStream<T> & { readonly late: DStream<L> }

/**
 * A stream whose records have a time of their own, given by `withEventTime`. Its windows are made of the times in the
 * records, whenever the records come.
 *
 * **Watermark.** The greatest event time of all records so far, less `lateness`: the stream is believed to be complete up to
 * there. It moves at the end of each batch and never goes back. Of a union of streams it is the greatest of all parts, so a
 * part that is behind is late; a join takes the least of its two, and waits for the one that is behind.
 *
 * **When a window fires.** In the batch in which the watermark reaches its end, once, with all records that have come by then,
 * that batch's included. With `early` also in every batch before, as it is then. A result is
 * `{ key, start, end, value, early }`; `start` is in the window, `end` is not; without a key, `key` is null. Windows are
 * counted from the epoch. Fractions of milliseconds count: 999.9 is in the window that ends at 1000. Windows that are open when
 * the context stops are gone, also if it stops gracefully: only time fires them.
 *
 * **What is late.** A record whose windows all had fired before its batch. It is not counted, but in the `late` stream of
 * the windows. One that has missed some sliding windows counts in the others. Records of the batch that fires a window are
 * never late for it. A record between windows, where the slide is longer than the size, is in none and not late. A session,
 * which has no end of its own, is judged as if the record were alone in it: one that comes later may overlap, or touch, one
 * that has fired.
 *
 * **Idle sources.** A stream without new records keeps its watermark, and so its windows open. With `idle`, event time goes
 * on with the clock once no record has come for that long: windows fire, and joins do not wait. A late record is a record, too:
 * a stream to which only those come is not idle, and its watermark stays.
 *
 * **State.** Open windows are kept in the context's heap, and go when they have fired. Each batch makes the state anew from
 * the one before, so a task that is run again counts nothing twice.
 *
 * **Failures.** A batch whose state cannot be made (a function throws in every attempt, a task takes too long, the heap is
 * full) fails for all outputs of that state and leaves it as it was: its records are missing, and its error says so. The
 * watermark by which that state judges stays with it, so the windows that the batch would have fired fire in the next one,
 * and no record is late for them meanwhile. A `window()` of the results that has the failed batch in it fails, too. A batch
 * that loses its plans, because the function of a `transform` throws, is in the state, and fires nothing before the next one.
 * If only an output fails, because its own function throws, the state goes on: what a failed output has not taken of a batch is
 * gone, as in every DStream.
 */
export class EventTimeStream<T, K = null> {
  readonly #stamped: StampedStream
  readonly #key: Given | undefined
  readonly #keyed: Transform
  readonly #derive: <U>(stream: Stream) => DStream<U>

  /** Made by `DStream.withEventTime`. */
  constructor(
    stamped: StampedStream,
    derive: <U>(stream: Stream) => DStream<U>,
    key: Given | undefined = undefined,
  ) {
    this.#stamped = stamped
    this.#derive = derive
    this.#key = key
    this.#keyed = keyed(key, key?.location ?? callSite('withEventTime'))
  }

  /** The same stream with windows, joins and duplicates by key. @example events.keyBy(e => e.user).tumbling('1m').count() */
  keyBy<const U>(fn: (record: T) => U, captures?: Captures): EventTimeStream<T, Widen<U>> {
    return new EventTimeStream<T, Widen<U>>(this.#stamped, this.#derive, given(fn, captures, 'keyBy'))
  }

  /** Windows side by side: `[0, size)`, `[size, 2 * size)`, … */
  tumbling(size: Duration, options: WindowOptions = {}): EventTimeWindows<T, K> {
    const ms = milliseconds(size, 'the size of tumbling windows')
    return this.#windows({ size: ms, slide: ms }, options, 'tumbling')
  }

  /**
   * Windows of `size` that begin every `slide`, so that they overlap: a record is in each that spans its time. With a slide
   * longer than the size, what lies between windows is in none, and not late.
   */
  sliding(size: Duration, slide: Duration, options: WindowOptions = {}): EventTimeWindows<T, K> {
    const shape = {
      size: milliseconds(size, 'the size of sliding windows'),
      slide: milliseconds(slide, 'the slide of sliding windows'),
    }
    return this.#windows(shape, options, 'sliding')
  }

  /**
   * Windows that records make: those of a key that are at most `gap` apart are one session, from the first record's time
   * to the last one's plus the gap. The functions that fold a session must be associative and commutative, since records
   * that come later may bring two sessions together.
   */
  session(gap: Duration, options: WindowOptions = {}): EventTimeWindows<T, K> {
    const ms = milliseconds(gap, 'the gap of sessions')
    const { early, parts } = this.#checked(options, 'session')
    return this.#made(
      (folding, location) => sessionState(ms, folding, early, parts, location),
      lateForSessions(ms, callSite('session')),
    )
  }

  /**
   * Pairs of records of this stream and another with the same key, near each other in time: `[key, [record, other]]`. Each
   * pair comes in the batch that brings the second of the two. Neither stream may be behind the watermark, the lesser of
   * both: such records are in `late` and `lateOther`, and in no pair that has not been made before.
   *
   * @param within how far apart the two may be, either way; or how much `before` and `after` it the other one may be
   * @example bids.keyBy(b => b.auction).join(auctions.keyBy(a => a.id), { before: '10m' })
   * @throws MILLRACE_OPTION if the streams have different slide durations or contexts
   */
  join<U>(
    other: EventTimeStream<U, K>,
    within: Duration | Interval,
    numPartitions?: number,
  ): WithLate<[K, [T, U]], T> & { readonly lateOther: DStream<U> } {
    const expected = 'a stream with event time, made by withEventTime,'
    expect(other instanceof EventTimeStream, expected, 'join', other)
    const location = callSite('join')
    const [before, after] = interval(within)
    const streams = [this.#stamped, other.#stamped] as const
    const state = intervalJoin(-before, after, this.#parts(numPartitions), location)
    const joined = new StateStream(streams, [this.#keyed, other.#keyed], state)
    const late = beforeWatermark(location)
    const [ownLate, lateOther] = streams.map(stream => new LateStream(stream, [joined], late))
    return Object.assign(this.#derive<[K, [T, U]]>(joined), {
      late: this.#derive<T>(ownLate!),
      lateOther: this.#derive<U>(lateOther!),
    })
  }

  /**
   * The records without repetitions: one is left out if a record of its key that is not left out is less than `within` away
   * from it in time, before or after it. Of the records of one batch those that are earliest in time are let through. Without
   * `keyBy` the record is the key. Records behind the watermark are in `late`, since it is not known any more what they
   * repeat. Spark's `dropDuplicatesWithinWatermark` is another thing: it forgets a record some time after it, and until then
   * leaves out whatever has its key, however far apart in time.
   *
   * @example payments.withEventTime(p => p.at, { lateness: '1m' }).keyBy(p => p.id).dropDuplicates('10m')
   */
  dropDuplicates(within: Duration, numPartitions?: number): WithLate<T, T> {
    const location = callSite('dropDuplicates')
    const ms = milliseconds(within, 'the time within which dropDuplicates looks')
    const state = withoutDuplicates(ms, this.#parts(numPartitions), location)
    const key = this.#key ?? { fn: (record: unknown) => record, captures: undefined, location }
    const kept = new StateStream([this.#stamped], [keyed(key, location)], state)
    const late = new LateStream(this.#stamped, [kept], beforeWatermark(location))
    return Object.assign(this.#derive<T>(kept), { late: this.#derive<T>(late) })
  }

  #windows(
    shape: { size: number; slide: number },
    options: WindowOptions,
    operator: string,
  ): EventTimeWindows<T, K> {
    const { early, parts } = this.#checked(options, operator)
    return this.#made(
      (folding, location) => windowState(shape, folding, early, parts, location),
      lateForWindows(shape, callSite(operator)),
    )
  }

  #made(
    state: (folding: Folding, location: string) => State,
    late: ReturnType<typeof lateForWindows>,
  ): EventTimeWindows<T, K> {
    // Those of the results that are asked for, and the stream's own if there are none.
    const watermarks: (Stream & Watermarked)[] = [this.#stamped]
    return new EventTimeWindows<T, K>(
      kept => {
        const results = new StateStream([this.#stamped], [this.#keyed], kept)
        watermarks.push(results)
        return this.#derive(results)
      },
      state,
      () => this.#derive<T>(new LateStream(this.#stamped, watermarks, late)),
    )
  }

  #checked(options: WindowOptions, operator: string): { early: boolean; parts: number } {
    checkOptions(options, ['early', 'numPartitions'], operator)
    const { early = false, numPartitions } = options
    expect(typeof early === 'boolean', 'true or false', `early of ${operator}`, early)
    return { early, parts: this.#parts(numPartitions) }
  }

  #parts(numPartitions: number | null | undefined): number {
    return isGiven(numPartitions) ? positive(numPartitions) : this.#stamped.graph.parallelism
  }
}

/** How many milliseconds before and after it a record may find another. */
function interval(within: Duration | Interval): [before: number, after: number] {
  if (typeof within !== 'object' || within === null) {
    const ms = millisecondsOrNone(within, 'how far apart records that are joined may be')
    return [ms, ms]
  }
  checkOptions(within, ['before', 'after'], 'join')
  const { before = '0s', after = '0s' } = within
  return [millisecondsOrNone(before, 'before'), millisecondsOrNone(after, 'after')]
}
