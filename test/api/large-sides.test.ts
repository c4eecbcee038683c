import { Context, type RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'

/** Joins where one side is much larger than the other: only those of its keys are grouped that the other may have. */

const sc = new Context({ threads: 2, memory: '128MiB' })
test.after(() => sc.stop())

type Pairs = RDD<[unknown, unknown]>
type Entry = [key: unknown, value: unknown]

const keyOf = (n: number): unknown => [n, n / 4, `key ${n}`, [n, 'x'], { n }, BigInt(n)][n % 6]
const large = Array.from({ length: 6000 }, (_, i): Entry => [keyOf((i * 7919) % 4000), `large ${i}`])
const small = [5, 77, 3999, 4001, 12, 5, 3998, 13, 4006, 2500].map((n, i): Entry => [keyOf(n), i])

const shown = (key: unknown): string =>
  JSON.stringify(key, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
const indexes = new Map<Entry[], Map<string, unknown[]>>()
function valuesIn(entries: Entry[], key: unknown): unknown[] {
  let index = indexes.get(entries)
  if (index === undefined) {
    indexes.set(entries, (index = new Map()))
    for (const [k, value] of entries) index.set(shown(k), [...(index.get(shown(k)) ?? []), value])
  }
  return index.get(shown(key)) ?? []
}

/** What a join gives, by its definition. */
function joined(left: Entry[], right: Entry[], keepLeft: boolean, keepRight: boolean): Entry[] {
  const results: Entry[] = left.flatMap(([key, l]) => {
    const others = valuesIn(right, key)
    if (others.length === 0) return keepLeft ? [[key, [l, null]] as Entry] : []
    return others.map((r): Entry => [key, [l, r]])
  })
  if (keepRight)
    for (const [key, r] of right) if (valuesIn(left, key).length === 0) results.push([key, [null, r]])
  return results
}

const JOINS: Record<string, [(a: Pairs, b: Pairs) => RDD<unknown>, (a: Entry[], b: Entry[]) => unknown[]]> = {
  join: [(a, b) => a.join(b, 3), (a, b) => joined(a, b, false, false)],
  leftOuterJoin: [(a, b) => a.leftOuterJoin(b, 3), (a, b) => joined(a, b, true, false)],
  rightOuterJoin: [(a, b) => a.rightOuterJoin(b, 3), (a, b) => joined(a, b, false, true)],
  fullOuterJoin: [(a, b) => a.fullOuterJoin(b, 3), (a, b) => joined(a, b, true, true)],
  subtractByKey: [
    (a, b) => a.subtractByKey(b, 3),
    (a, b) => a.filter(([key]) => valuesIn(b, key).length === 0),
  ],
  'intersection of the keys': [
    (a, b) => a.keys().intersection(b.keys()),
    (a, b) => {
      const keys = new Map(a.map(([key]) => [shown(key), key]))
      return [...keys.values()].flatMap(key => (valuesIn(b, key).length > 0 ? [key] : []))
    },
  ],
}

const sorted = (records: unknown[]): unknown[] => [...records].sort((a, b) => (shown(a) < shown(b) ? -1 : 1))

for (const [name, [operator, expected]] of Object.entries(JOINS)) {
  for (const [which, left, right] of [
    ['right', small, large],
    ['left', large, small],
  ] as const) {
    test(`${name}, the ${which} side much larger`, async () => {
      const [one, other] = [sc.parallelize(left as Entry[], 3), sc.parallelize(right as Entry[], 4)]
      const results = await operator(one, other).collect()
      const wanted = expected(left as Entry[], right as Entry[])
      assert.ok(wanted.length > 0)
      exactly(sorted(results), sorted(wanted))
      // Either side may lie in its partitions.
      const kept = (rdd: Pairs): Pairs => rdd.partitionBy(3).persist()
      exactly(sorted(await operator(kept(one), other).collect()), sorted(wanted))
      exactly(sorted(await operator(one, kept(other)).collect()), sorted(wanted))
      exactly(sorted(await operator(kept(one), kept(other)).collect()), sorted(wanted))
    })
  }
}

test('a small side that runs functions where it lies runs them once a record', async () => {
  const calls = sc.accumulator(0)
  const few = sc.parallelize(small, 2).partitionBy(3).persist()
  const counted = few.mapValues(
    value => {
      calls.add(1)
      return value
    },
    { calls },
  )
  const many = sc.parallelize(large, 2).partitionBy(3).persist()
  assert.is(await counted.join(many, 3).count(), joined(small, large, false, false).length)
  assert.is(calls.value, small.length)
})

test.run()
