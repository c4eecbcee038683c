import type { DStream, EventTimeStream, StreamingContext, WindowResult } from 'millrace'
import { test } from 'uvu'
import { exactly } from '../../support/exactly.js'
import { DIFFERENCES } from '../../support/spark-differences.js'
import {
  inputOf,
  ms,
  RECORDED,
  type Recorded,
  rowsOf,
  type Timed,
} from '../../support/structured-streaming.js'
import { recordsOf, withStreaming } from '../../support/with-streaming.js'

/**
 * Batch by batch what Spark's Structured Streaming gave for the same input in a real run, its programming guide's example and
 * its own tests' among them. It was recorded with `statefulOperator.allowMultiple=false`, by which late rows are told by the
 * same watermark as complete windows, as here. With today's default they are told by the watermark of the batch before, so
 * that a window still takes rows in the batch after the one that completed it: of the guide's example, `fish` at 12:04 is then
 * counted in the window that ends at 12:05 also.
 *
 * Spark shows a complete window in the batch after the one that moves the watermark; here that batch does.
 */

type Rows = string[][]

/** What a case shows as rows, batch by batch, and what is late. */
interface Shown {
  append: Rows
  update: Rows | undefined
  late: number[]
}

const windowRow = ({ key, start, end, value }: WindowResult<unknown, number[]>): string =>
  `${key} ${start} ${end} ${value.sort((a, b) => a - b).join(' ')}`

/** Runs a case, and gives what it has shown once it is over. */
function build(ssc: StreamingContext, c: Recorded): () => Shown {
  const streams = c.input.map((name, i) =>
    ssc.queueStream(inputOf(name)).withEventTime(r => r.time, { lateness: ms(c.lateness[i]) }),
  )
  const keyed = streams.map(stream => stream.keyBy(r => r.key))
  const lateOf = (...lates: DStream<Timed>[]): (() => number[]) => {
    const all = lates.map(late => recordsOf(late))
    return () => all[0]!.map((_, i) => all.reduce((n, late) => n + late[i]!.length, 0))
  }
  if (c.kind === 'window' || c.kind === 'session') {
    const stream = (c.keyed ? keyed : streams)[0] as EventTimeStream<Timed, unknown>
    const windows =
      c.kind === 'session'
        ? stream.session(ms(c.gap), { early: true })
        : stream.sliding(ms(c.size), ms(c.slide), { early: true })
    const lists = windows.aggregate(
      [] as number[],
      (list, r) => [...list, r.n],
      (a, b) => [...a, ...b],
    )
    const [results, late] = [recordsOf(lists), lateOf(windows.late)]
    return () => {
      const seen = new Set<string>()
      const fresh = (row: string): boolean => !seen.has(row) && seen.add(row) !== undefined
      const complete = results.map(batch => batch.filter(w => !w.early).map(windowRow))
      const update = results.map(batch => batch.map(windowRow).filter(fresh))
      return { append: [[], ...complete.slice(0, -1)], update: c.update && update, late: late() }
    }
  }
  if (c.kind === 'join') {
    const joined = keyed[0]!.join(keyed[1]!, { before: ms(c.before), after: ms(c.after) })
    const pairs = recordsOf(joined.map(([key, [a, b]]) => `${key} ${a.n} ${b.n}`))
    const late = lateOf(joined.late, joined.lateOther)
    return () => ({ append: pairs, update: undefined, late: late() })
  }
  const once = keyed[0]!.dropDuplicates(ms(c.within))
  const [through, late] = [recordsOf(once.map(r => `${r.key} ${r.time} ${r.n}`)), lateOf(once.late)]
  return () => ({ append: through, update: undefined, late: late() })
}

/** `- row` for what Spark alone has in a batch, `+ row` for what is here alone; with the number of the batch. */
function differences(spark: string[], rows: Rows): string[] {
  return spark.flatMap((batch, i) => {
    const [theirs, ours] = [rowsOf(batch), rows[i]!]
    return [
      ...theirs.filter(row => !ours.includes(row)).map(row => `${i} - ${row}`),
      ...ours
        .filter((row, j) => !theirs.includes(row) || ours.indexOf(row) !== j)
        .map(row => `${i} + ${row}`),
    ].sort()
  })
}

/** Spark counts rows once they are in windows, and after it has merged those of one group: there its numbers say less. */
const countsRecords = (c: Recorded): boolean =>
  c.kind !== 'window' || (c.size === c.slide && c.keyed === true)

for (const c of RECORDED) {
  const { why, append = [], update = [], late: known = c.dropped } = DIFFERENCES[c.name] ?? {}
  test(`${c.name}: ${why ?? "Spark's, batch by batch"}`, () =>
    withStreaming(async ({ ssc, clock }) => {
      const shown = build(ssc, c)
      await ssc.start()
      await clock.advance(`${c.append.length}s`)
      const { late, ...rows } = shown()
      exactly(differences(c.append, rows.append), append)
      exactly(c.update && differences(c.update, rows.update!), c.update && update)
      if (countsRecords(c)) exactly(late, known)
    }))
}

test.run()
