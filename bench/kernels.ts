import { Bench } from 'tinybench'
import type { Kernels } from '../src/kernels/kernels.js'
import { LAYOUT } from '../src/kernels/layout.js'
import { describeKernels, loadKernels } from '../src/kernels/load.js'
import { Arena } from '../src/memory/arena.js'
import { ConstColumn, NumberColumn, SpanColumn } from '../src/memory/column.js'
import { Heap } from '../src/memory/heap.js'
import { DenseFold } from '../src/worker/keyed/dense-fold.js'
import { NumberTable, SpanTable } from '../src/worker/keyed/key-table.js'
import { mix } from './inputs.js'
import { sentences } from './make-inputs.js'
import { figure, table } from './table.js'

/**
 * The native kernels beside their JavaScript twins, each over one chunk as the worker's loops see it, warm in the cache.
 *
 *   node dist/bench/kernels.js [words…]     only kernels whose names contain one of the words
 */
const ROWS = 16_384
const BYTES = 2 ** 17
const heap = Heap.reserve(256 * 2 ** 20)
const arena = new Arena(heap)
const cursor = arena.i32(2)
const fresh = (): Int32Array => cursor.fill(0)
const words = process.argv.slice(2)

const native = loadKernels(heap.buffer, 'require')
const twins = loadKernels(heap.buffer, 'off')

/** A chunk of real text: its lines, the words of the lines, and their hashes. */
const sample = Buffer.from(sentences(BYTES)).subarray(0, BYTES)
const text = put(arena.u8(sample.lastIndexOf('\n') + 1), sample)
const lines = spans((starts, ends) => native.lines(text, fresh(), true, starts, ends))
const pieces = spans((starts, ends) => native.splitByte(lines, fresh(), 0x20, starts, ends))
const hashes = arena.i32(ROWS)
native.hashUtf8(pieces, hashes)

const numbers = put(
  arena.f64(ROWS),
  Float64Array.from({ length: ROWS }, (_, i) => mix(i) / 7),
)
const near = put(
  arena.i32(ROWS),
  Int32Array.from({ length: ROWS }, (_, i) => mix(i) % 1024),
)
const far = put(
  arena.i32(ROWS),
  near.map(key => Math.imul(key, 0x9e3779b1)),
)
const ids = arena.i32(ROWS)
const targets = arena.i32(ROWS)
native.partitionHashes(hashes, 64, targets)
const bounds = arena.i32(65)
const order = arena.i32(ROWS)
native.bucket(targets, bounds, order)
const offsets = arena.i32(ROWS + 1)
const packed = arena.u8(native.spansSize(pieces.starts, pieces.ends))
const starts = arena.i32(ROWS)
const ends = arena.i32(ROWS)
const sums = arena.f64(ROWS)
const out = arena.f64(ROWS)
const marks = arena.u8(ROWS).fill(1)
const halfSums = sums.subarray(0, ROWS / 2)
const ones = new ConstColumn(ROWS, 1)
const white = arena.u8(128).fill(0)
for (const character of ' \t\r\n') white[character.charCodeAt(0)] = 1

