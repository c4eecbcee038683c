import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { killedStates } from '../support/kills-of-states.js'

const KILLS = 300

for (const threads of [1, 2, 4]) {
  test(`${KILLS} kills during states and windows on ${threads} threads`, async () => {
    assert.ok((await killedStates({ seed: 2000 * threads, kills: KILLS, threads })) >= KILLS)
  })
}

test.run()
