import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { killedBatches } from '../support/kills.js'

const KILLS = 300

for (const threads of [1, 2, 4, 8]) {
  test(`${KILLS} kills on ${threads} threads`, async () => {
    const kills = await killedBatches({ seed: 1000 * threads, kills: KILLS, threads })
    assert.ok(kills >= KILLS)
  })
}

test.run()
