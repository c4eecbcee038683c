import fc from 'fast-check'
import type { Property } from './prove.js'
import { RECORDS } from './records.js'
import { anyOrder, callsOn, sameStreams } from './streams.js'

/** A window and its slide, either of which may be the longer one, and a number of partitions. */
const sizes = fc.tuple(
  fc.integer({ min: 1, max: 5 }).map(n => `${n}s`),
  fc.integer({ min: 1, max: 4 }).map(n => `${n}s`),
  fc.integer({ min: 1, max: 3 }),
)
const keys = fc.constantFrom<unknown>('a', 'b', 1, Number.NaN, [1, 'x'])
/** Sums of these are exact, so that what is taken away again leaves nothing behind. */
const whole = fc.constantFrom(0, 1, 2, -1, 7, 2 ** 40)
const unbounded = fc.oneof(
  { weight: 9, arbitrary: whole },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
)
const text = fc.constantFrom('x', 'yy', 'z')

const plus = (a: number, b: number): number => a + b
const minus = (a: number, b: number): number => a - b

/** Windows of DStreams. */
export const WINDOW_PROPERTIES: Property[] = [
  sameStreams(
    'windows of windows',
    callsOn(
      RECORDS.any,
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 })), {
        minLength: 1,
        maxLength: 3,
      }),
      (s, nested) => {
        let slide = 1
        for (const [length, by] of nested) {
          s = s.window(`${length * slide}s`, `${by * slide}s`).map((x: unknown) => [x])
          slide *= by
        }
        return s
      },
    ),
  ),
  sameStreams(
    'reduceByKeyAndWindow shows what its filter lets through, and remembers all',
    callsOn(fc.tuple(keys, whole), fc.tuple(sizes, fc.boolean()), (s, [sizes, inverse]) =>
      s.reduceByKeyAndWindow(plus, inverse ? minus : null, ...sizes, ([, n]: [unknown, number]) => n > 1),
    ),
    anyOrder,
  ),
]

/** What is made of windows. */
export const WINDOWED_PROPERTIES: Property[] = [
  sameStreams(
    'windows of one slide are joined, and put together',
    callsOn(
      fc.tuple(keys, whole),
      fc.tuple(fc.nat({ max: 3 }), sizes, fc.integer({ min: 1, max: 5 })),
      (s, [way, [length, slide, n], other]) => {
        const short = s.window(length, slide)
        const long = s.mapValues((x: number) => `${x}`).window(`${other}s`, slide)
        if (way === 0) return short.join(long, n)
        if (way === 1) return short.fullOuterJoin(long, n)
        if (way === 2) return short.cogroup(long, n)
        return short.union(long)
      },
    ),
  ),
  sameStreams(
    'results of a whole window',
    callsOn(whole, sizes, (s, [length, slide, n]) => {
      const window = s.window(length, slide)
      return n === 1 ? window.count() : n === 2 ? window.reduce(plus) : window.countByValue(2)
    }),
  ),
  sameStreams(
    'operators on a window',
    callsOn(fc.tuple(keys, whole), sizes, (s, [length, slide, n]) =>
      s
        .mapValues((x: number) => x + 1)
        .window(length, slide)
        .reduceByKey((a: number, b: number) => a + b, n),
    ),
  ),
]

/** What is made of whole windows slice by slice. Functions are associative; texts that are joined show the order. */
export const REDUCED_WINDOW_PROPERTIES: Property[] = [
  sameStreams(
    'reduceByWindow keeps the order',
    callsOn(text, sizes, (s, [length, slide]) =>
      s.reduceByWindow((a: string, b: string) => a + b, null, length, slide),
    ),
    parts => parts.flat(),
  ),
  sameStreams(
    'reduceByWindow with an inverse',
    callsOn(unbounded, sizes, (s, [length, slide]) => s.reduceByWindow(plus, minus, length, slide)),
    parts => parts.flat(),
  ),
  sameStreams(
    'countByWindow, 0 for nothing',
    callsOn(RECORDS.any, sizes, (s, [length, slide]) => s.countByWindow(length, slide)),
    parts => parts.flat(),
  ),
]

/** What is counted, or put together, by value or key. */
export const GROUPED_WINDOW_PROPERTIES: Property[] = [
  sameStreams(
    'countByValueAndWindow',
    callsOn(keys, sizes, (s, sizes) => s.countByValueAndWindow(...sizes)),
    anyOrder,
  ),
  sameStreams(
    'groupByKeyAndWindow keeps the order of values',
    callsOn(fc.tuple(keys, text), sizes, (s, sizes) => s.groupByKeyAndWindow(...sizes)),
    anyOrder,
  ),
]

/** What is reduced by key. */
export const KEYED_WINDOW_PROPERTIES: Property[] = [
  sameStreams(
    'reduceByKeyAndWindow keeps the order of values',
    callsOn(fc.tuple(keys, text), sizes, (s, sizes) =>
      s.reduceByKeyAndWindow((a: string, b: string) => a + b, null, ...sizes),
    ),
    anyOrder,
  ),
  sameStreams(
    'reduceByKeyAndWindow with an inverse: a key is there while a record of it is',
    callsOn(fc.tuple(keys, unbounded), sizes, (s, sizes) => s.reduceByKeyAndWindow(plus, minus, ...sizes)),
    anyOrder,
  ),
]
