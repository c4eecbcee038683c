import { Context, type DStream, type RDD, StreamingContext } from 'millrace'
import { test } from 'uvu'
import { is, type Same } from '../support/types.js'

interface User {
  id: number
  name?: string
}

/** Builds plans and runs nothing: what is tried here is whether they compile. */
async function building(check: (sc: Context, ssc: StreamingContext) => void): Promise<void> {
  await using sc = new Context({ threads: 1, memory: '16MiB' })
  check(sc, new StreamingContext(sc, '1s'))
}

test('pairs need no `as const`, and keep their type through the chain', () =>
  building((sc, ssc) => {
    const words = sc.textFile('text').flatMap(l => l.split(' '))
    is<Same<typeof words, RDD<string>>>()
    const ones = words.map(w => [w, 1])
    is<Same<typeof ones, RDD<[string, number]>>>()
    const counts = ones.reduceByKey((a, b) => a + b)
    is<Same<typeof counts, RDD<[string, number]>>>()

    const stream = ssc.socketTextStream('localhost', 1).flatMap(l => l.split(' '))
    const streamed = stream.map(w => [w, 1]).reduceByKey((a, b) => a + b)
    is<Same<typeof streamed, DStream<[string, number]>>>()

    const means = words
      .map(w => [w, [w.length, 1]])
      .reduceByKey(([s, c], [t, d]) => [s + t, c + d])
      .mapValues(([s, c]) => s / c)
    is<Same<typeof means, RDD<[string, number]>>>()
    const deep = words.map(w => ({ w, at: [w.length, true, null, undefined, 1n], of: { k: 'x' } }))
    is<
      Same<typeof deep, RDD<{ w: string; at: [number, boolean, null, undefined, bigint]; of: { k: string } }>>
    >()
  }))

test('by-key operators are for pairs only', () =>
  building((sc, ssc) => {
    const [numbers, stream] = [sc.range(3), ssc.queueStream([[1]])]
    const lists: number[][] = [[1, 2]]
    // @ts-expect-error: numbers have no keys
    numbers.reduceByKey((a, b) => a + b)
    // @ts-expect-error: nor has a stream of them
    stream.reduceByKey((a, b) => a + b)
    // @ts-expect-error: a text is no pair
    sc.textFile('text').groupByKey()
    // @ts-expect-error: nor are three
    numbers.map(x => [x, x, x]).groupByKey()
    // @ts-expect-error: nor are any number
    sc.parallelize(lists).keys()
    for (const none of [numbers, stream]) {
      // @ts-expect-error
      none.keys()
      // @ts-expect-error
      none.values()
      // @ts-expect-error
      none.mapValues(x => x)
      // @ts-expect-error
      none.flatMapValues(x => [x])
      // @ts-expect-error
      none.partitionBy(2)
      // @ts-expect-error
      none.combineByKey(
        x => x,
        x => x,
        x => x,
      )
    }
    // @ts-expect-error: nor is there a sum of texts
    const sum = (): Promise<number> => sc.textFile('text').sum()
    // @ts-expect-error: a reducer gives the type it takes
    numbers.map(x => [x, x]).reduceByKey((a, b) => `${a}${b}`)
    void sum
  }))

test('every transformation gives the type of its records', () =>
  building(sc => {
    const users = sc.parallelize<User>([{ id: 1 }])
    const pairs = users.keyBy(u => u.id)
    is<Same<typeof pairs, RDD<[number, User]>>>()
    const texts: RDD<string | null> = sc.parallelize(['a', null])

    is<Same<ReturnType<typeof users.glom>, RDD<User[]>>>()
    is<Same<ReturnType<typeof users.distinct>, RDD<User>>>()
    is<Same<ReturnType<typeof users.repartition>, RDD<User>>>()
    const some = texts.filter(x => x !== null)
    is<Same<typeof some, RDD<string>>>()
    const even = sc.range(3).filter(x => x % 2 === 0)
    is<Same<typeof even, RDD<number>>>()
    const all = sc.union([sc.range(3), sc.range(4)])
    is<Same<typeof all, RDD<number>>>()
    const listed = users.mapPartitions(function* (us) {
      for (const u of us) yield [u.id, 'x']
    })
    is<Same<typeof listed, RDD<[number, string]>>>()
    const indexed = users.mapPartitionsWithIndex((i, us) => [[i, [...us].length]])
    is<Same<typeof indexed, RDD<[number, number]>>>()

    const [keys, values] = [pairs.keys(), pairs.values()]
    is<Same<typeof keys, RDD<number>>>()
    is<Same<typeof values, RDD<User>>>()
    const names = pairs.mapValues(u => u.name)
    is<Same<typeof names, RDD<[number, string | undefined]>>>()
    const letters = pairs.flatMapValues(u => (u.name ?? '').split(''))
    is<Same<typeof letters, RDD<[number, string]>>>()
    const grouped = pairs.groupByKey()
    is<Same<typeof grouped, RDD<[number, User[]]>>>()
    const combined = pairs.combineByKey<string[]>(
      u => [u.name ?? ''],
      (list, u) => [...list, u.name ?? ''],
      (a, b) => [...a, ...b],
    )
    is<Same<typeof combined, RDD<[number, string[]]>>>()
    const placed = pairs.partitionBy(2, id => id + 1)
    is<Same<typeof placed, RDD<[number, User]>>>()

    const columns = sc.columns({ user: new Int32Array(1), name: ['x'], big: new BigInt64Array(1) })
    is<Same<typeof columns, RDD<{ user: number; name: string; big: bigint }>>>()
    const paired = sc.pairs(new Float64Array(1), ['x'])
    is<Same<typeof paired, RDD<[number, string]>>>()
    is<Same<ReturnType<typeof sc.textFile>, RDD<string>>>()
    const constant = sc.parallelize([['a', 1]] as const).mapValues(x => x + 1)
    is<Same<typeof constant, RDD<['a', number]>>>()
  }))

