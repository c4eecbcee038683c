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

export interface ReferenceOptions {
  lateness: number
  /** The spans that a record belongs to. */
  spans: (time: number) => [start: number, end: number][]
  /** Spans of one key that overlap become one. */
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
  { lateness, spans, sessions = false, key = r => r.key, fold }: ReferenceOptions,
): { complete: ReferenceWindow[]; open: ReferenceWindow[]; late: TimedRecord[] }[] {
  let watermark = Number.NEGATIVE_INFINITY
  let windows: { key: unknown; start: number; end: number; records: TimedRecord[] }[] = []
  return batches.map(batch => {
    const late: TimedRecord[] = []
    for (const record of batch) {
      const all = spans(record.time)
      const open = all.filter(([, end]) => end > watermark)
      if (open.length === 0 && all.length > 0) late.push(record)
      for (const [start, end] of open) {
        const own = { key: key(record), start, end, records: [record] }
        const same = windows.filter(w =>
          w.key !== own.key ? false : sessions ? w.start < end && start < w.end : w.start === start,
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
    watermark = Math.max(watermark, ...batch.map(r => r.time - lateness))
    const shown = (early: boolean): ReferenceWindow[] =>
      windows
        .filter(w => w.end > watermark === early)
        .map(w => ({ key: w.key, start: w.start, end: w.end, value: fold(w.records), early }))
    const result = { complete: shown(false), open: shown(true), late }
    windows = windows.filter(w => w.end > watermark)
    return result
  })
}
