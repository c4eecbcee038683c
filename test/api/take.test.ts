import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withContext } from '../support/with-context.js'

test('take gives as many records as an array holds', () =>
  withContext(async sc => {
    const records = await sc.range(0, 300_000, 1, 2).take(250_000)
    assert.is(records.length, 250_000)
    assert.is(records[249_999], 249_999)
  }))

test.run()
