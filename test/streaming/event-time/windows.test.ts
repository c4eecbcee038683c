import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { disorder, sorted } from '../../support/event-time.js'
import { exactly } from '../../support/exactly.js'
import { referenceWindows, spans } from '../../support/reference/event-time.js'
import { Seeded } from '../../support/seeded.js'
import { recordsOf, withStreaming } from '../../support/with-streaming.js'

const LATENESS = 3000

for (const [name, size, slide] of [
  ['tumbling', 2000, 2000],
  ['sliding', 3000, 1000],
] as const) {
  test(`${name} windows by key count what the reference counts, and tell what is late`, () =>
    withStreaming(async ({ ssc, clock }) => {
      const batches = disorder(new Seeded(1), 25)
      const expected = referenceWindows(batches, {
        lateness: LATENESS,
        spans: spans(size, slide),
        fold: records => records.length,
      })
      assert.ok(expected.some(e => e.late.length > 0))
      const windows = ssc
        .queueStream(batches)
        .withEventTime(r => r.time, { lateness: '3s' })
        .keyBy(r => r.key)
        .sliding(`${size}ms`, `${slide}ms`)
      const [counts, late] = [recordsOf(windows.count()), recordsOf(windows.late)]
      await ssc.start()
      await clock.advance('25s')
      exactly(
        counts.map(sorted),
        expected.map(e => sorted(e.complete)),
      )
      exactly(
        late.map(sorted),
        expected.map(e => sorted(e.late)),
      )
    }))
}

test.run()
