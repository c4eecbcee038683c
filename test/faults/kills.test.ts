import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { killedBatches } from '../support/kills.js'

test('batches whose tasks throw, and whose threads end, at any moment give what they give undisturbed', async () => {
  let kills = 0
  for (const threads of [2, 1, 3]) kills += await killedBatches({ seed: threads, kills: 20, threads })
  assert.ok(kills >= 60)
})

test.run()
