import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SpanColumn } from '../../src/memory/column.js'
import { NumberTable, SpanTable } from '../../src/worker/keyed/key-table.js'
import { exactly } from '../support/exactly.js'
import { eachKernels } from '../support/kernels.js'
import { plainGroups } from '../support/key-table.js'
import { Seeded } from '../support/seeded.js'

/** Keys in chunks, so that a table is grown between calls and within one. */
const chunksOf = <T>(keys: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(keys.length / size) }, (_, i) => keys.slice(i * size, (i + 1) * size))

eachKernels('a table of texts grows in keys and in bytes', (k, memory) => {
  const random = new Seeded(18)
  const words = Array.from({ length: 3000 }, (_, i) => `${i}`.padEnd(random.below(40), '·'))
  words.push('w'.repeat(200_000), '')
  const keys = random.many(9000, words)
  const { ids, distinct } = plainGroups(keys)
  const table = new SpanTable(k, memory.arena, 0)
  const found: number[] = []
  for (const chunk of chunksOf(keys, 2500)) {
    const rows = memory.rows(chunk)
    const [hashes, out] = [memory.i32(chunk.length), memory.i32(chunk.length)]
    k.hashUtf8(rows, hashes)
    table.group(new SpanColumn('utf8', rows.bytes, rows.starts, rows.ends), hashes, out)
    found.push(...out)
  }
  exactly(found, ids)
  assert.is(table.count, distinct.length)
  exactly(table.keys().strings, distinct)
  const again = memory.i32(distinct.length)
  k.hashUtf8(memory.rows(distinct), again)
  exactly([...table.hashes], [...again])
})

/** Groups whole numbers or doubles chunk by chunk. */
const NUMBERS: [name: string, whole: boolean, rows: number, keys: (random: Seeded) => number[]][] = [
  ['few whole numbers', true, 5000, random => Array.from({ length: 5000 }, () => random.below(50) - 25)],
  [
    'a range that grows on both sides',
    true,
    6000,
    () => Array.from({ length: 6000 }, (_, i) => (i % 2 ? i * 7 : 0 - i * 7)),
  ],
  [
    'a range that becomes too large',
    true,
    6000,
    () => Array.from({ length: 6000 }, (_, i) => (i < 3000 ? i : Math.imul(i, 0x01000193))),
  ],
  [
    'far apart from the start',
    true,
    6000,
    random => Array.from({ length: 6000 }, () => Math.imul(random.below(2000), 0x01000193)),
  ],
  ['the borders of 32 bits', true, 6000, () => [-(2 ** 31), 2 ** 31 - 1, 0, -(2 ** 31), 2 ** 31 - 1, -1]],
  ['next to the lowest', true, 6000, () => [-(2 ** 31), -(2 ** 31) + 1, -(2 ** 31) + 60_000, -(2 ** 31)]],
  ['next to the highest', true, 6000, () => [2 ** 31 - 1, 2 ** 31 - 2, 2 ** 31 - 60_000, 2 ** 31 - 1]],
  ['doubles', false, 6000, random => Array.from({ length: 6000 }, () => random.below(2500) / 3)],
  ['edge doubles', false, 6, () => [-0, 0, NaN, Infinity, -Infinity, NaN, 5e-324, 2 ** 31, -(2 ** 31)]],
]
for (const [name, whole, rows, make] of NUMBERS) {
  eachKernels(`a table of numbers grows: ${name}`, (k, memory) => {
    const keys = make(new Seeded(19))
    const { ids, distinct } = plainGroups(keys)
    const table = new NumberTable(k, memory.arena, whole, 0, rows)
    const found: number[] = []
    for (const chunk of chunksOf(keys, keys.length > 100 ? 1700 : 2)) {
      const out = memory.i32(chunk.length)
      table.group(whole ? memory.i32(chunk) : memory.f64(chunk), out)
      found.push(...out)
    }
    table.group(whole ? memory.i32([]) : memory.f64([]), memory.i32(0))
    exactly(found, ids)
    assert.is(table.count, distinct.length)
    exactly([...table.keys().values], distinct)
  })
}

test.run()
