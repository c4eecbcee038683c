/** Event time by plain loops over all records, batch by batch: what the stream must give. */
export interface TimedRecord {
  key: string
  time: number
  n: number
}

export interface ReferenceWindow {
  key: unknown
  start: number
  end: number
  value: unknown
  early: boolean
}

/** Milliseconds, as the options of withEventTime. */
export interface ReferenceTimes {
  lateness: number
  idle?: number | undefined
}

/** The watermark of a stream with a batch every second. */
export class ReferenceWatermark {
  now = Number.NEGATIVE_INFINITY
  readonly #times: ReferenceTimes
  #time = 0
  #lastRecord = 0

  constructor(times: ReferenceTimes) {
    this.#times = times
  }

  /** True if nobody waits for it: no record has come, for long. */
  get silent(): boolean {
    const { idle } = this.#times
    return this.now === Number.NEGATIVE_INFINITY && idle !== undefined && this.#time >= idle
  }

  advance(batch: readonly TimedRecord[]): void {
    const { lateness, idle } = this.#times
    this.#time += 1000
    if (batch.length > 0) this.#lastRecord = this.#time
    else if (idle !== undefined) this.now += Math.max(0, Math.min(1000, this.#time - this.#lastRecord - idle))
    for (const { time } of batch) this.now = Math.max(this.now, time - lateness)
  }
}

export interface ReferenceOptions extends ReferenceTimes {
  /** The spans that a record belongs to. */
  spans: (time: number) => [start: number, end: number][]
  /** Spans of one key that overlap or touch become one. */
  sessions?: boolean
  key?: (record: TimedRecord) => unknown
  fold: (records: TimedRecord[]) => unknown
}

/** The spans of tumbling and sliding windows. */
export const spans =
  (size: number, slide: number): ReferenceOptions['spans'] =>
  time => {
    const found: [number, number][] = []
    for (let start = Math.floor(time / slide) * slide; start + size > time; start -= slide)
      found.push([start, start + size])
    return found
  }

/** What each batch completes, what it has open at its end, and which of its records are late. */
export function referenceWindows(
  batches: readonly (readonly TimedRecord[])[],
  { spans, sessions = false, key = r => r.key, fold, ...times }: ReferenceOptions,
): { complete: ReferenceWindow[]; open: ReferenceWindow[]; late: TimedRecord[] }[] {
  const watermark = new ReferenceWatermark(times)
  let windows: { key: unknown; start: number; end: number; records: TimedRecord[] }[] = []
  return batches.map(batch => {
    const late: TimedRecord[] = []
    for (const record of batch) {
      const all = spans(record.time)
      const open = all.filter(([, end]) => end > watermark.now)
      if (open.length === 0 && all.length > 0) late.push(record)
      for (const [start, end] of open) {
        const own = { key: key(record), start, end, records: [record] }
        const same = windows.filter(w =>
          w.key !== own.key ? false : sessions ? w.start <= end && start <= w.end : w.start === start,
        )
        windows = windows.filter(w => !same.includes(w))
        windows.push({
          key: own.key,
          start: Math.min(start, ...same.map(w => w.start)),
          end: Math.max(end, ...same.map(w => w.end)),
          records: [...same.flatMap(w => w.records), record],
        })
      }
    }
    watermark.advance(batch)
    const shown = (early: boolean): ReferenceWindow[] =>
      windows
        .filter(w => w.end > watermark.now === early)
        .map(w => ({ key: w.key, start: w.start, end: w.end, value: fold(w.records), early }))
    const result = { complete: shown(false), open: shown(true), late }
    windows = windows.filter(w => w.end > watermark.now)
    return result
  })
}

/** What each batch lets through: what is not near what was let through before, of all times. */
export function referenceDuplicates(
  batches: readonly (readonly TimedRecord[])[],
  within: number,
  times: ReferenceTimes,
): { through: TimedRecord[]; late: TimedRecord[] }[] {
  const watermark = new ReferenceWatermark(times)
  const all: TimedRecord[] = []
  return batches.map(batch => {
    const late = batch.filter(r => r.time < watermark.now)
    const through: TimedRecord[] = []
    for (const r of batch.filter(r => !late.includes(r)).sort((a, b) => a.time - b.time)) {
      if (all.some(kept => kept.key === r.key && Math.abs(kept.time - r.time) < within)) continue
      all.push(r)
      through.push(r)
    }
    watermark.advance(batch)
    return { through, late }
  })
}

/** What each batch pairs, of all records that were not late. */
export function referenceJoin(
  sides: [left: TimedRecord[][], right: TimedRecord[][]],
  [before, after]: [before: number, after: number],
  times: [left: ReferenceTimes, right: ReferenceTimes],
): { pairs: unknown[]; late: [left: TimedRecord[], right: TimedRecord[]] }[] {
  const watermarks = times.map(t => new ReferenceWatermark(t))
  let watermark = Number.NEGATIVE_INFINITY
  const all: TimedRecord[][] = [[], []]
  return sides[0].map((_, batch) => {
    const fresh = sides.map(side => side[batch]!)
    const late = fresh.map(records => records.filter(r => r.time < watermark)) as [
      TimedRecord[],
      TimedRecord[],
    ]
    fresh.forEach((records, side) => {
      all[side]!.push(...records.filter(r => !late[side]!.includes(r)))
    })
    const pairs = all[0]!.flatMap(l =>
      all[1]!
        .filter(r => r.key === l.key && r.time >= l.time - before && r.time <= l.time + after)
        .filter(r => fresh[0]!.includes(l) || fresh[1]!.includes(r))
        .map(r => [l.key, [l, r]]),
    )
    watermarks.forEach((w, side) => {
      w.advance(fresh[side]!)
    })
    const heard = watermarks.filter(w => !w.silent)
    watermark = Math.max(watermark, Math.min(...(heard.length > 0 ? heard : watermarks).map(w => w.now)))
    return { pairs, late }
  })
}
