import { copyCapture, UsersFunction } from '../../functions/captures.js'
import { type Node, unionNode } from '../nodes.js'
import { type Given, reduceByKey, rowwise, type Transform } from '../operators.js'
import type { Watermarks } from './stamps.js'

declare const $size: number
declare const $slide: number
declare const $before: number
declare const $after: number
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
  /** The state after a batch; a plan that reads both only once it runs. */
  step(previous: Node | undefined, batch: Node[], watermarks: Watermarks): Node
  /** The results of a batch, from the state after it. */
  shown: Transform
}

/** Records that are kept for each record that comes. */
export interface Lateness {
  /** The stamped records that come too late to count. */
  late(watermark: number): Transform
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
  const shape = slide === size ? `tumbling windows of ${size} ms` : `windows of ${size} ms every ${slide} ms`
  return {
    label: `event-time ${shape}`,
    parts,
    step(previous, [batch], { before, after }) {
      const fresh = lifted(assigned({ size, slide }, before, location)(batch!))
      const all = previous === undefined ? fresh : unionNode([reopened(previous), fresh])
      return result(size, after, location)(merged(all))
    },
    shown: shown(early, location),
  }
}

/** `[[key, start], record]` for each window of a record that is still open. */
function assigned({ size, slide }: WindowShape, before: number, location: string): Transform {
  return rowwise('flatMap', {
    fn: ([key, [time, record]]: [unknown, [number, unknown]]) => {
      const windows: unknown[] = []
      for (let start = Math.floor(time / $slide) * $slide; start + $size > time; start -= $slide)
        if (start + $size > $before) windows.push([[key, start], record])
      return windows.reverse()
    },
    captures: { $size: size, $slide: slide, $before: before },
    location,
  })
}

function result(size: number, after: number, location: string): Transform {
  return rowwise('map', {
    fn: ([[key, start], value]: [[unknown, number], unknown]) => ({
      key,
      start,
      end: start + $size,
      value,
      early: start + $size > $after,
    }),
    captures: { $size: size, $after: after },
    location,
  })
}

/** The windows that are not complete, as they are merged with what comes. */
function reopen(location: string): Transform {
  const open = rowwise('filter', { fn: OPEN, captures: undefined, location })
  const pairs = rowwise('map', {
    fn: ({ key, start, value }: WindowResult<unknown, unknown>) => [[key, start], value],
    captures: undefined,
    location,
  })
  return node => pairs(open(node))
}

export const OPEN = (window: { early: boolean }): boolean => window.early

/** The windows that a batch has completed; with `early` all that it has left open, too. */
export function shown(early: boolean, location: string): Transform {
  if (early) return node => node
  const complete = (window: { early: boolean }): boolean => !window.early
  return rowwise('filter', { fn: complete, captures: undefined, location })
}

/** Stamped records of which every window is complete. */
export function lateForWindows({ size, slide }: WindowShape, location: string): Lateness['late'] {
  return before =>
    rowwise('filter', {
      fn: ([time]: [number, unknown]) => {
        const end = Math.floor(time / $slide) * $slide + $size
        return time < end && end <= $before
      },
      captures: { $size: size, $slide: slide, $before: before },
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
