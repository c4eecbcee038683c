import type { RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, partitionsOf, withContext } from '../support/with-context.js'
import { recordsOf, withStreaming } from '../support/with-streaming.js'

const LEFT: [string, number][] = [
  ['a', 1],
  ['b', 2],
  ['a', 3],
  ['d', 4],
]
const RIGHT: [string, string][] = [
  ['c', 'x'],
  ['a', 'y'],
  ['a', 'z'],
  ['b', ''],
]

test('cogroup gives the values of each side, keys as they first come, the left side first', () =>
  withContext(async sc => {
    for (const left of bothWays(sc.parallelize(LEFT))) {
      exactly(await left.cogroup(sc.parallelize(RIGHT), 1).collect(), [
        [
          'a',
          [
            [1, 3],
            ['y', 'z'],
          ],
        ],
        ['b', [[2], ['']]],
        ['d', [[4], []]],
        ['c', [[], ['x']]],
      ])
    }
    exactly(await sc.parallelize(LEFT).cogroup(sc.parallelize<[string, number]>([]), 2).count(), 3)
    exactly(await sc.emptyRDD<[string, number]>().cogroup(sc.emptyRDD<[string, number]>()).collect(), [])
  }))

test('groupWith takes any number of sides', () =>
  withContext(
    async sc => {
      const one = sc.parallelize(LEFT)
      exactly(
        new Map(
          await one
            .groupWith(sc.parallelize(RIGHT), one, sc.parallelize([['e', null]] as [string, null][]))
            .collect(),
        ),
        new Map([
          ['a', [[1, 3], ['y', 'z'], [1, 3], []]],
          ['b', [[2], [''], [2], []]],
          ['d', [[4], [], [4], []]],
          ['c', [[], ['x'], [], []]],
          ['e', [[], [], [], [null]]],
        ]) as never,
      )
    },
    { defaultParallelism: 1 },
  ))

test('a join pairs every value of a key on one side with every one on the other', () =>
  withContext(async sc => {
    const [left, right] = [sc.parallelize(LEFT), sc.parallelize(RIGHT)]
    const inner = [
      ['a', [1, 'y']],
      ['a', [1, 'z']],
      ['a', [3, 'y']],
      ['a', [3, 'z']],
      ['b', [2, '']],
    ]
    exactly(await left.join(right, 1).collect(), inner)
    exactly(await left.leftOuterJoin(right, 1).collect(), [...inner, ['d', [4, null]]])
    exactly(await left.rightOuterJoin(right, 1).collect(), [...inner, ['c', [null, 'x']]])
    exactly(await left.fullOuterJoin(right, 1).collect(), [...inner, ['d', [4, null]], ['c', [null, 'x']]])
    exactly((await left.join(left, 3).collect()).length, 6)
  }))

test('keys are equal by structure, on both sides and whatever their types', () =>
  withContext(async sc => {
    const keys: unknown[] = [0, NaN, null, '1', [1, 'x'], { a: 1, b: [2] }, 2n]
    const others: unknown[] = [-0, NaN, undefined, 1, [1, 'x'], { b: [2], a: 1 }, 2n]
    const paired = (list: unknown[]): [unknown, number][] => list.map((key, i) => [key, i])
    const joined = await sc
      .parallelize(paired(keys))
      .join(sc.parallelize(paired(others)), 1)
      .collect()
    exactly(
      joined.map(([, indexes]) => indexes),
      [
        [0, 0],
        [1, 1],
        [4, 4],
        [5, 5],
        [6, 6],
      ],
    )
  }))

test('subtract keeps duplicates, intersection does not', () =>
  withContext(async sc => {
    const some = sc.parallelize([3, 1, 1, 2, 5, 5, [7]])
    const others = sc.parallelize([2, 1, 9, [7], [7], 3])
    exactly(await some.subtract(others, 1).collect(), [5, 5])
    exactly((await some.intersection(others).collect()).map(String).sort(), ['1', '2', '3', '7'])
    exactly(await sc.parallelize(LEFT).subtractByKey(sc.parallelize(RIGHT), 2).collect(), [['d', 4]])
  }))

