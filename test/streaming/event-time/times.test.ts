import { test } from 'uvu'
import { exactly, fails } from '../../support/exactly.js'
import { recordsOf, withStreaming } from '../../support/with-streaming.js'

/** What is no time: the function that gives it, and how the error shows it. */
const WRONG: [shown: string, time: () => unknown][] = [
  ['NaN', () => Number.NaN],
  ['Infinity', () => Number.POSITIVE_INFINITY],
  ['"5"', () => '5'],
  ['10n', () => 10n],
  ['undefined', () => undefined],
  ['null', () => null],
  ['Invalid Date', () => new Date(Number.NaN)],
  ['Symbol(5)', () => Symbol('5')],
  ['{"at":5}', () => ({ at: 5 })],
  ['[5]', () => [5]],
  ['[object Object]', () => ({ at: 5n })],
  [`"${'x'.repeat(78)}…`, () => 'x'.repeat(1000)],
]

for (const [shown, time] of WRONG)
  test(`${shown} is no time: it is shown as it is`, () =>
    withStreaming(async ({ ssc, clock }) => {
      const late = recordsOf(
        ssc
          .queueStream([[1]])
          .withEventTime(time as () => number)
          .tumbling('1s').late,
      )
      await ssc.start()
      await clock.advance('1s')
      exactly(late, [])
      const text = `TypeError: expected an event time in epoch milliseconds, or a Date, but received ${shown}`
      const error = await fails(ssc.awaitTermination(), 'MILLRACE_TASK', /withEventTime at times\.test/)
      exactly(error.message.includes(`${text} in`), true, error.message)
    }))

test('a time beyond what a Date can be is refused, with a hint, and no loop goes on for ever', () =>
  withStreaming(
    async ({ ssc, clock }) => {
      const batches = [
        [8.64e15, -8.64e15, 1_700_000_000_000 * 1e6 + 1024],
        [1e300],
        [-8.64e15 - 1],
        [8.64e15],
      ]
      const windows = ssc.queueStream(batches).withEventTime(x => x, { lateness: '300ms' })
      const results = recordsOf(windows.sliding('200ms', '100ms').count())
      await ssc.start()
      await clock.advance('4s')
      exactly(results, [[]])
      await fails(
        ssc.awaitTermination(),
        'MILLRACE_TASK',
        /received 1700000000000001000, which is beyond .* Date.* microseconds or nanoseconds\?/,
      )
    },
    { taskTimeout: '5s' },
  ))

test('a time of -0 is 0', () =>
  withStreaming(async ({ ssc, clock }) => {
    const events = ssc.queueStream([[-0], [5000]]).withEventTime(x => x)
    const all = [events.tumbling('1s'), events.session('1s')].map(windows => recordsOf(windows.count()))
    await ssc.start()
    await clock.advance('2s')
    const window = { key: null, start: 0, end: 1000, value: 1, early: false }
    exactly(all, [
      [[], [window]],
      [[], [window]],
    ])
  }))

test('a time may have fractions: each falls into its window, down to the smallest', () =>
  withStreaming(async ({ ssc, clock }) => {
    const times = [999.9999, 1000.0001, -0.5, -1e-20, 0.25]
    const results = recordsOf(
      ssc
        .queueStream([times, [10_000]])
        .withEventTime(x => x, { lateness: '5s' })
        .tumbling('1s')
        .count()
        .map(w => [w.start, w.value]),
    )
    await ssc.start()
    await clock.advance('2s')
    exactly(
      results.map(batch => batch.sort(([a], [b]) => a! - b!)),
      [
        [],
        [
          [-1000, 2],
          [0, 2],
          [1000, 1],
        ],
      ],
    )
  }))

test.run()
