import type { RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

async function iterated<T>(rdd: RDD<T>): Promise<T[]> {
  const records: T[] = []
  for await (const record of rdd.toLocalIterator()) records.push(record)
  return records
}

test('what brings records back keeps their order over the partitions', () =>
  withContext(async sc => {
    for (const parts of [1, 3, 8]) {
      for (const rdd of bothWays(sc.parallelize(['c', 'a', 'b', '', 'a'], parts))) {
        exactly(await rdd.collect(), ['c', 'a', 'b', '', 'a'])
        exactly(await iterated(rdd), ['c', 'a', 'b', '', 'a'])
        exactly(
          [await rdd.take(0), await rdd.take(2), await rdd.take(99)],
          [[], ['c', 'a'], ['c', 'a', 'b', '', 'a']],
        )
        exactly([await rdd.first(), await rdd.count(), await rdd.isEmpty()], ['c', 5, false])
        exactly(await rdd.reduce((a, b) => `${a}${b}`), 'caba')
        exactly(await rdd.filter(x => x === '').first(), '')
      }
    }
    exactly(await sc.parallelize([undefined, null], 1).first(), undefined)
    exactly(await sc.parallelize([undefined], 1).reduce(() => undefined), undefined)
  }))

test('without records: nothing, zero, or an error that says what to do', () =>
  withContext(async sc => {
    const none = [
      ...bothWays(sc.parallelize<number>([], 3)),
      sc.emptyRDD<number>(),
      sc.range(9, 10).filter(x => x < 0),
    ]
    for (const rdd of none) {
      exactly([await rdd.collect(), await rdd.take(3), await iterated(rdd)], [[], [], []])
      exactly([await rdd.count(), await rdd.sum(), await rdd.isEmpty()], [0, 0, true])
      const pairs = rdd.map(x => [x, x])
      exactly(
        [await rdd.countByValue(), await pairs.countByKey(), await pairs.collectAsMap()],
        [new Map(), new Map(), new Map()],
      )
      await rdd.foreach(() => {
        throw new Error('never')
      })
      await fails(rdd.first(), 'MILLRACE_EMPTY', /RDD is empty\. Ask isEmpty\(\) first/)
      await fails(
        rdd.reduce((a, b) => a + b),
        'MILLRACE_EMPTY',
        /Can not reduce\(\) empty RDD\..*fold\(\)/,
      )
    }
    assert.is(sc.emptyRDD().getNumPartitions(), 0)
    exactly(
      await sc
        .emptyRDD<[string, number]>()
        .reduceByKey((a, b) => a + b, 3)
        .glom()
        .collect(),
      [[], [], []],
    )
  }))

test('take computes no more partitions than it needs', () =>
  withContext(async sc => {
    for (const [wanted, partitions] of [
      [1, 1],
      [2, 1],
      [3, 5],
      [11, 10],
    ] as const) {
      for (const numbers of bothWays(sc.range(0, 20, 1, 10))) {
        const seen = sc.accumulator(0)
        const counted = numbers.mapPartitions(
          records => {
            seen.add(1)
            return records
          },
          { seen },
        )
        exactly(
          await counted.take(wanted),
          Array.from({ length: wanted }, (_, i) => i),
        )
        assert.is(seen.value, partitions, `partitions for ${wanted} records`)
      }
    }
    for (const n of [1.5, Number.NaN, '2' as unknown as number])
      await fails(sc.range(3).take(n), 'MILLRACE_OPTION', /a whole number for the number of records of take/)
  }))

test('Maps have an entry for each key, equal by structure', () =>
  withContext(async sc => {
    const pairs: [unknown, string][] = [
      ['a', 'first'],
      [[1, { x: 2, y: 3 }], 'list'],
      [Number.NaN, 'nan'],
      [0, 'zero'],
      ['a', 'last'],
      [[1, { y: 3, x: 2 }], 'same list'],
      [Number.NaN, 'nan again'],
      [-0, 'minus zero'],
      [null, 'null'],
      [undefined, 'undefined'],
    ]
    for (const rdd of bothWays(sc.parallelize(pairs, 3))) {
      exactly(
        await rdd.collectAsMap(),
        new Map<unknown, string>([
          ['a', 'last'],
          [[1, { x: 2, y: 3 }], 'same list'],
          [Number.NaN, 'nan again'],
          [0, 'minus zero'],
          [null, 'null'],
          [undefined, 'undefined'],
        ]),
      )
      const counts = [...(await rdd.countByKey())].map(entry => JSON.stringify(entry)).sort()
      exactly(counts, ['["a",2]', '[0,2]', '[[1,{"x":2,"y":3}],2]', '[null,1]', '[null,1]', '[null,2]'])
      exactly(await rdd.keys().countByValue(), await rdd.countByKey())
    }
  }))

test('foreachPartition sees each partition once, and is awaited', () =>
  withContext(async sc => {
    for (const numbers of bothWays(sc.range(0, 4, 1, 6))) {
      const calls = sc.accumulator(0)
      const sum = sc.accumulator(0)
      await numbers.foreachPartition(
        async records => {
          calls.add(1)
          await new Promise(done => setTimeout(done, 5))
          for (const x of records) sum.add(x)
        },
        { calls, sum },
      )
      exactly([calls.value, sum.value], [6, 6])
      const late = numbers.foreachPartition(async () => {
        await null
        throw new RangeError('too late')
      })
      await fails(late, 'MILLRACE_TASK', /RangeError: too late in foreachPartition at/)
    }
  }))

test('an iterator computes nothing before it is asked, and gives the memory back when it is left', () =>
  withContext(async sc => {
    const runs = sc.accumulator(0)
    const rdd = sc.range(0, 500_000, 1, 4).mapPartitions(
      records => {
        runs.add(1)
        return records
      },
      { runs },
    )
    const left = async (): Promise<number> => {
      for await (const record of rdd.toLocalIterator()) if (record === 1) break
      return sc.info().heap.used
    }
    const unused = rdd.toLocalIterator()
    assert.is(runs.value, 0)
    await unused.return()
    assert.is(runs.value, 0)
    const used = await left()
    for (let i = 0; i < 5; i++) await left()
    assert.ok((await left()) <= used + 2 ** 20, `${used} bytes were in use, ${sc.info().heap.used} are`)
    const failing = rdd.map(x => {
      if (x > 5) throw new Error('no more')
      return x
    })
    await fails(iterated(failing), 'MILLRACE_TASK', /no more/)
  }))

test.run()
