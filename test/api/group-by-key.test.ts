import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { bothWays, withContext } from '../support/with-context.js'

test('groupByKey keeps texts of different lengths apart, whatever the order of their keys', () =>
  withContext(async sc => {
    const pairs: [string, string][] = [
      ['a', 'x'],
      ['b', 'yy'],
      ['a', 'zzz'],
      ['b', 'w'],
    ]
    for (const rdd of bothWays(sc.parallelize(pairs, 1))) {
      exactly(await rdd.groupByKey(1).collect(), [
        ['a', ['x', 'zzz']],
        ['b', ['yy', 'w']],
      ])
    }
  }))

test.run()
