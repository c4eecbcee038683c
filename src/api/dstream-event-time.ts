import { type Duration, milliseconds, millisecondsOrNone } from '../core/durations.js'
import { checkOptions } from '../core/options.js'
import type { Captures } from '../functions/captures.js'
import { stamped } from '../plan/event-time/stamps.js'
import { StampedStream } from '../streaming/event-time/stamped-stream.js'
import { STREAM } from './dstream-outputs.js'
import { DStreamState } from './dstream-state.js'
import { EventTimeStream } from './event-time-stream.js'
import { given } from './rdd-core.js'

/** How a stream's event times are to be understood. */
export interface EventTimeOptions {
  /** How far records may lag behind the newest one and still count: the watermark's distance. Default: not at all. */
  lateness?: Duration | undefined
  /** When no record has come for this long, event time goes on with the clock. Default: it waits for the next record. */
  idle?: Duration | undefined
}

/** Streams whose records have a time of their own. */
export abstract class DStreamEventTime<T> extends DStreamState<T> {
  /**
   * The stream by the times in its records rather than the times they come at; see {@link EventTimeStream} for windows,
   * watermarks and what is late.
   *
   * @param fn the time of a record: epoch milliseconds, with fractions if need be, or a Date; anything else, and what no Date
   * can be, fails the batch
   * @example
   * const minutes = clicks.withEventTime(c => c.at, { lateness: '10s' }).keyBy(c => c.page).tumbling('1m')
   * minutes.count().pprint()   // { key: '/', start: 1700000040000, end: 1700000100000, value: 3, early: false }
   * minutes.late.pprint()
   */
  withEventTime(
    fn: (record: T) => number | Date,
    options: EventTimeOptions = {},
    captures?: Captures,
  ): EventTimeStream<T> {
    const stamp = given(fn, captures, 'withEventTime')
    checkOptions(options, ['lateness', 'idle'], 'withEventTime')
    const { lateness, idle } = options
    const stream = new StampedStream(
      this[STREAM],
      stamped(stamp),
      stamp.location,
      lateness === undefined ? 0 : millisecondsOrNone(lateness, 'lateness'),
      idle === undefined ? undefined : milliseconds(idle, 'idle'),
    )
    return new EventTimeStream<T>(stream, derived => this.derive(derived))
  }
}