/** What is measured, and over how many of what. */
const SUBJECTS: Record<string, [count: number, unit: string, (k: Kernels) => () => unknown]> = {
  validateUtf8: [text.length, 'byte', k => () => k.validateUtf8(text)],
  lines: [text.length, 'byte', k => () => k.lines(text, fresh(), true, starts, ends)],
  'splitByte, words': [ROWS, 'word', k => () => k.splitByte(lines, fresh(), 0x20, starts, ends)],
  'splitClass, words': [
    ROWS,
    'word',
    k => () => k.splitClass(lines, fresh(), white, LAYOUT.BEYOND_NONE, true, starts, ends),
  ],
  'hashUtf8, words': [ROWS, 'row', k => () => k.hashUtf8(pieces, ids)],
  'groupUtf8, words': [
    ROWS,
    'row',
    grouping(
      k => new SpanTable(k, arena, ROWS),
      t => t.group(pieces, hashes, ids),
    ),
  ],
  'groupDense, 1,024 keys': [
    ROWS,
    'row',
    grouping(
      k => new NumberTable(k, arena, true, ROWS, ROWS),
      t => t.group(near, ids),
    ),
  ],
  'groupI32, 1,024 keys': [
    ROWS,
    'row',
    grouping(
      k => new NumberTable(k, arena, true, ROWS, ROWS),
      t => t.group(far, ids),
    ),
  ],
  'groupF64, 16,384 keys': [
    ROWS,
    'row',
    grouping(
      k => new NumberTable(k, arena, false, ROWS, ROWS),
      t => t.group(numbers, ids),
    ),
  ],
  'fold, sum': [ROWS, 'row', k => () => k.fold(LAYOUT.FOLD_SUM, numbers, 0)],
  'foldByGroup, sum': [ROWS, 'row', k => () => k.foldByGroup(LAYOUT.FOLD_SUM, sums, ROWS, near, numbers)],
  'DenseFold, ones by 1,024 keys': [
    ROWS,
    'row',
    grouping(
      k => new DenseFold({ op: LAYOUT.FOLD_SUM }, { least: 0, range: 1024 }, k, arena),
      fold => fold.add(new NumberColumn(near), ones),
    ),
  ],
  'foldPlaces, sum, every second': [
    ROWS / 2,
    'place',
    k => () => k.foldPlaces(LAYOUT.FOLD_SUM, halfSums, marks, far, marks, 2),
  ],
  'slidePlaces, sums': [ROWS, 'place', k => () => k.slidePlaces(sums, ids, numbers, marks, 1, false)],
  'selectKeys, all': [ROWS, 'row', k => () => k.selectKeys(near, 0, 1, marks, true, ids)],
  'partitionHashes, 64 parts': [ROWS, 'row', k => () => k.partitionHashes(hashes, 64, ids)],
  'bucket, 64 parts': [ROWS, 'row', k => () => k.bucket(targets, bounds, order)],
  'gather, doubles': [ROWS, 'row', k => () => k.gather(numbers, order, out)],
  'packSpans, words': [ROWS, 'row', k => () => k.packSpans(pieces, offsets, packed)],
}

console.log(`Node ${process.version}; ${describeKernels(native, 'require')}; one thread.\n`)
const rows: string[][] = []
for (const [name, [count, unit, subject]] of Object.entries(SUBJECTS)) {
  if (words.length > 0 && !words.some(word => name.includes(word))) continue
  const bench = new Bench({ time: 300, warmupTime: 100 })
  bench.add('native', subject(native)).add('twin', subject(twins))
  await bench.run()
  const [fast, slow] = bench.tasks.map(({ result }) => {
    if (!('latency' in result))
      throw (result as { error?: Error }).error ?? new Error(`${name}: ${result.state}`)
    return (result.latency.p50 * 1e6) / count
  })
  rows.push([name, unit, figure(fast!), figure(slow!), `${figure(slow! / fast!)}x`])
}
console.log(table(['kernel', 'per', 'native, ns', 'twin, ns', 'twin / native'], rows))

/** Enters the rows into a table that knows them already, as nearly all chunks do, but for the first. */
function grouping<T>(open: (k: Kernels) => T, group: (table: T) => void): (k: Kernels) => () => void {
  return k => {
    const known = open(k)
    group(known)
    return () => group(known)
  }
}

/** Rows that a kernel cuts, as many as a chunk has. */
function spans(cut: (starts: Int32Array, ends: Int32Array) => number): SpanColumn {
  const [starts, ends] = [arena.i32(ROWS), arena.i32(ROWS)]
  const count = cut(starts, ends)
  return new SpanColumn('utf8', text, starts.subarray(0, count), ends.subarray(0, count))
}

function put<T extends Uint8Array | Int32Array | Float64Array>(place: T, values: T): T {
  place.set(values.subarray(0, place.length))
  return place
}
