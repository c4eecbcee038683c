import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Arena } from '../../src/memory/arena.js'
import { readBlock, writeBlock } from '../../src/memory/block.js'
import { ConstColumn, DictColumn, ListColumn, SpanColumn, StructColumn } from '../../src/memory/column.js'
import { Heap } from '../../src/memory/heap.js'
import { build, holds, rowsOf, withArena } from '../support/columns.js'
import { exactly, fails } from '../support/exactly.js'

const RECORDS = [
  { a: [1, -0, null], b: { c: 'é' } },
  null,
  { a: [], b: { c: '' } },
  { a: [NaN], b: { c: 'x' } },
]

test('a block is one number, by which another thread reads the column', async () => {
  const heap = Heap.reserve(0)
  const offset = writeBlock(new Arena(heap), build(new Arena(heap), RECORDS))
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
     Promise.all(workerData.modules.map(url => import(url))).then(([{ Heap }, { readBlock }]) => {
       const column = readBlock(Heap.attach(workerData.buffer), workerData.offset)
       parentPort.postMessage(Array.from({ length: column.length }, (_, i) => column.get(i)))
     })`,
    {
      eval: true,
      workerData: {
        buffer: heap.buffer,
        offset,
        modules: ['heap', 'block'].map(name => new URL(`../../src/memory/${name}.js`, import.meta.url).href),
      },
    },
  )
  const [rows] = await once(worker, 'message')
  await worker.terminate()
  exactly(rows, RECORDS)
})

test('a block is views of the column’s own memory', () =>
  withArena(arena => {
    const column = build(arena, [1, 2, 3])
    const block = readBlock(arena.heap, writeBlock(arena, column))
    ;(column as { values: Int32Array } & typeof column).values[1] = 7
    exactly(rowsOf(block), [1, 7, 3])
  }))

test('constants of any value, and columns without rows', () =>
  withArena(arena => {
    for (const value of [null, undefined, -0, 'text', 5n, { a: [1] }, new Date(3)]) {
      for (const length of [0, 1, 100_000]) {
        const block = readBlock(arena.heap, writeBlock(arena, new ConstColumn(length, value)))
        assert.is(block.length, length)
        exactly([block.get(0), block.get(length)], [value, value])
      }
    }
    for (const record of [
      1,
      0.5,
      1n,
      true,
      'a',
      Uint8Array.of(1),
      undefined,
      [1],
      [1, 2, 'x'],
      { a: { b: 1 } },
    ]) {
      const column = build(arena, [record]).slice(0, 0)
      const block = readBlock(arena.heap, writeBlock(arena, column))
      exactly([block.kind, block.type, block.length], [column.kind, column.type, 0])
      exactly(rowsOf(block), [])
    }
  }))

test('rows that overlap, lie in disorder, or are shared by several columns', () =>
  withArena(arena => {
    const bytes = arena.u8(6)
    bytes.set(Buffer.from('abcdef'))
    const i32 = (...values: number[]): Int32Array => {
      const array = arena.i32(values.length)
      array.set(values)
      return array
    }
    const words = new SpanColumn('utf8', bytes, i32(4, 0, 0, 2), i32(6, 3, 0, 3))
    const lists = new ListColumn(words, i32(0, 1, 0), i32(4, 3, 0))
    const codes = new DictColumn(i32(3, 3, 0, 1), words)
    const struct = new StructColumn(4, ['w', 'c'], [words, codes])
    for (const [column, rows] of [
      [words, ['ef', 'abc', '', 'c']],
      [lists, [['ef', 'abc', '', 'c'], ['abc', ''], []]],
      [codes, ['c', 'c', 'ef', 'abc']],
      [
        struct,
        ['ef c', 'abc c', ' ef', 'c abc'].map(text => ({ w: text.split(' ')[0], c: text.split(' ')[1] })),
      ],
    ] as const) {
      holds(arena, column, rows)
    }
  }))

test('what is no block is a defect with a name', async () => {
  const heap = Heap.reserve(0)
  const words = new Arena(heap).f64(8).fill(99)
  await fails(() => readBlock(heap, words.byteOffset), 'MILLRACE_INTERNAL', /without a known kind/)
})

test.run()
