import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

test('RDDs of different contexts do not mix', () =>
  withContext(sc =>
    withContext(async other => {
      const [own, foreign] = [sc.parallelize([1]), other.parallelize([2])]
      await fails(() => own.union(foreign), 'MILLRACE_OPTION', /another Context.*collect\(\)/)
      await fails(() => sc.union([own, foreign]), 'MILLRACE_OPTION', /another Context/)
      exactly(await Promise.all([own.collect(), foreign.collect()]), [[1], [2]])
    }),
  ))

test.run()
