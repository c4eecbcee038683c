import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { jsKernels } from '../../src/kernels/js/index.js'
import { Arena } from '../../src/memory/arena.js'
import { RowBuilder } from '../../src/memory/build/row-builder.js'
import type { Column } from '../../src/memory/column.js'
import { Heap } from '../../src/memory/heap.js'
import { textRows } from '../../src/worker/take.js'
import { exactly } from '../support/exactly.js'

const arena = new Arena(Heap.reserve(64 << 20))

function columnOf(rows: readonly unknown[], dictionaries: boolean): Column {
  const builder = new RowBuilder(arena, rows.length, dictionaries)
  for (const row of rows) builder.push(row)
  return builder.finish()
}

const TEXTS = ['a b', '', 'ß', 'a b', '😀', '']

for (const [kind, dictionaries] of [
  ['utf8', false],
  ['dict', true],
] as const) {
  test(`text coded as ${kind} is places in bytes`, () => {
    const column = columnOf(TEXTS, dictionaries)
    assert.is(column.kind, kind)
    const rows = textRows(column, jsKernels, arena)!
    assert.is(rows.kind, 'utf8')
    exactly(
      TEXTS.map((_, i) => rows.get(i)),
      TEXTS,
    )
    exactly(textRows(columnOf(['a', null], dictionaries), jsKernels, arena), undefined)
  })
}

test('other columns are no text', () => {
  for (const rows of [[1], [null], ['a', 1], ['\ud800'], [['a']]])
    exactly(textRows(columnOf(rows, true), jsKernels, arena), undefined)
  exactly(textRows(undefined, jsKernels, arena), undefined)
})

test.run()
