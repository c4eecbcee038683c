import fc from 'fast-check'
import { type DStream, type EventTimeStream, type EventTimeWindows, StreamingContext } from 'millrace'
import { sorted } from '../event-time.js'
import { asText, exactly } from '../exactly.js'
import { type ReferenceOptions, referenceWindows, spans, type TimedRecord } from '../reference/event-time.js'
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
    { minLength: 1, maxLength: 5 },
  )
  .map(batches => {
    let n = 0
    return batches.map(records => records.map(record => ({ ...record, n: n++ })))
  })

/** Whole seconds, and no lateness at all. */
export const latenesses = fc.integer({ min: 0, max: 3 })
export const lateness = (seconds: number): { lateness?: `${number}s` } =>
  seconds === 0 ? {} : { lateness: `${seconds}s` }

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
    late: latenesses,
    keyed: fc.boolean(),
    numPartitions: fc.integer({ min: 1, max: 3 }),
  })
  return property(name, programs, async ({ batches, shape, fold, late, keyed, numPartitions }, ground) => {
    const [results, tooLate] = await batchesOf(ground, batches.length, ssc => {
      const events = ssc.queueStream(batches).withEventTime(r => r.time, lateness(late))
      const windows = shape.of(keyed ? events.keyBy(r => r.key) : events, { early, numPartitions })
      return [fold.of(windows), windows.late]
    })
    const expected = referenceWindows(batches, {
      lateness: late * 1000,
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
