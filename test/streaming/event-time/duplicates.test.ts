import { test } from 'uvu'
import { exactly } from '../../support/exactly.js'
import { recordsOf, withStreaming } from '../../support/with-streaming.js'

test('each record is held against its neighbours, before and after it, of this batch and of those before', () =>
  withStreaming(async ({ ssc, clock }) => {
    const once = ssc
      .queueStream([
        [20, 0],
        [19, 21, 10, 15, 1],
        [5, 4, 26, 25, 30, 31],
      ])
      .withEventTime(x => x, { lateness: '1s' })
      .keyBy(() => 'k')
      .dropDuplicates('5ms')
    const results = recordsOf(once)
    await ssc.start()
    await clock.advance('3s')
    exactly(results, [
      [0, 20],
      [10, 15],
      [5, 25, 30],
    ])
  }))

test('many times of one key are no more work each than few', () =>
  withStreaming(
    async ({ ssc, clock }) => {
      const times = Array.from({ length: 300_000 }, (_, i) => i * 10)
      const once = ssc
        .queueStream([times, times.map(time => time + 5)])
        .withEventTime(x => x, { lateness: '1h' })
        .keyBy(() => 'k')
        .dropDuplicates('6ms')
      const results = recordsOf(once.count())
      await ssc.start()
      await clock.advance('2s')
      exactly(results, [[300_000], [0]])
    },
    // Which is not met if each is held against all.
    { taskTimeout: '20s', maxTaskFailures: 1 },
  ))

test.run()
