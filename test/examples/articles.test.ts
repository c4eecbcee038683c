import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blocks, output } from '../support/program.js'

/** Both wait for their batches, not for a processor. */
const [first, second] = await Promise.all([output('examples/article-1.js'), output('examples/article-2.js')])

/** Only complete blocks, and the batches that came after the queue was empty left out. */
const printed = (out: string, batches: number): { second: number; records: string[] }[] => {
  const all = blocks(out)
  assert.is(
    out.replace(/^Time: .+$/gm, 'Time'),
    all
      .map(({ records }) => `${['-'.repeat(43), 'Time', '-'.repeat(43), ...records].join('\n')}\n\n`)
      .join(''),
  )
  for (const { records } of all.slice(batches)) assert.equal(records, [])
  return all.slice(0, batches)
}

test('the first article prints each number as it comes in, and the sum of each batch', () => {
  assert.equal(
    printed(first, 10),
    [0, 1, 2, 3, 4].flatMap(i => [
      { second: i, records: [`Input: ${i}`, `Input: ${i + 1}`] },
      { second: i, records: [`Output: ${i + (i + 1)}`] },
    ]),
  )
})

test('the second article prints 6, 0, 12, 25 and 10', () => {
  assert.equal(
    printed(second, 5),
    ['6', '0', '12', '25', '10'].map((sum, i) => ({ second: i, records: [sum] })),
  )
})

test.run()
