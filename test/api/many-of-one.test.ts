import type { RDD } from 'millrace'
import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

const MANY = 10_000

test('records become many, in memory that does not grow with their number', () =>
  withContext(
    async sc => {
      const records = sc.range(0, 400, 1, 1)
      for (const rdd of bothWays(records))
        exactly(await rdd.flatMap(x => Array.from({ length: MANY }, (_, i) => x + i), { MANY }).count(), 4e6)
      const pairs = records.map(x => [x, x]) as RDD<[number, number]>
      const values = pairs.flatMapValues(x => Array.from({ length: MANY }, (_, i) => x + i), { MANY })
      exactly(await values.map(([k, v]) => v - k).sum(), (400 * MANY * (MANY - 1)) / 2)
      const words = records.map(() => 'a b '.repeat(3_500)).flatMap(l => l.split(' '))
      const lengths = words.map(w => [w.length + 0.5, w]).mapValues(w => w.length + 0.25)
      exactly(await lengths.map(([a, b]) => a + b).sum(), 400 * (7_000 * 2 + 7_001 * 0.75))
    },
    { memory: '48MiB' },
  ))

test('what comes of many is what comes of each, in order', () =>
  withContext(async sc => {
    const records = Array.from({ length: 500 }, (_, i) => i)
    const copies = (x: number): number[] => Array.from({ length: x % 401 }, (_, i) => x * 1000 + i)
    const few = (x: number): (number | string)[] => (x % 5 === 0 ? [] : x % 7 === 0 ? [x, `${x}`] : [x])
    const expected = records.flatMap(x => copies(x)).flatMap(x => few(x).map(y => [x % 10, y]))
    for (const rdd of bothWays(sc.parallelize(records, 1))) {
      const many = rdd
        .flatMap(x => Array.from({ length: x % 401 }, (_, i) => x * 1000 + i))
        .map(x => [x % 10, x])
        .flatMapValues(x => (x % 5 === 0 ? [] : x % 7 === 0 ? [x, `${x}`] : [x]))
      exactly(await many.collect(), expected)
      exactly(
        await many
          .mapValues(y => y)
          .flatMap(pair => [pair, pair])
          .count(),
        2 * expected.length,
      )
    }
  }))

test.run()
