import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

/** Keys 0 to 29 of one side, 20 to 49 of the other, so that outer joins have some of each kind. */
const keyed = <V>(from: number, values: readonly V[]): [number, V][] =>
  Array.from({ length: 60 }, (_, i) => [from + (i % 30), values[i % values.length]!])

type Pairs = [number, unknown][]

/** Each key of either side, as it first comes, with what is kept of its values. */
function joined(left: Pairs, right: Pairs, keepLeft: boolean, keepRight: boolean): unknown[] {
  const valuesOf = (side: Pairs, key: number): unknown[] => side.filter(([k]) => k === key).map(([, v]) => v)
  const keys = new Set([...left, ...right].map(([key]) => key))
  return [...keys].flatMap(key => {
    const [mine, theirs] = [valuesOf(left, key), valuesOf(right, key)]
    const [v, w] = [
      mine.length === 0 && keepRight ? [null] : mine,
      theirs.length === 0 && keepLeft ? [null] : theirs,
    ]
    return v.flatMap(x => w.map(y => [key, [x, y]]))
  })
}

const VALUES: Record<string, readonly unknown[]> = {
  'whole numbers': [1, -2, 3],
  numbers: [0.5, -0, Number.NaN],
  texts: ['a', '', 'é\u{1f600}'],
  'truth values': [true, false],
  bigints: [1n, -(2n ** 62n)],
  dates: [new Date(1), new Date(2)],
  arrays: [
    [1, 'x'],
    [2, 'y'],
  ],
  lists: [[1], [], [1, 2, 3]],
  objects: [
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
  ],
  'nothing, now and then': [1, null, 2],
  'undefined, now and then': [1, null, 2, undefined],
  'nothing at all': [null],
  'one value': ['same'],
  'all sorts': [1, 'a', null, [2], { b: 1 }, 2n],
}

for (const [name, values] of Object.entries(VALUES)) {
  test(`joins put ${name} beside others, and null where there is none`, () =>
    withContext(async sc => {
      const [left, right] = [keyed(0, values), keyed(20, [...values].reverse())]
      const [l, r] = [sc.parallelize(left, 2), sc.parallelize(right, 3)]
      exactly(await l.join(r, 1).collect(), joined(left, right, false, false))
      exactly(await l.leftOuterJoin(r, 1).collect(), joined(left, right, true, false))
      exactly(await l.rightOuterJoin(r, 1).collect(), joined(left, right, false, true))
      exactly(await l.fullOuterJoin(r, 1).collect(), joined(left, right, true, true))
      exactly(
        await l.leftOuterJoin(sc.emptyRDD<[number, unknown]>(), 1).collect(),
        joined(left, [], true, false),
      )
      exactly(
        await l.subtractByKey(r, 1).collect(),
        joined(left, right, true, false).flatMap(pair => {
          const [key, [v]] = pair as [number, [unknown]]
          return key < 20 ? [[key, v]] : []
        }),
      )
    }))
}

test('a value that is the same in all records is joined as any other', () =>
  withContext(async sc => {
    const ones = sc.range(4).map((k): [number, number] => [k, 1])
    exactly(
      await ones
        .rightOuterJoin(
          sc.parallelize([
            [2, 'x'],
            [7, 'y'],
          ] as [number, string][]),
          1,
        )
        .collect(),
      [
        [2, [1, 'x']],
        [7, [null, 'y']],
      ],
    )
  }))

test('a key with many values on both sides gives all pairs of them, the left ones in turn', () =>
  withContext(async sc => {
    const side = (n: number): [string, number][] => Array.from({ length: n }, (_, i) => ['k', i])
    const pairs = await sc
      .parallelize(side(301), 3)
      .join(sc.parallelize(side(307), 2))
      .values()
      .collect()
    exactly(
      pairs.map(([v, w]) => v * 307 + w),
      Array.from({ length: 301 * 307 }, (_, i) => i),
    )
  }))

test.run()
