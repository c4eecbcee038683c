import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blocks, output } from '../support/program.js'

/** The textbook's way: for each reading, mean and deviation of all that were in order before it. */
function expected(): string[] {
  const seen: number[][] = [[], [], []]
  const found: string[] = []
  for (let at = 0; at < 600; at++) {
    const sensor = at % 3
    const x = 20 * sensor + Math.sin(at) + (at % 97 === 96 ? 9 : 0)
    const before = seen[sensor]!
    const mean = before.reduce((a, b) => a + b, 0) / before.length
    const deviation = Math.sqrt(before.reduce((a, b) => a + (b - mean) ** 2, 0) / (before.length - 1))
    const score = (x - mean) / deviation
    if (before.length >= 10 && Math.abs(score) > 3)
      found.push(`sensor-${sensor}: ${x.toFixed(2)} is ${score.toFixed(1)} deviations off`)
    else before.push(x)
  }
  return found
}

test('the readings that stand out are printed', async () => {
  const lines = expected()
  assert.is(lines.length, 6)
  const printed = blocks(await output('examples/anomalies.js')).flatMap(({ records }) => records)
  assert.equal(printed.sort(), lines.sort())
})

test.run()
