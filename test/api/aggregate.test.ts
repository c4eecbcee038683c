import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

test('zero is used once in each partition and once when their results are merged', () =>
  withContext(async sc => {
    for (const rdd of bothWays(sc.parallelize(['a', 'b', 'c'], 2))) {
      exactly(await rdd.fold('-', (a, b) => a + b), '--a-bc')
      exactly(
        await rdd.aggregate(
          '-',
          (a, b) => `${a}${b}`,
          (a, b) => `${a}|${b}`,
        ),
        '-|-a|-bc',
      )
      exactly(await rdd.filter(x => x > 'x').fold('-', (a, b) => a + b), '---')
    }
    for (const rdd of bothWays(sc.parallelize([1, 2, 3], 2))) {
      exactly(await rdd.fold(10, (a, b) => a + b), 36)
      exactly(
        await rdd.aggregate(
          [0, 0],
          ([s, n], x) => [s + x, n + 1],
          ([s, n], [t, m]) => [s + t, n + m],
        ),
        [6, 3],
      )
    }
    exactly(await sc.emptyRDD<number>().fold(7, (a, b) => a + b), 7)
  }))

test('a zero that functions change stays as it was given', () =>
  withContext(async sc => {
    const zero: number[] = []
    for (const rdd of bothWays(sc.range(0, 4, 1, 2))) {
      for (let run = 0; run < 2; run++) {
        exactly(
          await rdd.aggregate(
            zero,
            (list, x) => {
              list.push(x)
              return list
            },
            (a, b) => a.concat(b),
          ),
          [0, 1, 2, 3],
        )
      }
    }
    exactly(zero, [])
  }))

test('the same call with another zero begins with that one, whatever its size', () =>
  withContext(async sc => {
    for (const size of [1, 2000]) {
      for (const letter of ['x', 'y']) {
        const zero = letter.repeat(size)
        exactly(
          await sc.range(0, 2, 1, 1).aggregate(
            zero,
            (a, b) => a + b,
            (a, b) => a + b,
          ),
          `${zero}${zero}01`,
        )
      }
    }
  }))

test.run()
