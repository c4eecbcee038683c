import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FoundRows, indexOf } from '../../src/worker/keyed/key-index.js'
import { exactly } from '../support/exactly.js'
import { eachKernels } from '../support/kernels.js'
import { Seeded } from '../support/seeded.js'

for (const rows of [0, 1, 2, 31, 32, 33, 1000, 4097]) {
  eachKernels(`an index finds every row of a hash, in order: ${rows} rows`, (k, m) => {
    const random = new Seeded(rows)
    const hash = (): number => (random.next() * 2 ** 32) | 0
    const kinds = Array.from({ length: Math.ceil(rows / 3) + 1 }, hash)
    const hashes = m.i32(
      Array.from({ length: rows }, () => (random.chance(0.5) ? random.pick(kinds) : hash())),
    )
    const index = indexOf(hashes, k, m.arena, m.arena)
    for (const wanted of [[], [hash()], random.many(3, kinds), [...kinds, ...kinds], [...hashes]]) {
      const found = new FoundRows(index, rows, k, m.arena)
      found.enter(m.i32(wanted.slice(0, 2)))
      found.enter(m.i32(wanted.slice(2)))
      const all = [...found.rows(m.arena)]
      exactly(
        all,
        [...new Set(all)].sort((a, b) => a - b),
      )
      const there = new Set(all)
      hashes.forEach((h, row) => {
        if (wanted.includes(h)) assert.ok(there.has(row), `row ${row} was not found`)
      })
      // Others may be found beside: about one for each hash that is looked for.
      const needed = hashes.filter(h => wanted.includes(h)).length
      assert.ok(all.length - needed <= 4 + new Set(wanted).size * 3, `${all.length} found, ${needed} needed`)
    }
  })
}

test.run()
