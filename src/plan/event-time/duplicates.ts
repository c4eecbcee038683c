import { JOB } from '../../functions/captures.js'
import { cogroup } from '../joins.js'
import { unionNode } from '../nodes.js'
import { rowwise } from '../operators.js'
import { onTime, type Watermarks } from './stamps.js'
import type { State } from './windows.js'

type Stamped = [time: number, record: unknown]
/** The times at which a key's records were let through, in order, and those that this batch has let through. */
type Kept = [key: unknown, [times: number[], fresh: unknown[]]]

declare const $within: number
declare const $job: Watermarks

/**
 * Each key's records but those that are less than `within` from one that was let through. What is kept is the times of
 * these: no record that is not late comes near one that is `within` behind the watermark.
 */
export function withoutDuplicates(within: number, parts: number, location: string): State {
  const sides = cogroup(parts, 'dropDuplicates')
  const judged = rowwise('mapValues', {
    fn: ([[held], records]: [number[][], Stamped[]]) => {
      const earlier = held ?? []
      const times: number[] = []
      const fresh: unknown[] = []
      let later = 0
      for (const [time, record] of records.sort(([a], [b]) => a - b)) {
        while (earlier[later]! <= time) later++
        const neighbours = [earlier[later - 1], earlier[later], times.at(-1)]
        if (neighbours.some(kept => Math.abs(time - kept!) < $within)) continue
        times.push(time)
        fresh.push(record)
      }
      return [[...earlier, ...times].sort((a, b) => a - b), fresh]
    },
    captures: { $within: within },
    location,
  })
  const held = rowwise('flatMap', {
    fn: ([key, [times]]: Kept) => {
      const near = times.filter(time => time + $within > $job.before)
      return near.length === 0 ? [] : [[key, near]]
    },
    captures: { $within: within, $job: JOB },
    location,
  })
  const records = onTime(location)
  return {
    label: `event-time duplicates within ${within} ms`,
    parts,
    step: (previous, [batch]) =>
      judged(sides(previous === undefined ? unionNode([]) : held(previous), records(batch!))),
    shown: rowwise('flatMap', {
      fn: ([, [, fresh]]: Kept) => fresh,
      captures: undefined,
      location,
    }),
  }
}
