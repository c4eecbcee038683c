import os from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withContext } from '../support/with-context.js'

test('where threads have priorities, tasks yield to the thread that the host runs on', () =>
  withContext(async sc => {
    const ours = os.getPriority(0)
    const theirs = await sc
      .range(0, 4, 1, 4)
      .map(() => process.getBuiltinModule('node:os').getPriority(0))
      .collect()
    const expected = process.platform === 'linux' ? Math.min(19, ours + 5) : ours
    assert.equal(theirs, [expected, expected, expected, expected])
    assert.is(os.getPriority(0), ours)
  }))

test.run()