test('a zero that cannot be copied is refused at the call, as that of fold', () =>
  withContext(async sc => {
    const pairs = sc.parallelize<[string, number]>([['a', 1]])
    for (const zero of [() => 1, { __proto__: null, a: 1 }, sc] as never[]) {
      const code = zero === (sc as never) ? 'MILLRACE_CONTEXT_CAPTURED' : 'MILLRACE_CAPTURE'
      await fails(() => pairs.foldByKey(zero, a => a), code, /the zero value/)
      await fails(
        () =>
          pairs.aggregateByKey(
            zero,
            a => a,
            a => a,
          ),
        code,
        /the zero value/,
      )
      await fails(() => sc.range(3).fold(zero, a => a), code, /the zero value/)
    }
  }))

test('groupBy, aggregateByKey and foldByKey', () =>
  withContext(async sc => {
    exactly(
      await sc
        .range(0, 7, 1, 3)
        .groupBy(x => x % 2, 1)
        .collect(),
      [
        [0, [0, 2, 4, 6]],
        [1, [1, 3, 5]],
      ],
    )
    const step = 10
    exactly(
      await sc
        .parallelize(LEFT, 1)
        .aggregateByKey(
          [] as number[],
          (acc, x) => {
            acc.push(x * step)
            return acc
          },
          (a, b) => a.concat(b),
          1,
          { step },
        )
        .collect(),
      [
        ['a', [10, 30]],
        ['b', [20]],
        ['d', [40]],
      ],
    )
    exactly(
      await sc
        .parallelize(LEFT, 2)
        .foldByKey(100, (a, b) => a + b, 1)
        .collect(),
      [
        ['a', 204],
        ['b', 102],
        ['d', 104],
      ],
    )
  }))

test('what is no RDD of the same Context is refused', () =>
  withContext(async sc =>
    withContext(async other => {
      await fails(
        () => sc.parallelize(LEFT).join(other.parallelize(LEFT)),
        'MILLRACE_OPTION',
        /another Context/,
      )
      await fails(() => sc.parallelize(LEFT).join(LEFT as never), 'MILLRACE_OPTION', /expected an RDD/)
      await fails(
        () => sc.parallelize(LEFT).join(sc.parallelize(LEFT), 0),
        'MILLRACE_OPTION',
        /must be positive/,
      )
      await fails(
        (sc.parallelize([1, 2]) as never as RDD<[string, number]>).join(sc.parallelize(LEFT)).collect(),
        'MILLRACE_VALUE',
        /pair/,
      )
    }),
  ))

test('a join keeps the partitions of its keys, and says how it runs', () =>
  withContext(async sc => {
    const left = sc.range(0, 8, 1, 2).keyBy(x => x)
    exactly(await partitionsOf(left.join(left, 2).keys()), [
      [0, 2, 4, 6],
      [1, 3, 5, 7],
    ])
    assert.match(left.join(left, 2).explain(), /side by side by key/)
  }))

test('streams are joined batch by batch', () =>
  withStreaming(async ({ ssc, clock }) => {
    const left = ssc.queueStream<[string, number]>([LEFT, [['b', 5]], [['c', 6]]])
    const right = ssc.queueStream<[string, string]>([RIGHT, [], [['c', 'w']]])
    const joined = recordsOf(left.join(right, 1))
    const full = recordsOf(left.fullOuterJoin(right, 1))
    const grouped = recordsOf(left.cogroup(right, 1))
    await ssc.start()
    await clock.advance('3s')
    exactly(
      joined.map(b => b.length),
      [5, 0, 1],
    )
    exactly(full[1], [['b', [5, null]]])
    exactly(grouped[2], [['c', [[6], ['w']]]])
  }))

test.run()
