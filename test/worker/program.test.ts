import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LoadedProgram } from '../../src/worker/program.js'

test('loops are kept by their keys, and the ones unused for longest are forgotten', () => {
  const here = { job: {}, resolve: () => undefined, module: () => ({}) }
  const program = new LoadedProgram({ id: 1, stages: [] }, here)
  let made = 0
  const loop = (key: string): unknown => program.loop(key, () => ({ n: made++ }))
  const often = loop('often')
  assert.is(loop('often'), often)
  for (let i = 0; i < 10_000; i++) {
    loop(`type ${i}`)
    loop('often')
  }
  assert.is(made, 10_001)
  assert.is(loop('often'), often)
  assert.is(loop('type 9999'), loop('type 9999'))
  assert.is(made, 10_001)
  loop('type 0')
  assert.is(made, 10_002, 'it was forgotten')
})

test.run()
