import type { Kind } from './records.js'

/** What a program ends in, and which records it takes. */
// biome-ignore lint/suspicious/noExplicitAny: the type of the records changes at every step
export type Action = [from: Kind, call: (r: any) => unknown]

/** The records of each partition: all that can be seen of an RDD. */
export const PARTITIONS: Action = ['any', r => r.glom().collect()]

export const ACTIONS: Action[] = [
  ['any', r => r.collect()],
  ['any', r => r.count()],
  ['any', r => r.take(3)],
  ['any', r => r.first()],
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
        ([s, n]: [number, number], x: number) => [s + x, n + 1],
        ([s, n]: [number, number], [t, m]: [number, number]) => [s + t, n + m],
      ),
  ],
  ['number', r => r.min()],
  ['number', r => r.max((x: number) => -x)],
  ['mix', r => r.reduce((a: number, b: number) => a + b)],
  ['mix', r => r.fold(1, (a: number, b: number) => a + b)],
  ['mix', r => r.reduce((a: number, b: number) => (a < b ? a : b))],
  ['text', r => r.reduce((a: string, b: string) => (a < b ? a : b))],
]

/** Those whose result is a Map. Its order is that of the partitions of a job of its own, so it is compared without. */
export const COUNTS: Action[] = [
  ['any', r => r.countByValue()],
  ['pair', r => r.countByKey()],
  ['loose', r => r.countByKey()],
]
