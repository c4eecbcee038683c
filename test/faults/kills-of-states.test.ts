import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { killedStates } from '../support/kills-of-states.js'

test('states and windows go on undisturbed when tasks throw and threads end at any moment', async () => {
  assert.ok((await killedStates({ seed: 7, kills: 20, threads: 2 })) >= 20)
})

test.run()