test('a stream has the types of an RDD', () =>
  building((_, ssc) => {
    const users = ssc.queueStream<User>([])
    const pairs = users.keyBy(u => u.id)
    is<Same<typeof pairs, DStream<[number, User]>>>()
    is<Same<ReturnType<typeof users.count>, DStream<number>>>()
    is<Same<ReturnType<typeof users.countByValue>, DStream<[User, number]>>>()
    is<Same<ReturnType<typeof users.glom>, DStream<User[]>>>()
    const least = users.reduce((a, b) => (a.id < b.id ? a : b))
    is<Same<typeof least, DStream<User>>>()
    const grouped = pairs.mapValues(u => [u.id, 'x']).groupByKey()
    is<Same<typeof grouped, DStream<[number, [number, string][]]>>>()
    const timed = users.transform((rdd, time) => rdd.map(u => [time, u.id], { time }))
    is<Same<typeof timed, DStream<[number, number]>>>()
    const both = users.transformWith(pairs, (a, b, time) => a.map(u => u.id + time, { time }).union(b.keys()))
    is<Same<typeof both, DStream<number>>>()
    const joined = ssc.union(users, users)
    is<Same<typeof joined, DStream<User>>>()
    // @ts-expect-error: a duration carries its unit
    const wrong = (): StreamingContext => new StreamingContext(ssc.context, 5)
    const computed = (n: number): StreamingContext => new StreamingContext(ssc.context, `${n}s`)
    void [wrong, computed]
  }))

test('actions promise what they give', () =>
  building(sc => {
    const pairs = sc.parallelize<[string, number]>([['a', 1]])
    const numbers = pairs.values()
    type Gives<F extends (...args: never[]) => unknown> = Awaited<ReturnType<F>>
    is<Same<Gives<typeof pairs.collect>, [string, number][]>>()
    is<Same<Gives<typeof pairs.take>, [string, number][]>>()
    is<Same<Gives<typeof pairs.first>, [string, number]>>()
    is<Same<Gives<typeof pairs.count>, number>>()
    is<Same<Gives<typeof numbers.sum>, number>>()
    is<Same<Gives<typeof numbers.min>, number>>()
    is<Same<Gives<typeof pairs.isEmpty>, boolean>>()
    is<Same<Gives<typeof pairs.collectAsMap>, Map<string, number>>>()
    is<Same<Gives<typeof pairs.countByKey>, Map<string, number>>>()
    is<Same<Gives<typeof pairs.countByValue>, Map<[string, number], number>>>()
    is<Same<Gives<typeof pairs.foreach>, void>>()
    const text = (): Promise<string> =>
      numbers.aggregate(
        '',
        (s, x) => s + x,
        (s, t) => s + t,
      )
    const folded = (): Promise<number> => numbers.fold(0, (a, b) => a + b)
    const iterate = async (): Promise<void> => {
      for await (const [key, value] of pairs.toLocalIterator())
        is<Same<[typeof key, typeof value], [string, number]>>()
    }
    void [text, folded, iterate]
  }))

test('what the compiler was told not to look at goes through', () =>
  building(sc => {
    // biome-ignore lint/suspicious/noExplicitAny: that is what is tried
    const any: RDD<any> = sc.textFile('text').map(l => JSON.parse(l))
    const sums = any.reduceByKey((a, b) => a + b).mapValues(x => x.y)
    // biome-ignore lint/suspicious/noExplicitAny: that is what is tried
    is<Same<typeof sums, RDD<[any, any]>>>()
    const keyed = any.map(x => [x.k, 1]).reduceByKey((a, b) => a + b)
    // biome-ignore lint/suspicious/noExplicitAny: that is what is tried
    is<Same<typeof keyed, RDD<[any, number]>>>()
  }))

test.run()
