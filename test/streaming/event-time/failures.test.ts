import type { DStream } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../../support/exactly.js'
import { recordsOf, type Streaming, withStreaming } from '../../support/with-streaming.js'

declare global {
  /** On the one worker of a context: {@link brittle} has failed. */
  var failed: boolean | undefined
}

/** A number; 3000 fails when it first comes. */
const brittle = (x: number): number => {
  if (x !== 3000 || globalThis.failed) return x
  globalThis.failed = true
  throw new Error('for a passing reason')
}
const listed = (list: number[], x: number): number[] => [...list, brittle(x)]
const together = (a: number[], b: number[]): number[] => [...a, ...b]

/** Each batch that an output has got: its time in seconds, and its records. */
function batchesOf<T>(stream: DStream<T>): [seconds: number, records: T[]][] {
  const batches: [number, T[]][] = []
  stream.foreachRDD(async (rdd, time) => {
    batches.push([time / 1000, await rdd.collect()])
  })
  return batches
}

/** Builds streams where a task has one attempt, runs them for seconds, and expects the second batch to fail. */
const failing = (
  seconds: number,
  build: (streaming: Streaming) => () => void,
  pattern = /for a passing reason.*batch 2000 ms/,
): Promise<void> =>
  withStreaming(
    async streaming => {
      const check = build(streaming)
      await streaming.ssc.start()
      await streaming.clock.advance(`${seconds}s`)
      check()
      await fails(streaming.ssc.awaitTermination(), 'MILLRACE_TASK', pattern)
    },
    { threads: 1, maxTaskFailures: 1 },
  )

test('windows that a failed batch would have fired fire in the next one, without its records', () =>
  failing(4, ({ ssc }) => {
    const windows = ssc
      .queueStream([[1], [2, 3000], [3100], [9000]])
      .withEventTime(x => x)
      .tumbling('1s')
    const results = batchesOf(windows.aggregate([] as number[], listed, together, { brittle }))
    return () =>
      exactly(
        results.map(([at, records]) => [at, ...records.map(({ start, value }) => [start, value])]),
        [[1], [3, [0, [1]]], [4, [3000, [3100]]]],
      )
  }))

test('nothing is late for a window that a failed batch would have fired', () =>
  failing(5, ({ ssc }) => {
    const windows = ssc
      .queueStream([[1], [2, 3000], [3, 3100], [4, 9000], [5]])
      .withEventTime(x => x)
      .tumbling('1s')
    // Before it is known what becomes of the windows, and after.
    const [before, inWindow] = [batchesOf(windows.late), batchesOf(windows.late.window('5s', '5s'))]
    const results = batchesOf(windows.aggregate([] as number[], listed, together, { brittle }))
    const after = batchesOf(windows.late)
    return () => {
      const late = [
        [1, []],
        [2, []],
        [3, []],
        [4, [4]],
        [5, [5]],
      ]
      exactly([before, after, inWindow], [late, late, [[5, [4, 5]]]])
      exactly(
        results.map(([at, records]) => [at, ...records.map(({ value }) => value)]),
        [[1], [3, [1, 3]], [4, [3100]], [5]],
      )
    }
  }))

test('the same with sessions', () =>
  failing(4, ({ ssc }) => {
    const sessions = ssc
      .queueStream([[1], [2, 3000], [3], [9000]])
      .withEventTime(x => x)
      .session('1s')
    const results = batchesOf(sessions.aggregate([] as number[], listed, together, { brittle }))
    const late = batchesOf(sessions.late)
    return () => {
      exactly(
        results.map(([at, records]) => [at, ...records.map(({ value }) => value)]),
        [[1], [3, [1, 3]], [4]],
      )
      exactly(
        late.flatMap(([, records]) => records),
        [],
      )
    }
  }))

test('what a failed batch would have let through first is let through by the next one', () =>
  failing(4, ({ ssc }) => {
    const once = ssc
      .queueStream([[1], [3000], [2000, 3000], [2000, 3000]])
      .withEventTime(x => x)
      .keyBy(x => brittle(x), { brittle })
      .dropDuplicates('1s')
    const [through, late] = [batchesOf(once), batchesOf(once.late)]
    return () => {
      exactly(through, [
        [1, [1]],
        [3, [2000, 3000]],
        [4, []],
      ])
      exactly(late, [
        [1, []],
        [2, []],
        [3, []],
        [4, [2000]],
      ])
    }
  }))

