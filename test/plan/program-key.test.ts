import { Context, type RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { NODE } from '../../src/api/rdd-core.js'
import type { Captures } from '../../src/functions/captures.js'
import { programKey } from '../../src/plan/program-key.js'
import { cut } from '../../src/plan/stages.js'
import { exactly } from '../support/exactly.js'
import { evaluated } from '../support/functions.js'

const sc = new Context({ threads: 1, memory: '64MiB' })
test.after(() => sc.stop())

const keyOf = <T>(rdd: RDD<T>): string => programKey(cut(rdd[NODE], { kind: 'collect', limit: undefined }))
const same = (a: string, b: string): void => assert.ok(a === b, `these should be equal:\n${a}\n${b}`)
const different = (a: string, b: string): void => assert.ok(a !== b, `these should differ:\n${a}`)

/** Always at one place, so that only the function and what it captures make a difference. */
const mapKey = (fn: string, captures?: Captures): string =>
  keyOf(sc.range(3).map(evaluated<(x: number) => unknown>(fn), captures))

test('the same functions over other data are the same program', () => {
  const program = (rdd: RDD<number>) => rdd.map(x => [x % 3, x]).reduceByKey((a, b) => a + b)
  same(keyOf(program(sc.range(3))), keyOf(program(sc.parallelize([1, 2]))))
  same(keyOf(program(sc.range(0, 9, 1, 2))), keyOf(program(sc.range(0, 9, 1, 7))))
})

test('a plan finds its program again, whatever its functions captured', () => {
  const table = { a: 1 }
  const rdd = sc
    .range(3)
    .map(x => [table.a, x], { table })
    .reduceByKey((a, b) => a + b * table.a, 2, { table })
  same(keyOf(rdd), keyOf(rdd))
})

test('functions that were made anew by the same text are the same', () => {
  same(mapKey('x => x + 1'), mapKey('x => x + 1'))
  different(mapKey('x => x + 1'), mapKey('x => x + 2'))
})

test('the same text at another place is another function, for its errors name the place', () => {
  const here = sc.range(3).map(x => x + 1)
  const there = sc.range(3).map(x => x + 1)
  different(keyOf(here), keyOf(there))
})

test('operators, their order, partitions and sinks are part of it', () => {
  const rdd = sc.range(3)
  const pairs = rdd.map(x => [x, x])
  const keys = [
    keyOf(rdd),
    keyOf(rdd.glom()),
    keyOf(pairs),
    keyOf(pairs.keys()),
    keyOf(pairs.values()),
    keyOf(pairs.groupByKey(2)),
    keyOf(pairs.groupByKey(3)),
    keyOf(rdd.distinct(2)),
    keyOf(rdd.repartition(2)),
    keyOf(rdd.union(rdd)),
    keyOf(pairs.keys().glom()),
    programKey(cut(rdd[NODE], { kind: 'count' })),
    programKey(cut(rdd[NODE], { kind: 'collect', limit: 1 })),
  ]
  assert.is(new Set(keys).size, keys.length)
})

const CAPTURES: unknown[] = [
  1,
  '1',
  1n,
  true,
  null,
  undefined,
  0,
  -0,
  Number.NaN,
  '',
  'a=',
  'a\nb=',
  [],
  [1],
  ['1'],
  [[1]],
  [-0],
  [0],
  [undefined],
  [null],
  new Array(1),
]

test('functions that captured equal values are the same, others are not', () => {
  const keys = CAPTURES.map(a => mapKey('x => [x, a]', { a }))
  for (const [i, key] of keys.entries()) {
    same(key, mapKey('x => [x, a]', { a: structuredClone(CAPTURES[i]) }))
    assert.is(keys.indexOf(key), i, `${String(CAPTURES[i])} is told from the others`)
  }
})

test('what cannot be compared makes a function of its own', () => {
  const shared = new SharedArrayBuffer(8)
  for (const make of [
    () => ({ a: 1 }),
    () => new Map(),
    () => /a/g,
    () => new Uint8Array(4),
    () => [{ a: 1 }],
    () => [new Date(0)],
    () => [[shared]],
    () => 'long'.repeat(1000),
    () => cyclic(),
  ])
    different(mapKey('x => [x, a]', { a: make() }), mapKey('x => [x, a]', { a: make() }))
})

function cyclic(): unknown[] {
  const list: unknown[] = []
  list.push(list)
  return list
}

test('captured functions are compared as functions are', () => {
  const outer = 'x => f(x)'
  same(mapKey(outer, { f: evaluated('x => x + 1') }), mapKey(outer, { f: evaluated('x => x + 1') }))
  different(mapKey(outer, { f: evaluated('x => x + 1') }), mapKey(outer, { f: evaluated('x => x + 2') }))
  const inner = (a: unknown): Captures => ({ f: evaluated('x => x + a'), a })
  same(mapKey(outer, inner(1)), mapKey(outer, inner(1)))
  different(mapKey(outer, inner(1)), mapKey(outer, inner(2)))
  different(mapKey(outer, inner({})), mapKey(outer, inner({})))
})

test('broadcasts make a function of its own', () => {
  const program = (a: unknown): string => mapKey('x => [x, a.value]', { a })
  different(program(sc.broadcast(1)), program(sc.broadcast(1)))
})

test('zero values are part of it', async () => {
  const rdd = sc.parallelize([1, 2], 1)
  const total = (zero: unknown): Promise<unknown> =>
    rdd.aggregate(
      zero,
      (a, b) => a ?? b,
      (a, b) => a ?? b,
    )
  // As text in JSON these would be equal.
  for (const zero of [new Date(0), new Date(0).toISOString(), Number.NaN, null, -0, 0, [undefined], [null]])
    exactly(await total(zero), zero ?? 1)
})

test('partitions of a union are numbered as the program has it', async () => {
  const rdd = sc.parallelize(['x'], 1)
  const numbered = <T>(of: RDD<T>) => of.mapPartitionsWithIndex((i, xs) => [...xs].map(x => `${x}${i}`))
  exactly(await numbered(rdd.union(rdd)).collect(), ['x0', 'x1'])
  exactly(await numbered(rdd).union(numbered(rdd)).collect(), ['x0', 'x0'])
})

test.run()
