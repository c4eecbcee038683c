import { type Given, reduceByKey } from '../../plan/operators.js'
import { slide } from '../../plan/windows.js'
import { type Stream, TransformedStream } from '../stream.js'
import { InverseWindowStream } from './inverse-window.js'
import { ReducedWindowStream } from './reduced-window.js'

/** A window and how often it is taken, in milliseconds. */
export interface WindowMs {
  windowMs: number
  slideMs: number
}

/** A reduction by key over a window of pairs, by way of one reduction for each batch. */
export function reducedWindow(
  pairs: Stream,
  reduce: Given,
  inverse: Given | undefined,
  { windowMs, slideMs }: WindowMs,
  parts: number,
): Stream {
  const byKey = reduceByKey(reduce, parts)
  const slices = new TransformedStream(pairs, byKey)
  return inverse === undefined
    ? new ReducedWindowStream(slices, windowMs, slideMs, byKey)
    : new InverseWindowStream(slices, windowMs, slideMs, parts, slide(reduce, inverse, parts))
}
