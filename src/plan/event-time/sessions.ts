import { JOB, UsersFunction } from '../../functions/captures.js'
import { unionNode } from '../nodes.js'
import { combineByKey, type Given, rowwise, type Transform } from '../operators.js'
import type { Watermarks } from './stamps.js'
import { type Folding, OPEN, type State, shown, type WindowResult } from './windows.js'

/** A session as it is folded: the first millisecond of it, the first after it, and the value of its records. */
type Session = [start: number, end: number, value: unknown]

declare const $gap: number
declare const $job: Watermarks
declare const $lift: (record: unknown) => unknown
declare const $merge: (a: unknown, b: unknown) => unknown
declare const $insert: typeof insert

/**
 * Sessions: each record begins as one of its own, `[time, time + gap)`, and those of one key that overlap or touch are one. The open
 * sessions of a key are kept in order, so that one that comes finds its neighbours at once.
 */
export function sessionState(
  gap: number,
  { lift, merge }: Folding,
  early: boolean,
  parts: number,
  location: string,
): State {
  const lifted = liftedSessions(gap, lift, location)
  const merged = mergedSessions(merge, parts, location)
  const results = resultsOf(location)
  const open = rowwise('filter', { fn: OPEN, captures: undefined, location })
  const reopened = rowwise('map', {
    fn: ({ key, start, end, value }: WindowResult<unknown, unknown>) => [key, [start, end, value]],
    captures: undefined,
    location,
  })
  return {
    label: `event-time sessions with a gap of ${gap} ms`,
    parts,
    step(previous, [batch]) {
      const fresh = lifted(batch!)
      const all = previous === undefined ? fresh : unionNode([reopened(open(previous)), fresh])
      return results(merged(all))
    },
    shown: shown(early, location),
  }
}

/** `[key, session]` of each record that is not late. */
function liftedSessions(gap: number, lift: Given, location: string): Transform {
  const values = rowwise('map', {
    fn: ([key, [time, record]]: [unknown, [number, unknown]]) => [key, [time, time + $gap, $lift(record)]],
    captures: { $gap: gap, $lift: new UsersFunction(lift) },
    location,
  })
  const open = rowwise('filter', {
    fn: ([, [time]]: [unknown, [number, unknown]]) => time + $gap > $job.before,
    captures: { $gap: gap, $job: JOB },
    location,
  })
  return batch => values(open(batch))
}

/** The sessions of each key, `[key, sessions]`. */
function mergedSessions(merge: Given, parts: number, location: string): Transform {
  const captures = { $insert: insert, $merge: new UsersFunction(merge) }
  return combineByKey(
    { fn: (session: Session) => [session], captures: undefined, location },
    { fn: (sessions: Session[], session: Session) => $insert(sessions, session, $merge), captures, location },
    {
      fn: (a: Session[], b: Session[]) => {
        for (const session of b) $insert(a, session, $merge)
        return a
      },
      captures,
      location,
    },
    parts,
    'sessions',
  )
}

/** Adds a session to ones in order, apart from each other, and makes one of those that it brings together. */
function insert(
  sessions: Session[],
  [start, end, value]: Session,
  merge: (a: unknown, b: unknown) => unknown,
): Session[] {
  let [first, beyond] = [0, sessions.length]
  while (first < beyond) {
    const middle = (first + beyond) >>> 1
    if (sessions[middle]![1] < start) first = middle + 1
    else beyond = middle
  }
  while (beyond < sessions.length && sessions[beyond]![0] <= end) beyond++
  const same = sessions.slice(first, beyond)
  if (same.length > 0) {
    value = merge(
      same.map(session => session[2]).reduce((a, b) => merge(a, b)),
      value,
    )
    start = Math.min(start, same[0]![0])
    end = Math.max(end, same.at(-1)![1])
  }
  sessions.splice(first, same.length, [start, end, value])
  return sessions
}

function resultsOf(location: string): Transform {
  return rowwise('flatMap', {
    fn: ([key, sessions]: [unknown, Session[]]) =>
      sessions.map(([start, end, value]) => ({ key, start, end, value, early: end > $job.after })),
    captures: { $job: JOB },
    location,
  })
}

/** Stamped records whose session, were they alone in it, is complete. */
export function lateForSessions(gap: number, location: string): Transform {
  return rowwise('filter', {
    fn: ([time]: [number, unknown]) => time + $gap <= $job.before,
    captures: { $gap: gap, $job: JOB },
    location,
  })
}