test('a failed batch is in no pair of a join, and nothing is late because of it', () =>
  failing(4, ({ ssc }) => {
    const events = ssc.queueStream([[1], [3000], [1, 3000], [1]]).withEventTime(x => x)
    const others = ssc.queueStream([[], [3000], [1], [3000]]).withEventTime(x => x, { lateness: '1s' })
    const joined = events
      .keyBy(x => brittle(x), { brittle })
      .join(
        others.keyBy(x => x),
        '0s',
      )
    const all = [joined, joined.late, joined.lateOther].map(stream => batchesOf<unknown>(stream))
    return () =>
      exactly(all, [
        [
          [1, []],
          [
            3,
            [
              [1, [1, 1]],
              [1, [1, 1]],
            ],
          ],
          [4, [[3000, [3000, 3000]]]],
        ],
        [1, 2, 3, 4].map(at => [at, at === 4 ? [1] : []]),
        [1, 2, 3, 4].map(at => [at, []]),
      ])
  }))

test('a time that cannot be had fails the batch for all outputs', () =>
  failing(4, ({ ssc }) => {
    const windows = ssc
      .queueStream([[1], [2, 3000], [3, 3100], [9000]])
      .withEventTime(brittle)
      .tumbling('1s')
    const all = [
      windows.count().map(w => w.value),
      windows.late,
      windows.reduce((a, b) => a + b).map(w => w.value),
    ]
    const [counts, late, sums] = all.map(batchesOf)
    return () =>
      exactly(
        [counts, late, sums],
        [
          [
            [1, []],
            [3, [2]],
            [4, [1]],
          ],
          [
            [1, []],
            [3, []],
            [4, []],
          ],
          [
            [1, []],
            [3, [4]],
            [4, [3100]],
          ],
        ],
      )
  }))

test('windows of which one result has failed go on with the others; late is what has missed all', () =>
  failing(5, ({ ssc }) => {
    const windows = ssc
      .queueStream([[1], [2, 3000], [3], [4, 9000], [5]])
      .withEventTime(x => x)
      .tumbling('1s')
    const counts = batchesOf(windows.count().map(w => w.value))
    const lists = batchesOf(
      windows.aggregate([] as number[], listed, together, { brittle }).map(w => w.value),
    )
    const late = batchesOf(windows.late)
    return () =>
      exactly(
        [counts, lists, late],
        [
          [
            [1, []],
            [2, [2]],
            [3, []],
            [4, [1]],
            [5, []],
          ],
          [
            [1, []],
            [3, [[1, 3]]],
            [4, []],
            [5, []],
          ],
          [
            [1, []],
            [2, []],
            [3, []],
            [4, [4]],
            [5, [5]],
          ],
        ],
      )
  }))

test('what one output has not got no other gets, in this batch or in a window', () =>
  failing(4, ({ ssc }) => {
    const windows = ssc
      .queueStream([[1], [2, 3000], [3100], [9000]])
      .withEventTime(x => x)
      .tumbling('1s')
    const results = windows.aggregate([] as number[], listed, together, { brittle }).map(w => w.value)
    const outputs = [results, results, results.window('2s', '1s')].map(batchesOf)
    return () =>
      exactly(outputs, [
        [
          [1, []],
          [3, [[1]]],
          [4, [[3100]]],
        ],
        [
          [1, []],
          [3, [[1]]],
          [4, [[3100]]],
        ],
        // At 3 it has the failed batch in it.
        [
          [1, []],
          [4, [[1], [3100]]],
        ],
      ])
  }))

test('what a failed output has not taken is gone: the state has gone on', () =>
  failing(
    4,
    ({ ssc }) => {
      const counts = ssc
        .queueStream([[1], [2, 3000], [3], [9000]])
        .withEventTime(x => x)
        .tumbling('1s')
        .count()
      counts.foreachRDD((_, time) => {
        if (time === 2000) throw new Error('the sink is down')
      })
      const others = recordsOf(counts.map(w => w.value))
      return () => exactly(others, [[], [2], [], [1]])
    },
    /the sink is down/,
  ))

test('a batch without a plan counts, and what it would have fired fires once, in the next one', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2, 3000], [3], [9000], []])
    stream
      .transform((rdd, time) => {
        if (time === 2000) throw new Error('no plan')
        return rdd
      })
      .foreachRDD(() => {})
    const windows = stream.withEventTime(x => x).tumbling('1s')
    const values = windows.count().map(w => w.value)
    const [single, double] = [batchesOf(values), batchesOf(values.window('2s', '1s'))]
    const late = batchesOf(windows.late.window('2s', '1s'))
    await ssc.start()
    await clock.advance('5s')
    exactly(
      [single, double, late],
      [
        [
          [1, []],
          [3, [3]],
          [4, [1]],
          [5, []],
        ],
        [
          [1, []],
          [3, [3]],
          [4, [3, 1]],
          [5, [1]],
        ],
        [
          [1, []],
          [3, []],
          [4, []],
          [5, []],
        ],
      ],
    )
    await fails(ssc.awaitTermination(), 'MILLRACE_BATCH', /no plan/)
  }))

test.run()
