import fs from 'node:fs'
import path from 'node:path'
import type { RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'
import { withDirectory } from '../support/temporary-directory.js'
import { bothWays, withContext } from '../support/with-context.js'

test('take gives as many records as an array holds', () =>
  withContext(async sc => {
    const records = await sc.range(0, 300_000, 1, 2).take(250_000)
    assert.is(records.length, 250_000)
    assert.is(records[249_999], 249_999)
  }))

test('take computes about as many records as it needs', () =>
  withContext(async sc => {
    const calls = sc.accumulator(0)
    const lines = Array.from({ length: 30_000 }, (_, i) => `${i}\n`).join('')
    await withDirectory(async directory => {
      const file = path.join(directory, 'lines')
      fs.writeFileSync(file, lines)
      const numbers = sc.range(0, 30_000, 1, 1)
      for (const source of [
        numbers,
        sc.parallelize(
          Array.from({ length: 30_000 }, (_, i) => i),
          1,
        ),
        numbers.map(x => x).persist(),
        sc.textFile(file).map(Number),
        numbers.mapPartitions(function* (records) {
          for (const x of records) yield x
        }),
        numbers.zip(numbers).map(([x]) => x),
        numbers.cartesian(sc.parallelize(['a'], 1)).map(([x]) => x),
        numbers
          .map(x => [0, x])
          .groupByKey(1)
          .flatMap(([, all]) => all),
        numbers
          .map(x => [x, x])
          .partitionBy(1)
          .values(),
      ] as RDD<number>[])
        for (const rdd of bothWays(source))
          for (const n of [1, 3, 100]) {
            const before = calls.value
            const found = await rdd
              .map(
                x => {
                  if (x >= 300) throw new Error('too far')
                  calls.add(1)
                  return x
                },
                { calls },
              )
              .take(n)
            exactly(
              found,
              Array.from({ length: n }, (_, i) => i),
            )
            assert.ok(calls.value - before < 4 * n, `${calls.value - before} calls for ${n} records`)
            exactly(await rdd.filter(x => x % 100 === 99).take(2), [99, 199])
          }
    })
  }))

test.run()
