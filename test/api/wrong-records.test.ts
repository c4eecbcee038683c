import type { RDD } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

// What the compiler refuses in TypeScript is said at run time to JavaScript.
// biome-ignore lint/suspicious/noExplicitAny: as from JavaScript
type Any = any

test('by-key operators refuse records that are no pairs', () =>
  withContext(
    async sc => {
      const operators: Record<string, (rdd: RDD<Any>) => Promise<unknown>> = {
        keys: r => r.keys().collect(),
        values: r => r.values().collect(),
        mapValues: r => r.mapValues(x => x).collect(),
        flatMapValues: r => r.flatMapValues(x => [x]).collect(),
        reduceByKey: r => r.reduceByKey(a => a).collect(),
        groupByKey: r => r.groupByKey().collect(),
        combineByKey: r =>
          r
            .combineByKey(
              a => a,
              a => a,
              a => a,
            )
            .collect(),
        partitionBy: r => r.partitionBy(2).collect(),
        collectAsMap: r => r.collectAsMap(),
      }
      for (const [name, run] of Object.entries(operators)) {
        for (const record of [1, 'ab', null, undefined, {}, [], new Map([['a', 1]])]) {
          for (const rdd of bothWays(sc.parallelize([record], 1)))
            await fails(
              run(rdd),
              'MILLRACE_VALUE',
              new RegExp(`${name} works on \\[key, value\\] records, but received .*Make pairs first`),
            )
        }
      }
      // As in PySpark, keys and values look at the place they want and at nothing else.
      for (const rdd of bothWays<Any>(sc.parallelize([[1, 2, 3]], 1))) {
        exactly([await rdd.keys().collect(), await rdd.values().collect()], [[1], [2]])
        for (const name of ['reduceByKey', 'groupByKey', 'combineByKey', 'partitionBy', 'collectAsMap'])
          await fails(operators[name]!(rdd), 'MILLRACE_VALUE', /received \[1,2,3\]/)
      }
    },
    { maxTaskFailures: 1 },
  ))

test('a function that gives what cannot be a record, or cannot be iterated, is named', () =>
  withContext(
    async sc => {
      for (const numbers of bothWays<Any>(sc.range(0, 2, 1, 1))) {
        for (const wrong of [5, null, undefined, {}] as Any[]) {
          const iterable = /an array or another iterable from the function.*but received/
          await fails(
            numbers.flatMap(() => wrong, { wrong }).collect(),
            'MILLRACE_VALUE',
            iterable,
            /return \[\]\. It happened in flatMap at wrong-records/,
          )
          await fails(
            numbers.mapPartitions(() => wrong as Any, { wrong }).collect(),
            'MILLRACE_VALUE',
            iterable,
            /the function of mapPartitions/,
          )
          await fails(
            numbers
              .keyBy(x => x)
              .flatMapValues(() => wrong, { wrong })
              .collect(),
            'MILLRACE_VALUE',
            iterable,
            /in flatMapValues at wrong-records/,
          )
        }
        await fails(
          numbers.map(() => () => 1).collect(),
          'MILLRACE_VALUE',
          /a record cannot hold function.* It happened in map at wrong-records.*\(partition 0, at the record 0\)/,
        )
        await fails(
          numbers.map(() => Symbol('s')).collect(),
          'MILLRACE_VALUE',
          /a record cannot hold Symbol\(s\)/,
        )
        await fails(
          numbers.map(() => new WeakMap()).collect(),
          'MILLRACE_VALUE',
          /a record cannot hold a WeakMap/,
        )
        const hidden = /class URL \("http:\/\/a\/"\).*would arrive as \{\}.*its text.*in map at wrong-records/
        await fails(numbers.map(() => new URL('http://a')).collect(), 'MILLRACE_VALUE', hidden)
      }
    },
    { maxTaskFailures: 1 },
  ))

test('an argument that is no function, or no captures, is refused by the operator', () =>
  withContext(async sc => {
    const rdd = sc.parallelize<Any>([['a', 1]])
    const loose = rdd as unknown as Record<string, (...args: unknown[]) => unknown>
    const operators = [
      'map',
      'filter',
      'flatMap',
      'mapPartitions',
      'mapPartitionsWithIndex',
      'keyBy',
      'mapValues',
      'flatMapValues',
      'reduceByKey',
      'combineByKey',
      'reduce',
      'foreach',
      'foreachPartition',
    ]
    for (const name of operators) {
      for (const wrong of [undefined, null, 5, 'x => x', {}])
        await fails(
          async () => loose[name]!(wrong),
          'MILLRACE_OPTION',
          new RegExp(`expected a function for ${name} but received`),
        )
    }
    await fails(
      () => loose.map!((x: unknown) => x, 5),
      'MILLRACE_OPTION',
      /an object of named values, \{ name \}, for the captures of map/,
    )
    await fails(() => loose.union!([1]), 'MILLRACE_OPTION', /expected an RDD for the argument of union/)
  }))

test.run()
