import fc from 'fast-check'
import {
  type DStream,
  type EventTimeOptions,
  type EventTimeStream,
  type EventTimeWindows,
  StreamingContext,
} from 'millrace'
import { sorted } from '../event-time.js'
import { asText, exactly } from '../exactly.js'
import {
  type ReferenceOptions,
  type ReferenceTimes,
  referenceDuplicates,
  referenceJoin,
  referenceWindows,
  spans,
  type TimedRecord,
} from '../reference/event-time.js'
import { recordsOf } from '../with-streaming.js'
import { type Ground, type Property, property } from './prove.js'

/** Batches of records out of order: times are near, so that many fall together, touch, or come too late. */
export const disorders: fc.Arbitrary<TimedRecord[][]> = fc
  .array(
    fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b'),
        time: fc.oneof(fc.integer({ min: -3, max: 14 }), fc.integer({ min: 0, max: 40 })).map(t => t * 500),
      }),
      { maxLength: 5 },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map(batches => {
    let n = 0
    return batches.map(records => records.map(record => ({ ...record, n: n++ })))
  })

/** How times are to be understood, in milliseconds for the reference. */
const timings = fc.record({
  lateness: fc.integer({ min: 0, max: 6 }).map(n => n * 500),
  idle: fc.option(fc.constantFrom(500, 1000, 1500, 2000), { nil: undefined }),
})
const options = ({ lateness, idle }: ReferenceTimes): EventTimeOptions => ({
  lateness: `${lateness}ms`,
  ...(idle !== undefined && { idle: `${idle}ms` }),
})

/** The batches of a second stream, as many as the first has. */
const asManyAs = (batches: TimedRecord[][], other: TimedRecord[][]): TimedRecord[][] =>
  batches.map((_, i) => other[i] ?? [])

/** Runs streams that are built on a streaming context, batch by batch, and gives the records of each. */
export async function batchesOf(
  { sc, clock }: Ground,
  seconds: number,
  build: (ssc: StreamingContext) => DStream<unknown>[],
): Promise<unknown[][][]> {
  const ssc = new StreamingContext(sc, '1s')
  const seen = build(ssc).map(recordsOf)
  await ssc.start()
  const over = ssc.awaitTermination()
  over.catch(() => {}) // until it is awaited
  await clock.advance(`${seconds}s`)
  await ssc.stop({ stopContext: false })
  await over
  return seen
}

/** Holds batches equal, whatever the order within one. */
export function sameBatches(received: unknown[][], expected: unknown[][]): void {
  const [r, e] = [received.map(sorted), expected.map(sorted)]
  if (asText(r) !== asText(e)) exactly(r, e)
}

interface Fold {
  // biome-ignore lint/suspicious/noExplicitAny: the values of the folds differ
  of: (windows: EventTimeWindows<TimedRecord, any>) => DStream<unknown>
  reference: ReferenceOptions['fold']
}

const sum = (records: TimedRecord[]): number => records.reduce((total, r) => total + r.n, 0)

/** What becomes of a window's records. */
const folds = fc.constantFrom<Fold>(
  { of: w => w.count(), reference: records => records.length },
  {
    of: w => w.reduce((a, b) => (a.n > b.n ? a : b)),
    reference: records => records.reduce((a, b) => (a.n > b.n ? a : b)),
  },
  {
    of: w =>
      w.aggregate(
        [0, 0],
        ([n, total], r) => [n! + 1, total! + r.n],
        ([n, total], [m, more]) => [n! + m!, total! + more!],
      ),
    reference: records => [records.length, sum(records)],
  },
)

/** Windows of a shape: as the library makes them, and the spans of a record for the reference. */
interface Shape {
  of: (
    stream: EventTimeStream<TimedRecord, unknown>,
    options: { early: boolean; numPartitions: number },
  ) => EventTimeWindows<TimedRecord, unknown>
  spans: ReferenceOptions['spans']
  sessions?: boolean
}

function sliding(size: number, slide: number): Shape {
  return {
    of: (stream, options) =>
      size === slide
        ? stream.tumbling(`${size}s`, options)
        : stream.sliding(`${size}s`, `${slide}s`, options),
    spans: spans(size * 1000, slide * 1000),
  }
}

