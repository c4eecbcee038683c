import type { DStream } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { Seeded } from '../support/seeded.js'
import { recordsOf, timesOf, withStreaming } from '../support/with-streaming.js'

type Text = [string, string]
type Count = [string, number]

/** What a chain makes of batches, each batch sorted. */
const results = <T>(batches: T[][], chain: (stream: DStream<T>) => DStream<unknown>): Promise<unknown[][]> =>
  withStreaming(async ({ ssc, clock }) => {
    const records = recordsOf(chain(ssc.queueStream(batches)))
    await ssc.start()
    await clock.advance(`${batches.length}s`)
    await ssc.stop({ stopContext: false })
    await ssc.awaitTermination()
    return records.map(batch => batch.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)))
  })

/** The windows of a batch list, each as its records. */
const windowsOf = <T>(batches: T[][], window: number, slide: number): T[][] =>
  batches.flatMap((_, i) =>
    (i + 1) % slide === 0 ? [batches.slice(Math.max(0, i + 1 - window), i + 1).flat()] : [],
  )

const concatenated = (records: Text[]): Text[] => {
  const texts = new Map<string, string>()
  for (const [key, text] of records) texts.set(key, (texts.get(key) ?? '') + text)
  return [...texts].sort()
}

const random = new Seeded(7)
const letters: Text[][] = Array.from({ length: 14 }, (_, i) =>
  i % 5 === 3
    ? []
    : Array.from(
        { length: random.below(5) },
        (_, k): Text => ['abc'[random.below(3)]!, String.fromCharCode(65 + i) + k],
      ),
)

const SIZES: [window: number, slide: number][] = [
  [1, 1],
  [2, 1],
  [3, 1],
  [5, 1],
  [6, 2],
  [5, 2],
  [9, 3],
  [2, 3],
  [20, 1],
]

test('any associative function, older values left, with an inverse and without', () =>
  withStreaming(async ({ ssc, clock }) => {
    const shown = SIZES.flatMap(([window, slide]) =>
      [null, (a: string, b: string): string => a.slice(b.length)].map(inverse => ({
        name: `window ${window}, slide ${slide}, ${inverse === null ? 'without' : 'with'} inverse`,
        expected: windowsOf(letters, window, slide).map(concatenated),
        records: recordsOf(
          ssc.queueStream(letters).reduceByKeyAndWindow((a, b) => a + b, inverse, `${window}s`, `${slide}s`),
        ),
      })),
    )
    await ssc.start()
    await clock.advance(`${letters.length}s`)
    for (const { name, expected, records } of shown)
      exactly(
        records.map(batch => batch.sort()),
        expected,
        name,
      )
  }))

for (const [form, of] of [
  ['tuples', (n: number): unknown => [n, 1]],
  ['records', (n: number): unknown => ({ sum: n, of: [1] })],
  ['values of several types', (n: number): unknown => (n < 0.25 ? [n, 1] : { sum: n, of: [1] })],
] as const)
  test(`a NaN that has left is gone, also from ${form}`, async () => {
    type Parts = { sum: number; of: number[] } | [number, number]
    const batches = [0.1, 0.2, NaN, 0.3, 0.5].map((n): [string, Parts][] => [['k', of(n) as Parts]])
    const combined = await results(batches, s =>
      (s as DStream<[string, Parts]>)
        .reduceByKeyAndWindow(
          (a, b) => {
            const [x, y] = [a, b].map(p => (Array.isArray(p) ? p : [p.sum, p.of[0]!])) as [number, number][]
            return [x![0] + y![0], x![1] + y![1]] as Parts
          },
          (a, b) => {
            const [x, y] = [a, b].map(p => (Array.isArray(p) ? p : [p.sum, p.of[0]!])) as [number, number][]
            return [x![0] - y![0], x![1] - y![1]] as Parts
          },
          '2s',
          '1s',
        )
        .map(([, p]) => (Array.isArray(p) ? p[0] : p.sum)),
    )
    exactly(
      combined.map(([sum]) => Number((sum as number).toFixed(9))),
      [0.1, 0.3, NaN, NaN, 0.8],
    )
  })

test('a key is there while the window has a record of it, also if its value is 0', async () => {
  const batches: Count[][] = [[['a', 1]], [['a', -1]], [['b', 2]], [], [['a', 5]], []]
  exactly(
    await results(batches, s =>
      s.reduceByKeyAndWindow(
        (a, b) => a + b,
        (a, b) => a - b,
        '2s',
      ),
    ),
    [
      [['a', 1]],
      [['a', 0]],
      [
        ['a', -1],
        ['b', 2],
      ],
      [['b', 2]],
      [['a', 5]],
      [['a', 5]],
    ],
  )
})

