import {
  Context,
  type DStream,
  type Duration,
  type RDD,
  StateSpec,
  StreamingContext,
  type WindowResult,
} from 'millrace'
import { test } from 'uvu'
import { is, type Same } from '../support/types.js'

/* What each operator gives, as the compiler sees it. Plans are built, and nothing runs. */

type Count = [string, number]

/** What would fail if it ran, and need not. */
const never = (_: () => void): void => {}

async function building(
  check: (counts: RDD<Count>, stream: DStream<Count>, sc: Context, ssc: StreamingContext) => void,
): Promise<void> {
  await using sc = new Context({ threads: 1, memory: '16MiB' })
  const ssc = new StreamingContext(sc, '1s')
  const records: Count[] = [['a', 1]]
  check(sc.parallelize(records), ssc.queueStream([records]), sc, ssc)
}

test('joins and sets', () =>
  building((counts, stream) => {
    const lists = counts.mapValues(n => [`${n}`])
    const joined = counts.join(lists)
    is<Same<typeof joined, RDD<[string, [number, [string]]]>>>()
    const left = counts.leftOuterJoin(lists)
    is<Same<typeof left, RDD<[string, [number, [string] | null]]>>>()
    const right = counts.rightOuterJoin(lists)
    is<Same<typeof right, RDD<[string, [number | null, [string]]]>>>()
    const full = counts.fullOuterJoin(lists)
    is<Same<typeof full, RDD<[string, [number | null, [string] | null]]>>>()
    const both = counts.cogroup(lists)
    is<Same<typeof both, RDD<[string, [number[], [string][]]]>>>()
    const without = counts.subtractByKey(lists)
    is<Same<typeof without, RDD<Count>>>()
    const streamed = stream.fullOuterJoin(stream)
    is<Same<typeof streamed, DStream<[string, [number | null, number | null]]>>>()
    never(() => {
      // @ts-expect-error: keys are of different types
      counts.join(counts.map(([, n]) => [n, n]))
    })
    never(() => {
      // @ts-expect-error: a stream is joined with a stream
      stream.join(counts)
    })
  }))

test('by key, with results of another type', () =>
  building((counts, stream) => {
    const sums = counts.aggregateByKey(
      { n: 0 },
      (acc, n) => ({ n: acc.n + n }),
      (a, b) => ({ n: a.n + b.n }),
    )
    is<Same<typeof sums, RDD<[string, { n: number }]>>>()
    const texts = stream.combineByKey(
      n => `${n}`,
      (text, n) => text + n,
      (a, b) => a + b,
    )
    is<Same<typeof texts, DStream<[string, string]>>>()
    const grouped = counts.groupBy(([, n]) => n % 2 === 0)
    is<Same<typeof grouped, RDD<[boolean, Count[]]>>>()
  }))

test('order and places', () =>
  building((counts, _, sc) => {
    const sorted = counts.sortBy(([, n]) => n, false)
    is<Same<typeof sorted, RDD<Count>>>()
    const byKey = counts.sortByKey()
    is<Same<typeof byKey, RDD<Count>>>()
    const zipped = counts.zip(sc.range(1))
    is<Same<typeof zipped, RDD<[Count, number]>>>()
    const placed = counts.zipWithIndex()
    is<Same<typeof placed, RDD<[Count, number]>>>()
    const pairs = counts.cartesian(sc.range(1))
    is<Same<typeof pairs, RDD<[Count, number]>>>()
    const lines = counts.pipe('cat')
    is<Same<typeof lines, RDD<string>>>()
    const [training, tried] = counts.randomSplit([4, 1])
    is<Same<typeof training, RDD<Count>>>()
    is<Same<typeof tried, RDD<Count>>>()
    never(() => {
      // @ts-expect-error: numbers have no keys to sort by
      sc.range(1).sortByKey()
    })
  }))

test('actions', () =>
  building((counts, _, sc) => {
    // Called in a function that is never called: nothing runs.
    const later = {
      lookup: () => counts.lookup('a'),
      top: () => counts.top(3),
      map: () => counts.collectAsMap(),
      local: () => counts.reduceByKeyLocally((a, b) => a + b),
      mean: () => sc.range(3).mean(),
      max: () => counts.max(([, n]) => n),
      histogram: () => sc.range(3).histogram(2),
      // @ts-expect-error: pairs have no mean
      none: () => counts.mean(),
      // @ts-expect-error: a key is a text
      other: () => counts.lookup(1),
    }
    type Of<N extends keyof typeof later> = Awaited<ReturnType<(typeof later)[N]>>
    is<Same<Of<'lookup'>, number[]>>()
    is<Same<Of<'top'>, Count[]>>()
    is<Same<Of<'map'>, Map<string, number>>>()
    is<Same<Of<'local'>, Map<string, number>>>()
    is<Same<Of<'mean'>, number>>()
    is<Same<Of<'max'>, Count>>()
  }))

