import { copyCapture, JOB, UsersFunction } from '../../functions/captures.js'
import { type Node, unionNode } from '../nodes.js'
import {
  field,
  type Given,
  INPUT,
  rearranged,
  reduceByKey,
  rowwise,
  type Transform,
  tuple,
} from '../operators.js'
import type { Watermarks } from './stamps.js'

declare const $size: number
declare const $slide: number
declare const $job: Watermarks
declare const $zero: unknown
declare const $seq: (acc: unknown, record: unknown) => unknown

/** The result of a window. */
export interface WindowResult<K, V> {
  key: K
  /** Epoch milliseconds: the first of the window, and the first after it. */
  start: number
  end: number
  value: V
  /** True while the watermark has not passed `end`, and the value may still change. */
  early: boolean
}

/** How the records of a window become one value: what each is, and how two are one. */
export interface Folding {
  lift: Given
  merge: Given
}

/** What an operator keeps from batch to batch: the kept records of the last batch and those of this one make the next. */
export interface State {
  label: string
  parts: number
  /** The state after a batch, from the one before it; its functions are told the watermarks as numbers of the job. */
  step(previous: Node | undefined, batch: Node[]): Node
  /** The results of a batch, from the state after it. */
  shown: Transform
}

/** Tumbling and sliding windows: `[start, start + size)`, a start every `slide`, counted from the epoch. */
export interface WindowShape {
  size: number
  slide: number
}

/** How one value for each record, folded by key and window, is kept from batch to batch. */
export function windowState(
  { size, slide }: WindowShape,
  { lift, merge }: Folding,
  early: boolean,
  parts: number,
  location: string,
): State {
  const lifted = rowwise('mapValues', lift)
  const merged = reduceByKey(merge, parts, 'windows')
  const reopened = reopen(location)
  const open = assigned({ size, slide }, location)
  const result = resultOf(size, location)
  const shape = slide === size ? `tumbling windows of ${size} ms` : `windows of ${size} ms every ${slide} ms`
  return {
    label: `event-time ${shape}`,
    parts,
    step(previous, [batch]) {
      const fresh = lifted(open(batch!))
      const all = previous === undefined ? fresh : unionNode([reopened(previous), fresh])
      return result(merged(all))
    },
    shown: shown(early, location),
  }
}

/** `[[key, start], record]` for each window of a record that is still open. */
function assigned({ size, slide }: WindowShape, location: string): Transform {
  const starts = rowwise('flatMapValues', {
    fn: (time: number) => {
      const starts: number[] = []
      for (let start = Math.floor(time / $slide) * $slide; start + $size > time; start -= $slide)
        if (start + $size > $job.before) starts.push(start)
      return starts.reverse()
    },
    captures: { $size: size, $slide: slide, $job: JOB },
    location,
  })
  // The record and its key stay where they are: only the starts are made.
  return node => byWindow(starts(withTime(node)))
}

/** `[[key, [time, record]], time]` of `[key, [time, record]]` */
const withTime = rearranged('the windows of a record', tuple(INPUT, field(field(INPUT, 1), 0)))
/** `[[key, start], record]` of `[[key, [time, record]], start]` */
const byWindow = rearranged(
  'the windows of a record',
  tuple(tuple(field(field(INPUT, 0), 0), field(INPUT, 1)), field(field(field(INPUT, 0), 1), 1)),
)
/** `[[key, start], value]` of a result */
const asPair = rearranged(
  'open windows',
  tuple(tuple(field(INPUT, 'key'), field(INPUT, 'start')), field(INPUT, 'value')),
)

function resultOf(size: number, location: string): Transform {
  return rowwise('map', {
    fn: ([[key, start], value]: [[unknown, number], unknown]) => ({
      key,
      start,
      end: start + $size,
      value,
      early: start + $size > $job.after,
    }),
    captures: { $size: size, $job: JOB },
    location,
  })
}

/** The windows that are not complete, as they are merged with what comes. */
function reopen(location: string): Transform {
  const open = rowwise('filter', { fn: OPEN, captures: undefined, location })
  return node => asPair(open(node))
}

export const OPEN = (window: { early: boolean }): boolean => window.early

/** The windows that a batch has completed; with `early` all that it has left open, too. */
export function shown(early: boolean, location: string): Transform {
  if (early) return node => node
  const complete = (window: { early: boolean }): boolean => !window.early
  return rowwise('filter', { fn: complete, captures: undefined, location })
}

/** Stamped records of which every window is complete. */
export function lateForWindows({ size, slide }: WindowShape, location: string): Transform {
  return rowwise('filter', {
    fn: ([time]: [number, unknown]) => {
      const end = Math.floor(time / $slide) * $slide + $size
      return time < end && end <= $job.before
    },
    captures: { $size: size, $slide: slide, $job: JOB },
    location,
  })
}

export const reducing = (merge: Given): Folding => ({
  lift: { fn: (record: unknown) => record, captures: undefined, location: merge.location },
  merge,
})

export const counting = (location: string): Folding => ({
  lift: { fn: () => 1, captures: undefined, location },
  merge: { fn: (a: number, b: number) => a + b, captures: undefined, location },
})

export const aggregating = (zero: unknown, seq: Given, merge: Given): Folding => ({
  lift: {
    fn: (record: unknown) => $seq(structuredClone($zero), record),
    captures: { $seq: new UsersFunction(seq), $zero: copyCapture('the zero value', zero) },
    location: seq.location,
  },
  merge,
})
