import type { DStream, Duration } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { recordsOf, timesOf, withStreaming } from '../support/with-streaming.js'

/** What a chain makes of batches of one number each, 1, 2, 3 …, in `seconds` batches. */
const windows = (
  seconds: number,
  chain: (stream: DStream<number>) => DStream<unknown>,
): Promise<[unknown[][], number[]]> =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = chain(ssc.queueStream(Array.from({ length: seconds }, (_, i) => [i + 1])))
    const result: [unknown[][], number[]] = [recordsOf(stream), timesOf(stream)]
    await ssc.start()
    await clock.advance(`${seconds}s`)
    return result
  })

test('a window holds the last batches, the oldest first; the first windows hold what there is', async () => {
  exactly(await windows(4, s => s.window('3s')), [
    [[1], [1, 2], [1, 2, 3], [2, 3, 4]],
    [1000, 2000, 3000, 4000],
  ])
})

test('windows fire at their slide: side by side, overlapping, or with a gap', async () => {
  exactly(await windows(6, s => s.window('2s', '2s')), [
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [2000, 4000, 6000],
  ])
  exactly((await windows(6, s => s.window('3s', '2s')))[0], [
    [1, 2],
    [2, 3, 4],
    [4, 5, 6],
  ])
  exactly((await windows(6, s => s.window('1s', '3s')))[0], [[3], [6]])
})

test('a window of a window holds windows', async () => {
  exactly((await windows(6, s => s.window('2s').window('4s', '2s')))[0], [
    [1, 1, 2],
    [1, 1, 2, 2, 3, 3, 4],
    [2, 3, 3, 4, 4, 5, 5, 6],
  ])
})

test('what a window is made of is computed once for each batch', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const calls = sc.accumulator(0)
    const mapped = ssc
      .queueStream([[1], [2], [3], [4]])
      .map(
        x => {
          calls.add(1)
          return x
        },
        { calls },
      )
      .window('3s')
    const records = recordsOf(mapped)
    await ssc.start()
    await clock.advance('4s')
    exactly([records.at(-1), calls.value], [[2, 3, 4], 4])
  }))

test('what was received stays as long as a window needs it, and does not hold back its source', () =>
  withStreaming(async ({ ssc, clock }) => {
    let given = 0
    async function* numbers(): AsyncGenerator<number> {
      for (;;) yield given++
    }
    const records = recordsOf(ssc.from(numbers(), { maxPendingRecords: 2 }).window('4s'))
    await ssc.start()
    for (let i = 0; i < 8; i++) {
      for (let turns = 0; given < 2 * i + 2 && turns < 1000; turns++) await new Promise(setImmediate)
      await clock.advance('1s')
    }
    exactly(records.at(-1), [8, 9, 10, 11, 12, 13, 14, 15])
  }))

test('window and slide are multiples of the slide of the stream they are made of', () =>
  withStreaming(async ({ ssc }) => {
    const stream = ssc.queueStream([[1]])
    const bad: [Duration, Duration | undefined, RegExp][] = [
      [
        '1500ms',
        undefined,
        /windowDuration must be multiple of the parent dstream's slide \(batch\) duration \(1000 ms\)/,
      ],
      [
        '2s',
        '1500ms',
        /slideDuration must be multiple of the parent dstream's slide \(batch\) duration \(1000 ms\)/,
      ],
      [2 as never, undefined, /'2s' or '2ms'/],
    ]
    for (const [window, slide, text] of bad)
      await fails(() => stream.window(window, slide), 'MILLRACE_DURATION', text)
    await fails(() => stream.window('4s', '2s').window('3s'), 'MILLRACE_DURATION', /\(2000 ms\)/)
    await fails(() => stream.union(stream.window('2s', '2s')), 'MILLRACE_OPTION', /same slide duration/)
  }))

test('explain() names the window', () =>
  withStreaming(async ({ ssc }) => {
    ssc
      .queueStream([[1]])
      .window('4s', '2s')
      .count()
      .pprint()
    assert.match(ssc.explain(), /window of 4000 ms every 2000 ms/)
  }))

test.run()