test('windows', () =>
  building((_, stream) => {
    const window = stream.window('3s', '1s')
    is<Same<typeof window, DStream<Count>>>()
    const sums = stream.reduceByKeyAndWindow(
      (a, b) => a + b,
      (a, b) => a - b,
      '3s',
    )
    is<Same<typeof sums, DStream<Count>>>()
    const lists = stream.groupByKeyAndWindow('3s')
    is<Same<typeof lists, DStream<[string, number[]]>>>()
    const values = stream.countByValueAndWindow('3s')
    is<Same<typeof values, DStream<[Count, number]>>>()
    const count = stream.countByWindow('3s')
    is<Same<typeof count, DStream<number>>>()
    const sorted = stream.transform((rdd, time) => {
      is<Same<typeof time, number>>()
      return rdd.sortBy(([, n]) => n)
    })
    is<Same<typeof sorted, DStream<Count>>>()
    const met = stream.transformWith(stream.count(), (a, b) => a.cartesian(b))
    is<Same<typeof met, DStream<[Count, number]>>>()
    never(() => {
      // @ts-expect-error: a duration carries its unit
      stream.window(3000)
    })
    never(() => {
      // @ts-expect-error: it is one that there is
      stream.window('3 years')
    })
    never(() => {
      // @ts-expect-error: a stream of numbers has no keys
      stream.count().groupByKeyAndWindow('3s')
    })
    never(() => {
      // @ts-expect-error: what a transform gives is an RDD
      stream.transform(rdd => rdd.collect())
    })
  }))

test('states', () =>
  building((counts, stream) => {
    const total = stream.updateStateByKey((values, state: number | undefined) => (state ?? 0) + values.length)
    is<Same<typeof total, DStream<[string, number]>>>()
    const lists = stream.updateStateByKey(
      (values, state: string[] | undefined) => (values.length === 0 ? null : [...(state ?? []), 'x']),
      2,
      [['a', ['x']]],
    )
    is<Same<typeof lists, DStream<[string, string[]]>>>()
    const spec = StateSpec.function<string, number, { n: number }, string | null>((key, value, state) => {
      const given: number | undefined = value
      state.update({ n: (state.getOption()?.n ?? 0) + (given ?? 0) })
      return state.isTimingOut() ? null : key
    })
      .initialState([['a', { n: 1 }]])
      .timeout('1m')
    const mapped = stream.mapWithState(spec)
    is<Same<ReturnType<typeof mapped.stateSnapshots>, DStream<[string, { n: number }]>>>()
    const texts: DStream<string> = mapped
    void texts
    never(() => {
      // @ts-expect-error: initial states are of the states' type
      spec.initialState(counts)
    })
    never(() => {
      // @ts-expect-error: a time-out is a duration
      spec.timeout(1000)
    })
  }))

test('event time', () =>
  building((_, stream) => {
    const events = stream.withEventTime(([, at]) => at, { lateness: '10s' })
    const all = events.tumbling('1m').count()
    is<Same<typeof all, DStream<WindowResult<null, number>>>>()
    const windows = events.keyBy(([key]) => key).sliding('1m', '10s')
    const reduced = windows.reduce((a, b) => (a[1] > b[1] ? a : b))
    is<Same<typeof reduced, DStream<WindowResult<string, Count>>>>()
    is<Same<typeof windows.late, DStream<Count>>>()
    // With exactOptionalPropertyTypes, as here: an option that may be undefined is left out then.
    const [time, early] = [undefined, undefined] as [Duration | undefined, boolean | undefined]
    stream.withEventTime(([, at]) => at, { lateness: time, idle: time })
    events.tumbling('1m', { early, numPartitions: undefined })
    events.join(events, { before: time, after: time })
    never(() => {
      // @ts-expect-error: a time is a number or a Date
      stream.withEventTime(([key]) => key)
    })
    never(() => {
      // @ts-expect-error: there is no such option
      stream.withEventTime(([, at]) => at, { late: '10s' })
    })
  }))

test.run()
