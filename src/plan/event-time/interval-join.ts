import { JOB } from '../../functions/captures.js'
import { cogroup } from '../joins.js'
import { unionNode } from '../nodes.js'
import { rowwise } from '../operators.js'
import { onTime, type Watermarks } from './stamps.js'
import type { State } from './windows.js'

type Stamped = [time: number, record: unknown]
/** A key's records on both sides that may still find others, and the pairs that this batch has made. */
type Kept = [left: Stamped[], right: Stamped[], pairs: [unknown, unknown][]]

declare const $earliest: number
declare const $latest: number
declare const $job: Watermarks
declare const $pairs: typeof pairs

/**
 * Pairs of records of one key, the right one from `earliest` to `latest` ms after the left one. A pair is made in the batch
 * that brings its second record. A record is kept until the watermark is beyond all that it could be paired with.
 */
export function intervalJoin(earliest: number, latest: number, parts: number, location: string): State {
  const sides = cogroup(parts, 'join')
  const bounds = { $earliest: earliest, $latest: latest }
  const joined = rowwise('mapValues', {
    fn: ([[held], newLeft, newRight]: [Kept[], Stamped[], Stamped[]]) => {
      const [heldLeft, heldRight] = held ?? [[], []]
      const inOrder = (a: Stamped[], b: Stamped[]): Stamped[] => [...a, ...b].sort(([s], [t]) => s - t)
      const [left, right] = [inOrder(heldLeft, newLeft), inOrder(heldRight, newRight)]
      return [
        left,
        right,
        [
          ...$pairs(inOrder(newLeft, []), right, $earliest, $latest),
          ...$pairs(heldLeft, inOrder(newRight, []), $earliest, $latest),
        ],
      ]
    },
    captures: { ...bounds, $pairs: pairs },
    location,
  })
  /** What is left of a key behind the watermark. */
  const still = ([key, [left, right]]: [unknown, Kept]): unknown[] => {
    const lefts = left.filter(([time]) => time + $latest >= $job.before)
    const rights = right.filter(([time]) => time - $earliest >= $job.before)
    return lefts.length + rights.length === 0 ? [] : [[key, [lefts, rights, []]]]
  }
  const held = rowwise('flatMap', { fn: still, captures: { ...bounds, $job: JOB }, location })
  const records = onTime(location)
  return {
    label: `event-time join, ${earliest} to ${latest} ms apart`,
    parts,
    step(previous, batch) {
      const [left, right] = batch.map(records)
      return joined(sides(previous === undefined ? unionNode([]) : held(previous), left!, right!))
    },
    shown: rowwise('flatMap', {
      fn: ([key, [, , pairs]]: [unknown, Kept]) => pairs.map(pair => [key, pair]),
      captures: undefined,
      location,
    }),
  }
}

/** The pairs of two lists in the order of their times. */
function pairs(left: Stamped[], right: Stamped[], earliest: number, latest: number): [unknown, unknown][] {
  const found: [unknown, unknown][] = []
  let first = 0
  for (const [time, record] of left) {
    while (first < right.length && right[first]![0] < time + earliest) first++
    for (let i = first; i < right.length && right[i]![0] <= time + latest; i++)
      found.push([record, right[i]![1]])
  }
  return found
}
