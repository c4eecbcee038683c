import { Context, type RDD, StreamingContext } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withContext } from '../support/with-context.js'

const sc = new Context({ threads: 2, memory: '64MiB' })
test.after(() => sc.stop())

/** An explanation without the legend under it. */
const explained = <T>(rdd: RDD<T>): string => rdd.explain().split('\n\n')[0]!

/** The way of each operator, without the stages. */
const ways = <T>(rdd: RDD<T>): string[] =>
  explained(rdd)
    .split('\n')
    .filter(line => line.startsWith('  '))
    .map(line => line.replace(/^ +(.{44}) /, (_, operator: string) => `${operator.trim()} | `))

const text = sc.parallelize(['to be', 'or not'])
const pairs = sc.parallelize([['a', 1] as [string, number]])
const records = sc.parallelize([{ user: 'a', amount: 1 }])
/** Records of a type that only reading shows. */
const unknown = text.map(l => JSON.parse(l))

test('the word count of the README', async () => {
  const ssc = new StreamingContext(sc, '1s')
  ssc
    .from(['to be or not to be', 'that is the question'])
    .flatMap(line => line.split(' '))
    .map(word => [word, 1])
    .reduceByKey((a, b) => a + b)
    .pprint()
  assert.is(
    ssc.explain().replace(/^pprint at .*/, 'pprint at app.js:12'),
    `pprint at app.js:12
Stage 1  from
  flatMap line => line.split(' ')              native: split
  map word => [word, 1]                        native: columns are rearranged
  reduceByKey (a, b) => a + b                  native: hash aggregation, to 2 partitions by key
Stage 2  from stage 1, merged by key

native   kernels over columns; no JavaScript value is made for a record
`,
  )
  await ssc.stop({ stopContext: false })
})

test('a plan with each of the ways, and the legend of their names', () => {
  const plan = records
    .filter(r => r.amount > 0)
    .map(r => [r.user, r.amount])
    .reduceByKey((a, b) => Math.max(a, b), 3)
    .mapPartitions(function* (rows) {
      yield* rows
    })
  assert.is(
    plan.explain(),
    `Stage 1  parallelize  (2 partitions)
  filter r => r.amount > 0                     fused, because of \`r.amount > 0\`
  map r => [r.user, r.amount]                  native: columns are rearranged
  reduceByKey (a, b) => Math.max(a, b)         native: hash aggregation, to 3 partitions by key
Stage 2  from stage 1, merged by key  (3 partitions)
  mapPartitions function* (rows) { yield* ro…  generic: the function gets the whole partition

native   kernels over columns; no JavaScript value is made for a record
fused    your functions, in one loop that is generated for them and the types of the records
generic  your functions, over whole partitions of JavaScript values
`,
  )
})

test('branches of a union, and partitions of every stage', () => {
  const one = sc.parallelize([1], 1).repartition(5)
  assert.is(
    explained(
      pairs
        .union(pairs.mapValues(v => v + 1))
        .groupByKey(4)
        .union(one.map(x => [x, [x]]) as never),
    ),
    `Stage 1  parallelize  (4 partitions)
   and  parallelize
  mapValues v => v + 1                         fused, because of \`v + 1\`
  groupByKey                                   native: lists by key, to 4 partitions by key
Stage 2  parallelize  (1 partition)
  repartition                                  native: in turn to 5 partitions
Stage 3  from stage 1, grouped by key  (9 partitions)
   and  from stage 2
  map x => [x, [x]]                            native: columns are rearranged`,
  )
})

test('what each exchange does', () => {
  assert.equal(ways(pairs.distinct(2)), [
    'x => [x, null] | native: columns are rearranged',
    'distinct | native: hash table of keys, to 2 partitions by key',
    'keys | native: columns are rearranged',
  ])
  assert.match(explained(pairs.distinct(2)), /Stage 2 {2}from stage 1, each once/)
  assert.equal(
    ways(
      pairs.combineByKey(
        v => [v],
        (list, v) => [...list, v],
        (a, b) => [...a, ...b],
        2,
      ),
    ),
    [
      'combineByKey (list, v) => [...list, v] | fused: hash table of keys, your functions over the values, to 2 partitions by key',
    ],
  )
  assert.equal(ways(pairs.partitionBy(1)), ['partitionBy | native, to 1 partition by key'])
  assert.equal(ways(pairs.partitionBy(2, k => k.length)), [
    'partitionBy | generic: by your function, to 2 partitions by key',
  ])
  assert.match(explained(pairs.partitionBy(2)), /Stage 2 {2}from stage 1, by key/)
})

