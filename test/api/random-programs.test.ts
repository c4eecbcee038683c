import type { Context, RDD } from 'millrace'
import { test } from 'uvu'
import { asText, exactly } from '../support/exactly.js'
import { NaiveRDD } from '../support/naive-rdd.js'
import { Seeded } from '../support/seeded.js'
import { onWorkers, withContext } from '../support/with-context.js'

// biome-ignore lint/suspicious/noExplicitAny: the type of the records changes at every step
type Step = (rdd: any, again: any) => any
/** `mix` is numbers with a few texts among them, `loose` pairs of a few keys and these. */
type Kind = 'number' | 'text' | 'pair' | 'mix' | 'loose' | 'any'

const NUMBERS = [
  0,
  1,
  2,
  3,
  -1,
  -7,
  100,
  0.5,
  -0,
  1e300,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
]
const TEXTS = ['', 'a', 'b', 'a b', 'b  a', ' ', 'ä€😀', '\ud800', 'x'.repeat(50), '1', 'null']
const KEYS: unknown[] = [
  ...NUMBERS,
  ...TEXTS,
  null,
  undefined,
  true,
  5n,
  2n ** 70n,
  [1, 'a'],
  [1, ['a']],
  [],
  { a: 1, b: 2 },
  { b: 2, a: 1 },
]

/** What a step takes, what it gives, and what it does; it is shown by its text when a program fails. */
const STEPS: [from: Kind, to: Kind, step: (n: number) => Step][] = [
  ['number', 'number', () => r => r.map((x: number) => x * 2)],
  ['number', 'number', () => r => r.map((x: number) => (x % 7) + 0.1)],
  ['number', 'number', () => r => r.map((x: number) => x | 0)],
  ['number', 'number', () => r => r.filter((x: number) => x > 1)],
  ['number', 'number', () => r => r.flatMap((x: number) => (x > 2 ? [] : [x, x + 1]))],
  ['number', 'text', () => r => r.map((x: number) => `${x} ${x / 3}`)],
  ['number', 'text', () => r => r.map(String)],
  ['number', 'pair', () => r => r.map((x: number) => [x % 3, x])],
  ['number', 'pair', () => r => r.keyBy((x: number) => x)],
  ['number', 'pair', () => r => r.map((x: number) => [`k${x % 4}`, x])],
  [
    'number',
    'number',
    () => r =>
      r.mapPartitions(function* (xs: Iterable<number>) {
        let sum = 0
        for (const x of xs) yield (sum += x)
      }),
  ],
  [
    'number',
    'pair',
    () => r => r.mapPartitionsWithIndex((i: number, xs: Iterable<number>) => Array.from(xs, x => [i, x])),
  ],
  ['text', 'text', () => r => r.flatMap((s: string) => s.split(' '))],
  ['text', 'text', () => r => r.flatMap((s: string) => s.split(/\s+/))],
  ['text', 'text', () => r => r.flatMap((s: string) => s)],
  ['text', 'text', () => r => r.filter((s: string) => s !== '')],
  ['text', 'text', () => r => r.map((s: string) => s.toUpperCase())],
  ['text', 'number', () => r => r.map((s: string) => s.length)],
  ['text', 'pair', () => r => r.map((s: string) => [s, 1])],
  ['text', 'pair', () => r => r.map((s: string) => [[s, s.length], 0.1])],
  ['text', 'any', () => r => r.map((s: string) => ({ s, n: s === '' ? null : s.length }))],
  ['pair', 'pair', n => r => r.reduceByKey((a: number, b: number) => a + b, n)],
  ['pair', 'pair', n => r => r.reduceByKey((a: number, b: number) => Math.max(a, b), n)],
  ['pair', 'pair', n => r => r.reduceByKey((a: number, b: number) => a * 0.5 + b, n)],
  [
    'pair',
    'pair',
    n => r =>
      r
        .mapValues((x: number) => [x, 1])
        .reduceByKey(([s, c]: number[], [t, d]: number[]) => [s! + t!, c! + d!], n)
        .mapValues(([s, c]: number[]) => s! / c!),
  ],
  ['pair', 'any', n => r => r.groupByKey(n)],
  ['pair', 'pair', n => r => r.groupByKey(n).mapValues((xs: number[]) => xs.length)],
  [
    'pair',
    'any',
    n => r =>
      r.combineByKey(
        (x: number) => `${x}`,
        (s: string, x: number) => `${s},${x}`,
        (s: string, t: string) => `${s};${t}`,
        n,
      ),
  ],
  ['pair', 'pair', n => r => r.partitionBy(n)],
  ['pair', 'pair', () => r => r.mapValues((x: number) => x - 1)],
  ['pair', 'pair', () => r => r.flatMapValues((x: number) => (x > 0 ? [x, -x] : []))],
  ['pair', 'any', () => r => r.keys()],
  ['pair', 'number', () => r => r.values()],
  ['pair', 'pair', () => r => r.filter(([, x]: [unknown, number]) => x < 50)],
  ['mix', 'loose', () => r => r.map((x: unknown) => [typeof x, x])],
  ['mix', 'loose', () => r => r.keyBy((x: unknown) => `${x}`.length % 2)],
  ['loose', 'loose', n => r => r.reduceByKey((a: number, b: number) => a + b, n)],
  ['loose', 'loose', n => r => r.reduceByKey((a: number, b: number) => Math.max(a, b), n)],
  ['loose', 'any', n => r => r.groupByKey(n)],
  ['loose', 'mix', () => r => r.values()],
  ['any', 'any', n => r => r.distinct(n)],
  ['any', 'any', n => r => r.repartition(n)],
  ['any', 'any', () => (r, again) => r.union(again)],
  ['any', 'any', () => r => r.glom().flatMap((xs: unknown[]) => xs)],
  ['any', 'pair', () => r => r.map((x: unknown) => [x, 2])],
  ['any', 'any', () => r => r.filter((x: unknown) => x)],
]

