import type { WindowResult } from 'millrace'
import { test } from 'uvu'
import { exactly } from '../../support/exactly.js'
import { recordsOf, withStreaming } from '../../support/with-streaming.js'

/**
 * What Spark's Structured Streaming gives for the same input: the example of its programming guide with windows of ten minutes,
 * every five, and a watermark of ten, as recorded from Spark 2.4; and the cases of its own tests for append mode.
 */

const minute = (time: string): number => {
  const [h, m] = time.split(':').map(Number)
  return (h! * 60 + m!) * 60_000
}
const words = (...records: string[]): [time: number, word: string][] =>
  records.map(record => {
    const [time, word] = record.split(' ')
    return [minute(time!), word!]
  })
const clock = (time: number): string => new Date(time).toISOString().slice(11, 16)
const row = ({ key, start, value }: WindowResult<unknown, unknown>): string =>
  `${clock(start)} ${key} ${value}`

const GUIDE = [
  words('12:06 dog', '12:08 owl'),
  words('12:09 cat', '12:14 dog'),
  words('12:16 cat', '12:08 dog', '12:13 owl'),
  words('12:21 owl', '12:04 fish', '12:17 owl'),
  words('12:04 lion', '12:27 owl'),
]
/** Each window by its start: in update mode Spark shows those that a batch has changed. */
const UPDATED = [
  ['12:05 dog 1', '12:05 owl 1', '12:00 owl 1', '12:00 dog 1'],
  ['12:05 dog 2', '12:05 cat 1', '12:00 cat 1', '12:10 dog 1'],
  ['12:05 dog 3', '12:05 owl 2', '12:15 cat 1', '12:10 owl 1', '12:10 cat 1', '12:00 dog 2'],
  ['12:20 owl 1', '12:10 owl 2', '12:00 fish 1', '12:15 owl 2'],
  ['12:25 owl 1', '12:20 owl 2'],
]

test("early results that have changed are Spark's of update mode", () =>
  withStreaming(async ({ ssc, clock: time }) => {
    const windows = ssc
      .queueStream(GUIDE)
      .withEventTime(([at]) => at, { lateness: '10m' })
      .keyBy(([, word]) => word)
      .sliding('10m', '5m', { early: true })
    const [results, late] = [recordsOf(windows.count()), recordsOf(windows.late)]
    await ssc.start()
    await time.advance('5s')
    const seen = new Set<string>()
    const changed = results.map(batch => batch.map(row).filter(r => !seen.has(r) && seen.add(r)))
    exactly(
      changed.map(rows => rows.sort()),
      UPDATED.map(rows => [...rows].sort()),
    )
    // Spark forgets it without a word.
    exactly(late.flat(), words('12:04 lion'))
    // Spark's append mode shows them in the next batch: here the batch that moves the watermark does.
    const complete = results.map(batch => batch.filter(r => !r.early).map(row))
    exactly(
      complete.map(rows => rows.sort()),
      [
        [],
        [],
        [],
        ['12:00 cat 1', '12:00 dog 2', '12:00 fish 1', '12:00 owl 1'],
        ['12:05 cat 1', '12:05 dog 3', '12:05 owl 2'],
      ],
    )
  }))

test("tumbling windows are Spark's of append mode", () =>
  withStreaming(async ({ ssc, clock: time }) => {
    const windows = ssc
      .queueStream([[10, 11, 12, 13, 14, 15], [25], [10]])
      .withEventTime(n => n * 1000, { lateness: '10s' })
      .tumbling('5s')
    const [results, late] = [recordsOf(windows.count()), recordsOf(windows.late)]
    await ssc.start()
    await time.advance('3s')
    exactly(
      results.map(batch => batch.map(({ start, value }) => [start / 1000, value])),
      [[], [[10, 5]], []],
    )
    exactly(late, [[], [], [10]])
  }))

test("sessions are Spark's of append mode: those that touch are one", () =>
  withStreaming(async ({ ssc, clock: time }) => {
    const lines: [string, number][][] = [
      [
        ['hello world spark streaming', 40],
        ['world hello structured streaming', 41],
      ],
      [['spark streaming', 25]],
      [['spark streaming', 0]],
      [['spark streaming', 30]],
      [['hello apache spark', 60]],
      [['structured streaming', 90]],
    ]
    const sessions = ssc
      .queueStream(lines)
      .flatMap(([line, at]) => line.split(' ').map((word): [string, number] => [word, at]))
      .withEventTime(([, at]) => at * 1000, { lateness: '30s' })
      .keyBy(([word]) => word)
      .session('10s')
    const [results, late] = [recordsOf(sessions.count()), recordsOf(sessions.late)]
    await ssc.start()
    await time.advance('6s')
    exactly(
      results.map(batch => batch.map(s => [s.key, s.start / 1000, s.end / 1000, s.value]).sort()),
      [
        [],
        [],
        [],
        [],
        [],
        [
          ['hello', 40, 51, 2],
          ['spark', 25, 50, 3],
          ['streaming', 25, 51, 4],
          ['structured', 41, 51, 1],
          ['world', 40, 51, 2],
        ],
      ],
    )
    exactly(late.flat().sort(), [
      ['spark', 0],
      ['streaming', 0],
    ])
  }))

test.run()