for (const [name, rdd, expected] of [
  ['a split of text', text.flatMap(l => l.split(' ')), 'native: split'],
  [
    'a split of numbers',
    sc.range(3).flatMap(x => (x as never as string).split(' ')),
    'fused: the records are not text',
  ],
  [
    'a split of what is not known',
    unknown.flatMap(l => l.split(' ')),
    'native where records are text: split; else fused',
  ],
  [
    'a split that is not flattened',
    text.map(l => l.split(' ')),
    'fused: the result is not one of its columns',
  ],
  [
    'a field that is flattened',
    records.flatMap(r => r.user),
    'native where it is a list: its items are taken as they lie; else fused',
  ],
  ['a list that is flattened', text.flatMap(l => [l, 1]), 'fused: the items come from the function'],
  ['texts that are not empty', text.filter(l => l), 'native: rows that are not empty'],
  ['fields that are not empty', records.filter(r => r.user), 'native: rows that are not empty'],
  ['numbers that are not 0', sc.range(3).filter(x => x), 'fused: the records are not text'],
  ['a condition that is a constant', text.filter(() => true), 'fused: the condition is not about a text'],
  ['a condition that is computed', text.filter(l => l > 'a'), "fused, because of `l > 'a'`"],
  ['fields', records.map(({ user }) => user), 'native: columns are rearranged'],
  [
    'fields that are not there',
    records.map(r => (r as { x?: 1 }).x),
    'native where all records have these fields: columns are rearranged; else fused',
  ],
  ['fields of text', text.map(l => l[0]), 'fused: the records have no such field'],
  [
    'fields of what is not known',
    unknown.map(r => r.a),
    'native where all records have these fields: columns are rearranged; else fused',
  ],
  ['built-in functions', text.map(Number), 'fused, because of `Number`'],
] as [string, RDD<unknown>, string][]) {
  test(`the way of ${name}`, () => assert.is(ways(rdd).at(-1)!.split(' | ')[1], expected))
}

for (const [name, rdd, expected] of [
  ['sums of numbers', pairs.reduceByKey((a, b) => a + b), 'native: hash aggregation'],
  [
    'sums of texts',
    text.map(l => [l, l]).reduceByKey((a, b) => a + b),
    'fused: the values are not numbers (hash aggregation)',
  ],
  [
    'sums of what is not known',
    unknown.map(x => [1, x]).reduceByKey((a, b) => a + b),
    'native where values are numbers: hash aggregation; else fused',
  ],
  [
    'sums in pairs',
    pairs.mapValues(v => [v, 1]).reduceByKey(([s, n], [t, m]) => [s + t, n + m]),
    'native: hash aggregation',
  ],
  ['products', pairs.reduceByKey((a, b) => a * b), 'fused, because of `a * b` (hash aggregation)'],
] as [string, RDD<unknown>, string][]) {
  test(`the way of ${name}`, () =>
    assert.is(ways(rdd).at(-1)!.split(' | ')[1], `${expected}, to 2 partitions by key`))
}

test('a long function is cut, and its columns stay in line', () => {
  const [line] = ways(text.map(l => [l.toUpperCase(), l.toLowerCase(), l.trim(), l.length, l.at(0), l.at(1)]))
  assert.is(line, 'map l => [l.toUpperCase(), l.toLowerCase()… | fused, because of `l.toUpperCase()`')
})

test('a stream whose plan only a batch shows says so', async () => {
  const ssc = new StreamingContext(sc, '1s')
  ssc
    .queueStream([[1]])
    .transform(rdd => rdd)
    .foreachRDD(() => {})
  assert.match(ssc.explain(), /^foreachRDD.*\nknown only when a batch runs\n/)
  await ssc.stop({ stopContext: false })
})

test('a sort is explained with the plan of its own job', () =>
  withContext(async sc => {
    const sorted = sc
      .parallelize([[2], [1]], 2)
      .sortBy(([n]) => n, false, 2)
      .map(x => x)
    const [before, after] = sorted.explain().split('is made by')
    assert.match(before!, /^Stage 1 {2}sortBy at explain\.test.*\(2 partitions\)\n {2}map x => x/)
    assert.match(
      after!,
      /parallelize.*keyBy \(\[n\]\) => n.*native: to 2 partitions by ranges of the keys.*sortBy +native: by the digits of the keys/s,
    )
  }))

test.run()