// biome-ignore lint/suspicious/noExplicitAny: as above
type Action = (rdd: any) => unknown
const ACTIONS: [from: Kind, action: Action][] = [
  ['any', r => r.glom().collect()],
  ['any', r => r.collect()],
  ['any', r => r.count()],
  ['any', r => r.take(3)],
  ['any', r => r.isEmpty()],
  ['any', r => r.getNumPartitions()],
  [
    'any',
    r =>
      r.aggregate(
        '',
        (s: string, x: unknown) => s + typeof x,
        (s: string, t: string) => `${s}|${t}`,
      ),
  ],
  ['number', r => r.reduce((a: number, b: number) => a + b)],
  ['number', r => r.reduce((a: number, b: number) => (a < b ? a : b))],
  ['number', r => r.fold(0.1, (a: number, b: number) => a + b)],
  [
    'number',
    r =>
      r.aggregate(
        [0, 0],
        ([s, n]: number[], x: number) => [s! + x, n! + 1],
        ([s, n]: number[], [t, m]: number[]) => [s! + t!, n! + m!],
      ),
  ],
  ['mix', r => r.reduce((a: number, b: number) => a + b)],
  ['mix', r => r.fold(1, (a: number, b: number) => a + b)],
  ['mix', r => r.reduce((a: number, b: number) => (a < b ? a : b))],
  ['text', r => r.reduce((a: string, b: string) => (a < b ? a : b))],
]
const COUNTS: [from: Kind, action: Action][] = [
  ['any', r => r.countByValue()],
  ['pair', r => r.countByKey()],
  ['loose', r => r.countByKey()],
]

const fits = (from: Kind, kind: Kind): boolean => from === 'any' || from === kind

interface Program {
  items: unknown[]
  slices: number
  steps: { text: string; step: Step }[]
  action: Action
  /** The result is a Map, whose order is that of the partitions of a job of its own. */
  counts: boolean
}

function program(random: Seeded): Program {
  let kind = random.pick<Kind>(['number', 'text', 'pair', 'mix', 'loose', 'any'])
  const pools: Record<Kind, () => unknown> = {
    number: () => random.pick(NUMBERS),
    text: () => random.pick(TEXTS),
    pair: () => [random.pick(KEYS), random.pick(NUMBERS)],
    mix: () => random.pick<unknown>(random.chance(0.05) ? TEXTS : NUMBERS),
    loose: () => [random.pick([0, 1, 'a']), pools.mix()],
    any: () => random.pick(KEYS),
  }
  const { [kind]: record } = pools
  const items = Array.from({ length: random.pick([0, 1, 2, 5, 20, 100]) }, record)
  const steps: Program['steps'] = []
  for (let i = random.below(6); i > 0; i--) {
    const [from, to, make] = random.pick(STEPS.filter(([from]) => fits(from, kind)))
    const n = 1 + random.below(4)
    const step = make(n)
    steps.push({ text: step.toString().replaceAll(/\bn\b/g, String(n)), step })
    if (from !== 'any' || to !== 'any') kind = to
  }
  const counts = random.chance(0.1)
  const [, action] = random.pick((counts ? COUNTS : ACTIONS).filter(([from]) => fits(from, kind)))
  return { items, slices: 1 + random.below(4), steps, action, counts }
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function build(steps: Program['steps'], source: any, slow: (i: number) => boolean = () => false): any {
  let rdd = slow(-1) ? onWorkers(source) : source
  for (const [i, { step }] of steps.entries()) {
    rdd = step(rdd, rdd)
    if (slow(i)) rdd = onWorkers(rdd as RDD<unknown>)
  }
  return rdd
}

/** The result as text, or the code of the error. */
async function outcome(run: () => unknown, counts: boolean): Promise<string> {
  try {
    const result = await run()
    return counts ? [...(result as Map<unknown, number>)].map(asText).sort().join('\n') : asText(result)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'MILLRACE_EMPTY') return code
    throw error
  }
}

async function check(sc: Context, seed: number): Promise<void> {
  const random = new Seeded(seed)
  const { items, slices, steps, action, counts } = program(random)
  const text = `seed ${seed}: ${asText(items)} in ${slices} ${steps.map(s => s.text).join('\n  ')}\n  ${action}`
  const expected = await outcome(() => action(build(steps, NaiveRDD.slices(items, slices))), counts)
  const slow = new Set(Array.from({ length: 6 }, (_, i) => i - 1).filter(() => random.chance(0.4)))
  for (const way of [() => false, (i: number) => slow.has(i)]) {
    const rdd = build(steps, sc.parallelize(items, slices), way)
    const received = await outcome(() => action(rdd), counts).catch(error => String(error.stack))
    if (received !== expected) exactly(received, expected, text)
  }
}

test('a random program gives what the naive interpreter gives, on the driver and on the workers', () =>
  withContext(async sc => {
    const seeds = Number(process.env.MILLRACE_TEST_PROGRAMS ?? 400)
    for (let seed = 1; seed <= seeds; seed++) await check(sc, seed)
  }))

test.run()
