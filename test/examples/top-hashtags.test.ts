import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blocks, output } from '../support/program.js'

/** The counts of the six batches up to one, the greatest first. */
function expected(batch: number): number[] {
  const counts = new Map<string, number>()
  const add = (tag: string): unknown => counts.set(tag, (counts.get(tag) ?? 0) + 1)
  for (let b = Math.max(0, batch - 5); b <= batch && b < 12; b++)
    for (let i = 0; i < 20; i++) {
      add(i < b * 2 ? 'sports' : 'news')
      add(i < b * 2 ? `league${i % 3}` : `today${i % 4}`)
    }
  return [...counts.values()].sort((a, b) => b - a)
}

test('it prints the tags of the last six batches, the most frequent first, until all have left', async () => {
  const printed = blocks(await output('examples/top-hashtags.js')).map(({ records }) => records)
  assert.is(printed[0]![0], "('#news', 20)")
  assert.ok(printed[11]![0]!.startsWith("('#sports'"))
  for (const [batch, records] of printed.entries()) {
    const counts = records.filter(r => r !== '...').map(r => Number(/, (\d+)\)$/.exec(r)![1]))
    assert.equal(counts, expected(batch).slice(0, 3), `batch ${batch}`)
    assert.is(records.at(-1) === '...', expected(batch).length > 3, `batch ${batch}`)
  }
})

test.run()
