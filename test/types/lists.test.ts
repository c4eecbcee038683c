import {
  Context,
  type DStream,
  type QueueStream,
  type RDD,
  type State,
  StateSpec,
  StreamingContext,
} from 'millrace'
import { test } from 'uvu'
import { is, type Same } from '../support/types.js'

/* Lists that are written down: where they are pairs, tuples, or lists of any length. Plans are built, and nothing runs. */

async function building(
  check: (counts: RDD<[string, number]>, sc: Context, ssc: StreamingContext) => void,
): Promise<void> {
  await using sc = new Context({ threads: 1, memory: '16MiB' })
  check(sc.parallelize([['a', 1]]), sc, new StreamingContext(sc, '1s'))
}

/** In a function that is never called: nothing runs. */
type Of<F extends (...args: never[]) => unknown> = Awaited<ReturnType<F>>

test('lists of two are pairs where records are written down', () =>
  building((_, sc, ssc) => {
    const pairs = sc.parallelize([
      ['a', 1],
      ['b', 2],
    ])
    is<Same<typeof pairs, RDD<[string, number]>>>()
    const sliced = sc.parallelize([['a', [1, 2, 3]]], 2)
    is<Same<typeof sliced, RDD<[string, number[]]>>>()
    const streamed = ssc.queueStream([[['a', 1]], [['b', 2]], []], true, [['c', 3]])
    is<Same<typeof streamed, QueueStream<[string, number]>>>()
    const read = ssc.from([['a', 1]])
    is<Same<typeof read, DStream<[string, number]>>>()
    const ofRdds = ssc.queueStream([sc.parallelize([['a', 1]])])
    is<Same<typeof ofRdds, QueueStream<[string, number]>>>()

    const vectors = sc.parallelize([[1, 2, 3]])
    is<Same<typeof vectors, RDD<number[]>>>()
    const mixed = sc.parallelize([
      ['a', 1],
      ['b', 'c'],
    ])
    is<Same<typeof mixed, RDD<(string | number)[]>>>()
    const lists: number[][] = [[1, 2]]
    const made = sc.parallelize(lists)
    is<Same<typeof made, RDD<number[]>>>()
    const either: DStream<unknown>[] = [streamed, streamed.values()]
    ssc.transform(either, ([first]) => first!)
    const words = ssc.queueStream([['a', 'b']])
    is<Same<typeof words, QueueStream<string>>>()
  }))

test('what an aggregation begins with is a tuple, and the functions need no annotation', () =>
  building((counts, sc, ssc) => {
    const mean = () =>
      sc.range(3).aggregate(
        [0, 0],
        ([sum, n], x) => [sum + x, n + 1],
        ([s, n], [t, m]) => [s + t, n + m],
      )
    is<Same<Of<typeof mean>, [number, number]>>()
    const tree = () =>
      sc.range(3).treeAggregate(
        ['', 0],
        ([text, n], x) => [`${text}${x}`, n + 1],
        ([s, n], [t, m]) => [s + t, n + m],
      )
    is<Same<Of<typeof tree>, [string, number]>>()
    const byKey = counts.aggregateByKey(
      [0, ''],
      ([sum, text], x) => [sum + x, `${text}x`],
      ([s, a], [t, b]) => [s + t, a + b],
    )
    is<Same<typeof byKey, RDD<[string, [number, string]]>>>()
    const combined = counts.combineByKey(
      x => [x, 1],
      ([sum, n], x) => [sum + x, n + 1],
      ([s, n], [t, m]) => [s + t, n + m],
    )
    is<Same<typeof combined, RDD<[string, [number, number]]>>>()
    const windows = ssc
      .queueStream([[1]])
      .withEventTime(x => x)
      .tumbling('1m')
      .aggregate(
        [0, 0],
        ([sum, n], x) => [sum + x, n + 1],
        ([s, n], [t, m]) => [s + t, n + m],
      )
      .map(({ value: [sum, n] }) => sum / n)
    is<Same<typeof windows, DStream<number>>>()
    const grouped = counts.groupBy(([word, n]) => [word, n > 1])
    is<Same<typeof grouped, RDD<[[string, boolean], [string, number][]]>>>()
  }))

test('what begins with one item, or is of another type, grows', () =>
  building((counts, sc) => {
    const listed = counts.combineByKey(
      x => [x],
      (list, x) => [...list, x],
      (a, b) => [...a, ...b],
    )
    is<Same<typeof listed, RDD<[string, number[]]>>>()
    const append = (list: number[], x: number): number[] => [...list, x]
    const extend = (a: number[], b: number[]): number[] => [...a, ...b]
    const named = counts.combineByKey(x => [x], append, extend)
    is<Same<typeof named, RDD<[string, number[]]>>>()
    const set = counts.aggregateByKey(
      new Set<number>(),
      (seen, x) => seen.add(x),
      (a, b) => new Set([...a, ...b]),
    )
    is<Same<typeof set, RDD<[string, Set<number>]>>>()
    const vector = () =>
      sc.range(3).aggregate<number[]>(
        [0, 0, 0],
        (acc, x) => acc.map(a => a + x),
        (a, b) => a.map((x, i) => x + b[i]!),
      )
    is<Same<Of<typeof vector>, number[]>>()
    const mapped = () =>
      sc.range(3).aggregate(
        [0, 0, 0],
        (acc, x) => acc.map(a => a + x),
        (a, b) => a.map((x, i) => x + b[i]!),
      )
    is<Same<Of<typeof mapped>, [number, number, number]>>()
    const least = () =>
      sc.range(3).aggregate(
        null as number | null,
        (least, x) => (least === null || x < least ? x : least),
        (a, b) => a ?? b,
      )
    is<Same<Of<typeof least>, number | null>>()
  }))

test('a state without annotation is one of the values; what mapWithState gives may be a pair', () =>
  building((_, __, ssc) => {
    const ones = ssc.queueStream([['a']]).map(word => [word, 1])
    const total = ones.updateStateByKey((values, sum) => values.reduce((a, b) => a + b, sum ?? 0))
    is<Same<typeof total, DStream<[string, number]>>>()
    const seen = ones.updateStateByKey((values, seen: string[] = []) => [...seen, `${values.length}`])
    is<Same<typeof seen, DStream<[string, string[]]>>>()
    const summed = ones
      .mapWithState(
        StateSpec.function((word, one, sum: State<number>) => {
          sum.update((sum.getOption() ?? 0) + (one ?? 0))
          return one === undefined ? undefined : [word, sum.get()]
        }),
      )
      .reduceByKey(Math.max)
    is<Same<typeof summed, DStream<[string, number]>>>()
  }))

test.run()
