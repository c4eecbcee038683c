import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeUtf8, encodeUtf8, textReader, utf8Bound, utf8Bytes } from '../../src/memory/text.js'
import { exactly } from '../support/exactly.js'
import { Seeded } from '../support/seeded.js'

const PIECES = [
  '',
  'a',
  'bc',
  'é',
  '€',
  '😀',
  '\0',
  '\uFEFF',
  '\u{10FFFF}',
  ' ',
  '\n',
  'x'.repeat(31),
  'é'.repeat(16),
]
const shared = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length))

test('texts are written as UTF-8 where they should be, and not beyond their bound', () => {
  for (const text of [
    ...PIECES,
    'a'.repeat(32),
    'a'.repeat(33),
    `${'a'.repeat(31)}é`,
    `${'a'.repeat(32)}😀`,
  ]) {
    const bytes = shared(utf8Bound(text) + 20).fill(0xee)
    const end = encodeUtf8(text, bytes, 7)
    const expected = Buffer.from(text)
    assert.is(end, 7 + expected.length)
    assert.is(Buffer.compare(bytes.subarray(7, end), expected), 0)
    assert.ok(bytes.subarray(0, 7).every(byte => byte === 0xee))
    assert.ok(bytes.subarray(7 + utf8Bound(text)).every(byte => byte === 0xee))
    exactly(decodeUtf8(bytes, 7, end), text)
    assert.equal(Buffer.from(utf8Bytes(text)), expected)
  }
  exactly(Buffer.from(utf8Bytes('a\ud800')).toString(), 'a\ufffd')
})

/** Rows in a buffer with something between them. */
function laid(rows: string[], between: (row: number) => string): [Uint8Array, Int32Array, Int32Array] {
  const parts = rows.flatMap((row, i) => [between(i), row].map(text => Buffer.from(text)))
  const bytes = shared(parts.reduce((sum, part) => sum + part.length, 100)).fill(0xff)
  const starts = new Int32Array(rows.length)
  const ends = new Int32Array(rows.length)
  let at = 50
  parts.forEach((part, i) => {
    bytes.set(part, at)
    if (i % 2) starts[i >> 1] = at
    at += part.length
    if (i % 2) ends[i >> 1] = at
  })
  return [bytes, starts, ends]
}

function check(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, rows: string[]): void {
  const read = textReader(bytes, starts, ends)
  const order = rows.map((_, row) => row)
  for (const rowNumbers of [order, order.toReversed()])
    exactly(
      rowNumbers.map(row => read(row)),
      rowNumbers.map(row => rows[row]!),
    )
}

test('many texts are read as each alone, whatever lies between them', () => {
  const random = new Seeded(1)
  const gaps: ((row: number) => string)[] = [
    () => '',
    () => ' ',
    () => '€',
    row => (row % 9 ? '' : '😀'.repeat(10)),
    () => 'far apart '.repeat(500),
  ]
  for (const length of [0, 1, 3, 4, 5, 100, 1000]) {
    for (const between of gaps) {
      for (const pieces of [PIECES, ['a', 'bc', '', ' ']]) {
        const rows = Array.from({ length }, () => random.many(random.below(5), pieces).join(''))
        check(...laid(rows, between), rows)
      }
    }
  }
})

test('texts in disorder, over each other, and in a region too large for one string', () => {
  const rows = ['one', 'zwei', 'trois', 'чотири', 'fünf', '']
  const [bytes, starts, ends] = laid(rows, () => '-')
  const order = [5, 3, 0, 0, 4, 1, 2]
  check(
    bytes,
    Int32Array.from(order, row => starts[row]!),
    Int32Array.from(order, row => ends[row]!),
    order.map(row => rows[row]!),
  )
  check(
    bytes,
    Int32Array.from([0, 0, 0, 0], () => starts[2]!),
    Int32Array.from([0, 1, 2, 3], k => starts[2]! + k),
    ['', 't', 'tr', 'tro'],
  )
  const long = Array.from({ length: 5 }, (_, i) => `${i}é`.repeat(200_000))
  check(...laid(long, () => ''), long)
})

test.run()
