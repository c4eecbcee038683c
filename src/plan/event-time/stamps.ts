import { JOB, UsersFunction } from '../../functions/captures.js'
import { type Given, keys, reduce, rowwise, type Transform } from '../operators.js'

/**
 * Records with their event time and key: `[key, [time, record]]`, which is what all operators on event time begin with.
 * The functions below run on workers; names that begin with `$` are captures.
 */
declare const $time: (record: unknown) => unknown
declare const $key: (record: unknown) => unknown
declare const $wrong: typeof wrong
declare const $job: Watermarks & Record<string, number>

/**
 * The watermark before and after a batch. What is late is told by the first, what is complete by the second. They are numbers of
 * the job, so that the functions below are the same in every batch.
 */
export interface Watermarks {
  before: number
  after: number
}

/** Pairs of the event time, in epoch milliseconds, and the record. What no Date can be is no time. */
export function stamped(time: Given): Transform {
  return rowwise('keyBy', {
    fn: (record: unknown) => {
      const time = $time(record)
      const ms = time instanceof Date ? time.getTime() : time
      if (typeof ms === 'number' && Math.abs(ms) <= 8.64e15) return ms + 0 // 0 for -0
      throw $wrong(time)
    },
    captures: { $time: new UsersFunction(time), $wrong: wrong },
    location: time.location,
  })
}

/** The error for what is no time. It runs on workers, so it shows the value by itself. */
function wrong(time: unknown): TypeError {
  let text: string
  try {
    const structured = typeof time === 'string' || (typeof time === 'object' && !(time instanceof Date))
    text = structured ? JSON.stringify(time) : typeof time === 'bigint' ? `${time}n` : String(time)
  } catch {
    text = Object.prototype.toString.call(time)
  }
  if (text.length > 80) text = `${text.slice(0, 79)}…`
  if (typeof time === 'number' && Number.isFinite(time))
    text += ', which is beyond the times of a Date: are these microseconds or nanoseconds?'
  return new TypeError(`expected an event time in epoch milliseconds, or a Date, but received ${text}`)
}

/** The greatest event time of stamped records, as one record; none for none. */
export function greatestTime(location: string): Transform {
  const greatest = reduce({ fn: (a: number, b: number) => (b > a ? b : a), captures: undefined, location })
  return node => greatest(keys(node))
}

/** `[key, [time, record]]`; without a function every record has the key `null`. */
export function keyed(key: Given | undefined, location: string): Transform {
  return rowwise('keyBy', {
    fn: key === undefined ? () => null : ([, record]: [number, unknown]) => $key(record),
    captures: key && { $key: new UsersFunction(key) },
    location,
  })
}

/** The records again, without their stamps. */
export { values as unstamped } from '../operators.js'

/** Of `[key, [time, record]]` those that are not before the watermark. */
export function onTime(location: string): Transform {
  return rowwise('filter', {
    fn: ([, [time]]: [unknown, [number, unknown]]) => time >= $job.before,
    captures: { $job: JOB },
    location,
  })
}

/** Of stamped records those that are. */
export function beforeWatermark(location: string): Transform {
  return rowwise('filter', {
    fn: ([time]: [number, unknown]) => time < $job.before,
    captures: { $job: JOB },
    location,
  })
}