test('a filter chooses what is shown and not what is remembered', async () => {
  const batches: Count[][] = [[['a', 1]], [['a', 1]], [['a', 1]], []]
  const least = 2
  for (const inverse of [null, (a: number, b: number): number => a - b]) {
    exactly(
      await results(batches, s =>
        s.reduceByKeyAndWindow(
          (a, b) => a + b,
          inverse,
          '3s',
          undefined,
          undefined,
          ([, sum]) => sum >= least,
          { least },
        ),
      ),
      [[], [['a', 2]], [['a', 3]], [['a', 2]]],
    )
  }
})

test('NaN and infinity leave the window with their records', async () => {
  const batches: Count[][] = [
    [
      ['a', Number.NaN],
      ['b', 1],
    ],
    [
      ['a', 1],
      ['b', Infinity],
    ],
    [['a', 2]],
    [['b', 3]],
    [],
  ]
  exactly(
    await results(batches, s =>
      s.reduceByKeyAndWindow(
        (a, b) => a + b,
        (a, b) => a - b,
        '2s',
      ),
    ),
    [
      [
        ['a', Number.NaN],
        ['b', 1],
      ],
      [
        ['a', Number.NaN],
        ['b', Infinity],
      ],
      [
        ['a', 3],
        ['b', Infinity],
      ],
      [
        ['a', 2],
        ['b', 3],
      ],
      [['b', 3]],
    ],
  )
})

test('rounded sums do not drift: once per window they are added up from nothing', async () => {
  // 1e16 + 1 rounds: taking 1e16 away again leaves 0 rather than 1, until the sum is based anew.
  const batches: Count[][] = Array.from({ length: 12 }, (_, i) => [['a', i === 1 ? 1e16 + 0.5 : 0.1]])
  const records = await results(batches, s =>
    s.reduceByKeyAndWindow(
      (a, b) => a + b,
      (a, b) => a - b,
      '4s',
    ),
  )
  exactly(records.at(-1), [['a', 0.1 + 0.1 + 0.1 + 0.1]])
})

test('values may turn from numbers into something else, and back', async () => {
  const batches = [[1], [2n], [3n], [0.5], [0.25], [4]].map(([v]): [string, number][] => [['a', v as number]])
  const seen = await results(batches, s =>
    s.reduceByKeyAndWindow(
      (a, b) => (typeof a === typeof b ? a + b : b),
      (a, b) => (typeof a === typeof b ? a - b : a),
      '1s',
    ),
  )
  exactly(seen, batches)
})

test('reduceByWindow, countByWindow, countByValueAndWindow, groupByKeyAndWindow', async () => {
  const words = [['a'], ['b', 'b'], [], [], ['a']]
  exactly(await results(words, s => s.reduceByWindow((a, b) => a + b, null, '2s')), [
    ['a'],
    ['abb'],
    ['bb'],
    [],
    ['a'],
  ])
  exactly(
    await results(words, s =>
      s.reduceByWindow(
        (a, b) => a + b,
        (a, b) => a.slice(b.length),
        '2s',
        '1s',
      ),
    ),
    [['a'], ['abb'], ['bb'], [], ['a']],
  )
  exactly(await results(words, s => s.countByWindow('2s')), [[1], [3], [2], [0], [1]])
  exactly(await results(words, s => s.countByWindow('2s', '2s')), [[3], [0]])
  exactly(await results(words, s => s.countByValueAndWindow('2s')), [
    [['a', 1]],
    [
      ['a', 1],
      ['b', 2],
    ],
    [['b', 2]],
    [],
    [['a', 1]],
  ])
  exactly(
    await results(letters, s => s.groupByKeyAndWindow('4s', '2s').mapValues(v => v.join(''))),
    windowsOf(letters, 4, 2).map(concatenated),
  )
})

