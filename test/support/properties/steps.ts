import type { Kind } from './records.js'

/**
 * A step of a program: what a method call makes of an RDD or a DStream, the library's or the reference's. `n` is a number
 * of partitions, `again` another one of the same kind of records.
 */
// biome-ignore lint/suspicious/noExplicitAny: the type of the records changes at every step
export type Call = (r: any, n: number, again: any) => any

/** What a step takes, what it gives, and what it does. From 'any' to 'any' means that the kind stays. */
export type Step = [from: Kind, to: Kind, call: Call]

/** Row by row, and a partition at a time. */
export const ROW_STEPS: Step[] = [
  ['number', 'number', r => r.map((x: number) => x * 2)],
  ['number', 'number', r => r.map((x: number) => (x % 7) + 0.1)],
  ['number', 'number', r => r.map((x: number) => x | 0)],
  ['number', 'number', r => r.filter((x: number) => x > 1)],
  ['number', 'number', r => r.flatMap((x: number) => (x > 2 ? [] : [x, x + 1]))],
  ['number', 'text', r => r.map((x: number) => `${x} ${x / 3}`)],
  ['number', 'text', r => r.map(String)],
  ['number', 'pair', r => r.map((x: number) => [x % 3, x])],
  ['number', 'pair', r => r.keyBy((x: number) => x)],
  ['number', 'pair', r => r.map((x: number) => [`k${x % 4}`, x])],
  [
    'number',
    'number',
    r =>
      r.mapPartitions(function* (xs: Iterable<number>) {
        let sum = 0
        for (const x of xs) yield (sum += x)
      }),
  ],
  [
    'number',
    'pair',
    r => r.mapPartitionsWithIndex((i: number, xs: Iterable<number>) => Array.from(xs, x => [i, x])),
  ],
  ['text', 'text', r => r.flatMap((s: string) => s.split(' '))],
  ['text', 'text', r => r.flatMap((s: string) => s.split(/\s+/))],
  ['text', 'text', r => r.flatMap((s: string) => s)],
  ['text', 'text', r => r.filter((s: string) => s !== '')],
  ['text', 'text', r => r.map((s: string) => s.toUpperCase())],
  ['text', 'number', r => r.map((s: string) => s.length)],
  ['text', 'pair', r => r.map((s: string) => [s, 1])],
  ['text', 'pair', r => r.map((s: string) => [[s, s.length], 0.1])],
  ['text', 'any', r => r.map((s: string) => ({ s, n: s === '' ? null : s.length }))],
  ['pair', 'pair', r => r.mapValues((x: number) => x - 1)],
  ['pair', 'pair', r => r.flatMapValues((x: number) => (x > 0 ? [x, -x] : []))],
  ['pair', 'any', r => r.keys()],
  ['pair', 'number', r => r.values()],
  ['pair', 'pair', r => r.filter(([, x]: [unknown, number]) => x < 50)],
  ['mix', 'loose', r => r.map((x: unknown) => [typeof x, x])],
  ['mix', 'loose', r => r.keyBy((x: unknown) => `${x}`.length % 2)],
  ['loose', 'mix', r => r.values()],
  ['any', 'any', r => r.glom().flatMap((xs: unknown[]) => xs)],
  ['any', 'pair', r => r.map((x: unknown) => [x, 2])],
  ['any', 'any', r => r.filter((x: unknown) => x)],
]

/** By key. */
export const KEY_STEPS: Step[] = [
  ['pair', 'pair', (r, n) => r.reduceByKey((a: number, b: number) => a + b, n)],
  ['pair', 'pair', (r, n) => r.reduceByKey((a: number, b: number) => Math.max(a, b), n)],
  ['pair', 'pair', (r, n) => r.reduceByKey((a: number, b: number) => a * 0.5 + b, n)],
  [
    'pair',
    'pair',
    (r, n) =>
      r
        .mapValues((x: number) => [x, 1])
        .reduceByKey(([s, c]: [number, number], [t, d]: [number, number]) => [s + t, c + d], n)
        .mapValues(([s, c]: [number, number]) => s / c),
  ],
  ['pair', 'any', (r, n) => r.groupByKey(n)],
  ['pair', 'pair', (r, n) => r.groupByKey(n).mapValues((xs: number[]) => xs.length)],
  [
    'pair',
    'any',
    (r, n) =>
      r.combineByKey(
        (x: number) => `${x}`,
        (s: string, x: number) => `${s},${x}`,
        (s: string, t: string) => `${s};${t}`,
        n,
      ),
  ],
  ['loose', 'loose', (r, n) => r.reduceByKey((a: number, b: number) => a + b, n)],
  ['loose', 'loose', (r, n) => r.reduceByKey((a: number, b: number) => Math.max(a, b), n)],
  ['loose', 'any', (r, n) => r.groupByKey(n)],
]

/** What changes the partitions, or the set of records. */
export const SHAPE_STEPS: Step[] = [
  ['pair', 'pair', (r, n) => r.partitionBy(n)],
  ['any', 'any', (r, n) => r.distinct(n)],
  ['any', 'any', (r, n) => r.repartition(n)],
  ['any', 'any', (r, _, again) => r.union(again)],
  [
    'any',
    'any',
    (r, n) =>
      r
        .map((x: unknown) => [x, 0])
        .partitionBy(n, (k: unknown) => `${k}`.length)
        .keys(),
  ],
]

export const ALL_STEPS: Step[] = [...ROW_STEPS, ...KEY_STEPS, ...SHAPE_STEPS]