const seconds = fc.integer({ min: 1, max: 4 })
const tumblings = seconds.map(s => sliding(s, s))
const slidings = fc.tuple(seconds, seconds).map(([size, slide]) => sliding(size, slide))
const sessions = seconds.map(
  (gap): Shape => ({
    of: (stream, options) => stream.session(`${gap}s`, options),
    spans: time => [[time, time + gap * 1000]],
    sessions: true,
  }),
)

/** Windows give, batch by batch, what the reference has complete and open; late records are its late records. */
function windowed(name: string, shapes: fc.Arbitrary<Shape>, early: boolean): Property {
  const programs = fc.record({
    batches: disorders,
    shape: shapes,
    fold: folds,
    times: timings,
    keyed: fc.boolean(),
    numPartitions: fc.integer({ min: 1, max: 3 }),
  })
  return property(name, programs, async ({ batches, shape, fold, times, keyed, numPartitions }, ground) => {
    const [results, tooLate] = await batchesOf(ground, batches.length, ssc => {
      const events = ssc.queueStream(batches).withEventTime(r => r.time, options(times))
      const windows = shape.of(keyed ? events.keyBy(r => r.key) : events, { early, numPartitions })
      return [fold.of(windows), windows.late]
    })
    const expected = referenceWindows(batches, {
      ...times,
      ...shape,
      ...(!keyed && { key: () => null }),
      fold: fold.reference,
    })
    sameBatches(
      results!,
      expected.map(({ complete, open }) => (early ? [...complete, ...open] : complete)),
    )
    sameBatches(
      tooLate!,
      expected.map(({ late }) => late),
    )
  })
}

export const TUMBLING_PROPERTIES = [
  windowed('tumbling windows fire once, with all that is not late', tumblings, false),
]
export const SLIDING_PROPERTIES = [
  windowed('sliding windows fire once each, and late is what has missed all', slidings, false),
]
export const SESSION_PROPERTIES = [
  windowed('sessions are those of the reference, whatever comes first', sessions, false),
]
export const EARLY_PROPERTIES = [
  windowed('early results are all windows, as they are', fc.oneof(tumblings, slidings, sessions), true),
]

const halfSeconds = fc.integer({ min: 0, max: 6 }).map(n => n * 500)

export const DUPLICATE_PROPERTIES = [
  property(
    'duplicates are told by what was let through, of all times',
    fc.record({
      batches: disorders,
      within: fc.integer({ min: 1, max: 6 }).map(n => n * 500),
      times: timings,
      n: fc.integer({ min: 1, max: 3 }),
    }),
    async ({ batches, within, times, n }, ground) => {
      const [through, late] = await batchesOf(ground, batches.length, ssc => {
        const once = ssc
          .queueStream(batches.map(b => ground.sc.parallelize(b, 2)))
          .withEventTime(r => r.time, options(times))
          .keyBy(r => r.key)
          .dropDuplicates(`${within}ms`, n)
        return [once, once.late]
      })
      const expected = referenceDuplicates(batches, within, times)
      const sameOf = (received: unknown[][], kind: 'through' | 'late'): void =>
        sameBatches(
          received,
          expected.map(e => e[kind]),
        )
      sameOf(through!, 'through')
      sameOf(late!, 'late')
    },
  ),
]

export const INTERVAL_JOIN_PROPERTIES = [
  property(
    'an interval join pairs what is near, whatever comes first',
    fc.record({
      left: disorders,
      right: disorders,
      bounds: fc.tuple(halfSeconds, halfSeconds),
      times: fc.tuple(timings, timings),
      n: fc.integer({ min: 1, max: 3 }),
    }),
    async ({ left, right: others, bounds, times, n }, ground) => {
      const right = asManyAs(left, others)
      const [pairs, late, lateOther] = await batchesOf(ground, left.length, ssc => {
        const [a, b] = [left, right].map((batches, side) =>
          ssc
            .queueStream(batches)
            .withEventTime(r => r.time, options(times[side]!))
            .keyBy(r => r.key),
        )
        const [before, after] = bounds
        const joined = a!.join(b!, { before: `${before}ms`, after: `${after}ms` }, n)
        return [joined, joined.late, joined.lateOther]
      })
      const expected = referenceJoin([left, right], bounds, times)
      sameBatches(
        pairs!,
        expected.map(e => e.pairs),
      )
      for (const [side, received] of [late, lateOther].entries())
        sameBatches(
          received!,
          expected.map(e => e.late[side]!),
        )
    },
  ),
]