test('after a batch that failed, the next one is right', async () => {
  for (const inverse of [null, (a: number, b: number): number => a - b]) {
    await withStreaming(
      async ({ ssc, clock }) => {
        const batches: Count[][] = [[['a', 1]], [['a', 2]], [['a', 4]], [['a', 8]], [['a', 16]], [['a', 32]]]
        const stream = ssc
          .queueStream(batches)
          .map(([key, value]) => {
            if (value === 4) throw new Error('no luck')
            return [key, value]
          })
          .reduceByKeyAndWindow((a, b) => a + b, inverse, '3s')
        const sums = new Map<number, unknown>()
        stream.foreachRDD(async (rdd, time) => void sums.set(time, await rdd.collect()))
        await ssc.start()
        await clock.advance('6s')
        exactly(
          [...sums],
          [
            [1000, [['a', 1]]],
            [2000, [['a', 3]]],
            [6000, [['a', 56]]],
          ],
        )
        await fails(ssc.awaitTermination(), 'MILLRACE_TASK', /no luck/)
      },
      { maxTaskFailures: 1 },
    )
  }
})

test('an error of a function names the value that it was given, and nothing of what a window remembers', async () => {
  for (const [wrong, record] of [
    ['reduce', '3'],
    ['inverse', '2'],
  ] as const) {
    await withStreaming(async ({ ssc, clock }) => {
      recordsOf(
        ssc.queueStream([[['k', 2]], [['k', 3]], [['k', 4]]] as [string, number][][]).reduceByKeyAndWindow(
          (a, b) => {
            if (wrong === 'reduce') throw new Error('no luck')
            return a + b
          },
          (a, b) => {
            if (wrong === 'inverse') throw new Error('no luck')
            return a - b
          },
          '2s',
          undefined,
          undefined,
          undefined,
          { wrong },
        ),
      )
      await ssc.start()
      await clock.advance('3s')
      const error = await fails(ssc.awaitTermination(), 'MILLRACE_TASK', /no luck/)
      exactly(error.record, record, wrong)
    })
  }
})

test('a window that no output reads for a while goes on from what is there', () =>
  withStreaming(async ({ ssc, clock }) => {
    const batches = Array.from({ length: 9 }, (_, i): Count[] => [['a', 2 ** i]])
    const windows = [null, (a: number, b: number): number => a - b].map(inverse =>
      ssc.queueStream(batches).reduceByKeyAndWindow((a, b) => a + b, inverse, '4s'),
    )
    const last: unknown[] = []
    for (const window of windows)
      window.foreachRDD(async (rdd, time) => {
        if (time === 9000) last.push(await rdd.collect())
      })
    await ssc.start()
    await clock.advance('9s')
    exactly(last, [[['a', 480]], [['a', 480]]])
  }))

test('a slide fires at its own times, and positions are PySpark’s', () =>
  withStreaming(async ({ ssc, clock }) => {
    const pairs = ssc.queueStream([[['a', 1]]] as Count[][])
    const reduced = pairs.reduceByKeyAndWindow((a, b) => a + b, null, '4s', '2s', 3)
    const times = timesOf(reduced)
    const parts: number[] = []
    reduced.foreachRDD(rdd => void parts.push(rdd.getNumPartitions()))
    await ssc.start()
    await clock.advance('4s')
    exactly(
      [times, parts],
      [
        [2000, 4000],
        [3, 3],
      ],
    )
  }))

test('wrong durations and functions are refused when the graph is built', () =>
  withStreaming(async ({ ssc }) => {
    const pairs = ssc.queueStream([[['a', 1]]] as Count[][])
    await fails(
      () => pairs.reduceByKeyAndWindow((a, b) => a + b, null, '1500ms'),
      'MILLRACE_DURATION',
      /windowDuration must be multiple of the parent dstream's slide/,
    )
    await fails(
      () => pairs.reduceByKeyAndWindow((a, b) => a + b, 'no' as never, '2s'),
      'MILLRACE_OPTION',
      /a function.*reduceByKeyAndWindow/,
    )
    await fails(
      () =>
        pairs.reduceByKeyAndWindow(
          (a, b) => a + b,
          (a, b) => a - b * unknown,
          '2s',
        ),
      'MILLRACE_FREE_NAME',
      /unknown/,
    )
    pairs
      .reduceByKeyAndWindow(
        (a, b) => a + b,
        (a, b) => a - b,
        '2s',
      )
      .pprint()
    const plan = ssc.explain()
    assert.match(
      plan,
      /from state of the window before, the oldest slice, the newest slice, in its partitions/,
    )
    assert.match(plan, /reduceByKeyAndWindow +native: sums that slide/)
    assert.match(plan, /the newest slice is made by\nStage 1 {2}queueStream/)
  }))

declare const unknown: number

test.run()
