import { Context, type RDD, type State, StateSpec, StreamingContext } from 'millrace'
import { ManualClock } from 'millrace/testing'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'
import { recordsOf } from '../support/with-streaming.js'

const sc = new Context({ threads: 2, memory: '64MiB' })
test.after(() => sc.stop())

type Pairs = RDD<[unknown, number]>
const KEYS: unknown[] = [3, 'x', 0.5, [1, 'y'], null, -7, 'longer key', { a: 1 }, 2 ** 40, 12n]
const records = Array.from({ length: 60 }, (_, i) => [KEYS[(i * 7) % KEYS.length], i] as [unknown, number])
const pairs = (): Pairs => sc.parallelize(records, 4)
/** Kept where an exchange by key has sent them. */
const kept = pairs().partitionBy(3).persist()

const stages = (rdd: RDD<unknown>): number => rdd.explain().match(/^Stage /gm)!.length
const joined = (a: unknown, b: unknown): unknown => `${a},${b}`

const BY_KEY: Record<string, (rdd: Pairs) => RDD<unknown>> = {
  partitionBy: rdd => rdd.partitionBy(3),
  groupByKey: rdd => rdd.groupByKey(3),
  reduceByKey: rdd => (rdd as RDD<[unknown, unknown]>).reduceByKey(joined, 3),
  'sums by key': rdd => rdd.reduceByKey((a, b) => a + b, 3),
  combineByKey: rdd =>
    rdd.combineByKey(
      (v): unknown[] => [v],
      (list, v) => [...list, v],
      (a, b) => [...a, 'merged', ...b],
      3,
    ),
  aggregateByKey: rdd =>
    rdd.aggregateByKey(
      10,
      (a, v) => a + v,
      (a, b) => a + b,
      3,
    ),
}
const KEEPING: Record<string, (rdd: Pairs) => Pairs> = {
  'as they are': rdd => rdd,
  filtered: rdd => rdd.filter(([, n]) => n % 3 > 0),
  'with other values': rdd => rdd.mapValues(n => n / 2),
  'with several values': rdd => rdd.flatMapValues(n => [n, -n]),
  'with values that are rearranged': rdd => rdd.mapValues(n => ({ n })).mapValues(o => o.n),
  'of nothing': rdd => rdd.filter(() => false),
  'and the same again': rdd => rdd.union(rdd.mapValues(n => n + 100)),
}

for (const [keeping, change] of Object.entries(KEEPING)) {
  for (const [name, byKey] of Object.entries(BY_KEY)) {
    test(`pairs that lie in their partitions, ${keeping}, are not sent for ${name}`, async () => {
      const [here, sent] = [byKey(change(kept)), byKey(change(pairs()))]
      assert.is(stages(here), 1)
      assert.match(here.explain(), 'in its partitions')
      exactly(await here.glom().collect(), await expected(name, byKey, change, sent))
    })
  }
}

/** Where one task has all records of a key, there is nothing to merge, and what begins with zero begins once. */
async function expected(
  name: string,
  byKey: (rdd: Pairs) => RDD<unknown>,
  change: (rdd: Pairs) => Pairs,
  sent: RDD<unknown>,
): Promise<unknown> {
  if (name !== 'combineByKey' && name !== 'aggregateByKey') return sent.glom().collect()
  const changed = await change(sc.parallelize(records, 1)).collect()
  const one = await byKey(sc.parallelize(changed, 1)).collect()
  const parts = await sent.glom().collect()
  const found = new Map(one.map(pair => [JSON.stringify((pair as unknown[])[0], big), pair]))
  return parts.map(part =>
    (part as unknown[]).map(pair => found.get(JSON.stringify((pair as unknown[])[0], big))),
  )
}

const big = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value)

for (const [what, rdd] of Object.entries({
  'divided into another number of partitions': pairs().partitionBy(4).persist(),
  'divided by a function': pairs()
    .partitionBy(3, () => 1)
    .persist(),
  'under other keys': kept.map(([k, n]) => [n, k]),
  'that only in part lie there': kept.union(pairs()),
  'not kept': pairs().partitionBy(3),
})) {
  test(`pairs ${what} are sent`, async () => {
    const counts = (rdd as RDD<[unknown, unknown]>).groupByKey(3)
    assert.not.match(counts.explain(), 'in its partitions')
    assert.is(
      (await counts.keys().collect()).length,
      new Set(
        await (rdd as RDD<[unknown, unknown]>)
          .keys()
          .map(k => JSON.stringify(k, big), { big })
          .collect(),
      ).size,
    )
  })
}

test('of a join, the side that lies in its partitions stays there', async () => {
  const other = sc.parallelize([
    ['x', 'a'],
    [3, 'b'],
    ['nowhere', 'c'],
  ] as [unknown, string][])
  const join = kept.join(other, 3)
  assert.is(stages(join), 2)
  exactly(await join.glom().collect(), await pairs().partitionBy(3).join(other, 3).glom().collect())
  exactly(await other.subtractByKey(kept, 3).collect(), [['nowhere', 'c']])
})

test('both sides of a cogroup may lie there', async () => {
  const both = kept.cogroup(
    kept.mapValues(n => -n),
    3,
  )
  assert.is(stages(both), 1)
  exactly(
    await both.glom().collect(),
    await pairs()
      .cogroup(
        pairs().mapValues(n => -n),
        3,
      )
      .glom()
      .collect(),
  )
})

test('states may begin with pairs that lie in their partitions', async () => {
  const clock = new ManualClock()
  const mine = new Context({ threads: 2, memory: '64MiB', clock })
  try {
    const ssc = new StreamingContext(mine, '1s')
    const initial = mine
      .parallelize([
        ['a', 1],
        ['b', 2],
      ] as [string, number][])
      .partitionBy(2)
      .persist()
    const spec = StateSpec.function((_: string, n: number | undefined, state: State<number>) => {
      state.update(state.get() + n!)
      return state.get()
    })
    const counted = ssc.queueStream([
      [
        ['a', 10],
        ['b', 20],
      ],
      [['a', 100]],
    ] as [string, number][][])
    const batches = recordsOf(counted.mapWithState(spec.initialState(initial).numPartitions(2)))
    const totals = recordsOf(
      counted.updateStateByKey((more, n: number | undefined) => (n ?? 0) + more.length, 2, initial),
    )
    await ssc.start()
    await clock.advance('2s')
    exactly(
      batches.map(batch => batch.sort()),
      [[11, 22], [111]],
    )
    exactly(
      totals.map(batch => batch.sort()),
      [
        [
          ['a', 2],
          ['b', 3],
        ],
        [
          ['a', 3],
          ['b', 3],
        ],
      ],
    )
  } finally {
    await mine.stop()
  }
})

test.run()
