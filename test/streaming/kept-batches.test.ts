import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { recordsOf, withStreaming } from '../support/with-streaming.js'

// A stream whose batches are kept may be read twice in a plan: in general, and in its partitions.

const add = (a: number, b: number): number => a + b
const BATCHES: [string, number][][] = [
  [
    ['a', 1],
    ['a', 2],
  ],
  [['a', 3]],
]

test('a window of a stream, joined with the stream', () =>
  withStreaming(async ({ ssc, clock }) => {
    const sums = ssc.queueStream(BATCHES).reduceByKey(add)
    const joined = recordsOf(
      sums
        .window('3s')
        .map(([k, v]) => [k, v * 2] as [string, number])
        .leftOuterJoin(sums),
    )
    await ssc.start()
    await clock.advance('3s')
    exactly(joined, [
      [['a', [6, 3]]],
      [
        ['a', [6, 3]],
        ['a', [6, 3]],
      ],
      [
        ['a', [6, null]],
        ['a', [6, null]],
      ],
    ])
  }))

for (const inverse of [null, (a: number, b: number) => a - b]) {
  test(`a reduced window of a reduced window, ${inverse ? 'with' : 'without'} an inverse inside`, () =>
    withStreaming(async ({ ssc, clock }) => {
      const sums = recordsOf(
        ssc
          .queueStream(BATCHES)
          .reduceByKeyAndWindow(add, inverse, '3s', '1s', 3)
          .reduceByKeyAndWindow(add, (a, b) => a - b, '3s', '3s'),
      )
      await ssc.start()
      await clock.advance('6s')
      exactly(sums, [[['a', 3 + 6 + 6]], [['a', 3]]])
    }))
}

test.run()
