import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Spans } from '../../src/kernels/kernels.js'
import { LAYOUT } from '../../src/kernels/layout.js'
import { exactly } from '../support/exactly.js'
import { eachKernels, type Memory } from '../support/kernels.js'
import { Seeded } from '../support/seeded.js'

const { BEYOND_ALL, BEYOND_NONE, BEYOND_SPACE, UTF8_ASCII, UTF8_INVALID, UTF8_VALID } = LAYOUT

/** The reference is the platform's own decoder. */
function utf8State(bytes: Uint8Array): number {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return UTF8_INVALID
  }
  return bytes.every(byte => byte < 0x80) ? UTF8_ASCII : UTF8_VALID
}

eachKernels('UTF-8 is told from what is none, at every place of a vector', (k, memory) => {
  const check = (bytes: Uint8Array): void => {
    memory.arena.reset()
    assert.is(k.validateUtf8(memory.put(bytes)), utf8State(bytes), Buffer.from(bytes).toString('hex'))
  }
  const parts = ['', 'é', '€', '😀', '\uFFFF', '\uFEFF', '\u{10FFFF}', '\0'].map(text => Buffer.from(text))
  const hex =
    'ff 80 c3 c080 c1bf e282 e08080 eda080 edbfbf f09f98 f08f8080 f4908080 f5808080 f8888080 c328 fe'
  parts.push(...hex.split(' ').map(text => Buffer.from(text, 'hex')))
  for (const part of parts) {
    for (const length of [0, 1, 7, 28, 29, 30, 31, 32, 33, 63, 64, 65, 100]) {
      check(Buffer.concat([Buffer.alloc(length, 'a'), part]))
      check(Buffer.concat([Buffer.alloc(length, 'a'), part, Buffer.alloc(40, 'z')]))
    }
  }
})

eachKernels('UTF-8 cut out of random text and random bytes', (k, memory) => {
  const random = new Seeded(1)
  for (let round = 0; round < 3000; round++) {
    memory.arena.reset()
    const text = Buffer.from(
      random.many(random.below(40), ['a', 'bcd', 'é', '€', '😀', '\u{10FFFF}']).join(''),
    )
    if (random.chance(0.5) && text.length > 0) text[random.below(text.length)] = random.below(256)
    const bytes = text.subarray(random.below(3))
    assert.is(k.validateUtf8(memory.put(Uint8Array.from(bytes))), utf8State(bytes), bytes.toString('hex'))
  }
})

eachKernels('lines end in \\n, \\r\\n and \\r, whatever room there is for them', (k, memory) => {
  const random = new Seeded(2)
  const pieces = ['a', 'bc', '\n', '\r', '\r\n', '\n\r', 'é', 'x'.repeat(63), 'y'.repeat(64)]
  const texts = ['', '\n', '\r', '\r\n', 'a', 'a\n', '\n\n', '\r\r', `${'a'.repeat(63)}\r\n`, 'a\r']
  while (texts.length < 300) texts.push(random.many(random.below(30), pieces).join(''))
  for (const text of texts) {
    memory.arena.reset()
    const { bytes } = memory.rows([text], 10)
    const expected = text.split(/\r\n|\r|\n/)
    const rest = expected.pop()!
    for (const last of [true, false]) {
      for (const room of [1, 3, 400]) {
        const [starts, ends] = [memory.i32(room), memory.i32(room)]
        const cursor = memory.i32([7, 0])
        const found: string[] = []
        for (let n = 1; n > 0; ) {
          n = k.lines(bytes, cursor, last, starts, ends)
          for (let i = 0; i < n; i++) found.push(Buffer.from(bytes).subarray(starts[i], ends[i]).toString())
        }
        // A \r at the end may be half of a \r\n, and its line waits.
        const waits = !last && text.endsWith('\r')
        const lines = last && rest !== '' ? [...expected, rest] : waits ? expected.slice(0, -1) : expected
        exactly(found, lines, JSON.stringify([text, last, room]))
        const left = last ? '' : waits ? `${expected.at(-1)}\r` : rest
        assert.is(cursor[1], bytes.length - Buffer.byteLength(left), 'behind the last line')
        assert.is(cursor[0], 7, 'the row is not this kernel’s')
      }
    }
  }
})

type Split = (rows: Spans, cursor: Int32Array, starts: Int32Array, ends: Int32Array) => number

/** Rows through a split, with as much room as it takes, much more, and too little; the reference is String.split. */
function checkSplit(memory: Memory, rows: string[], separator: string | RegExp, split: Split): void {
  const spans = memory.rows(rows)
  const expected = rows.map(row => row.split(separator))
  const longest = Math.max(1, ...expected.map(pieces => pieces.length))
  for (const room of [longest, longest + 1, 500]) {
    const [cursor, starts, ends] = [memory.i32([0, 0]), memory.i32(room), memory.i32(room)]
    const found: string[] = []
    while (cursor[0]! < rows.length) {
      const count = split(spans, cursor, starts, ends)
      assert.ok(count > 0 && cursor[1] === 0, 'every call takes a row')
      for (let i = 0; i < count; i++)
        found.push(Buffer.from(spans.bytes).subarray(starts[i], ends[i]).toString())
    }
    exactly(found, expected.flat(), `${JSON.stringify(rows)} by ${separator}`)
  }
  if (longest === 1) return
  const [cursor, starts, ends] = [memory.i32([0, 0]), memory.i32(longest - 1), memory.i32(longest - 1)]
  while (cursor[1] === 0) if (split(spans, cursor, starts, ends) === 0) assert.is(cursor[1], -1)
  assert.is(
    cursor[0],
    expected.findIndex(pieces => pieces.length === longest),
    'the row that does not fit',
  )
}

function eachRows(memory: Memory, seed: number, pieces: string[], check: (rows: string[]) => void): void {
  const random = new Seeded(seed)
  const row = (): string => random.many(random.below(40), pieces).join('')
  for (const rows of [[], [''], [pieces[0]!], ['', '', pieces.join('')]]) check(rows)
  for (let round = 0; round < 60; round++) {
    memory.arena.reset()
    check(Array.from({ length: random.below(9) }, row))
  }
}

eachKernels('a split by one character', (k, memory) => {
  eachRows(memory, 3, [' ', 'a', 'bc', '\u00a0', '  ', 'é', 'x'.repeat(64)], rows =>
    checkSplit(memory, rows, ' ', (spans, cursor, starts, ends) =>
      k.splitByte(spans, cursor, 32, starts, ends),
    ),
  )
})

for (const separator of ['ab', 'aa', 'aab', '€', ', ', 'abcabcabcabcabcabcabc']) {
  eachKernels(`a split by ${separator}`, (k, memory) => {
    eachRows(memory, 4, ['a', 'b', 'aa', ',', '€', '\u20ad', separator], rows => {
      const bytes = memory.u8(Buffer.from(separator))
      checkSplit(memory, rows, separator, (spans, cursor, starts, ends) =>
        k.splitLiteral(spans, cursor, bytes, starts, ends),
      )
    })
  })
}

/** The characters on both sides of every border of \s, and some of each length in UTF-8. */
const CHARACTERS = [
  9, 10, 11, 12, 13, 32, 33, 0x7f, 0x85, 0xa0, 0x1680, 0x180e, 0x2000, 0x2005, 0x200a, 0x2028,
]
  .concat([0x2029, 0x202f, 0x205f, 0x3000, 0xfeff, 0x10000, 0x1f600, 0x61, 0x30, 0x5f])
  .flatMap(code => [code - 1, code, code + 1])
  .map(code => String.fromCodePoint(code))

const CLASSES: [one: RegExp, runs: RegExp, beyond: number][] = [
  [/[ ,;]/, /[ ,;]+/, BEYOND_NONE],
  [/\s/, /\s+/, BEYOND_SPACE],
  [/[\s,a]/, /[\s,a]+/, BEYOND_SPACE],
  [/\W/, /\W+/, BEYOND_ALL],
  [/\D/, /\D+/, BEYOND_ALL],
]
for (const [one, runs, beyond] of CLASSES) {
  for (const repeat of beyond === BEYOND_ALL ? [true] : [false, true]) {
    const separator = repeat ? runs : one
    eachKernels(`a split by ${separator}`, (k, memory) => {
      eachRows(memory, 5, [' ', ',', 'a', ...CHARACTERS], rows => {
        const table = memory.u8(
          Array.from({ length: 128 }, (_, c) => (one.test(String.fromCharCode(c)) ? 1 : 0)),
        )
        checkSplit(memory, rows, separator, (spans, cursor, starts, ends) =>
          k.splitClass(spans, cursor, table, beyond, repeat, starts, ends),
        )
      })
    })
  }
}

eachKernels('the rows that are not empty', (k, memory) => {
  const random = new Seeded(6)
  for (const length of [0, 1, 2, 63, 64, 65, 1000]) {
    for (const empty of [0, 0.5, 1]) {
      const rows = Array.from({ length }, () => (random.chance(empty) ? '' : 'ab'))
      const { starts, ends } = memory.rows(rows)
      const out = memory.i32(length + 1)
      const count = k.selectNonEmpty(starts, ends, out)
      exactly(
        [...out.subarray(0, count)],
        rows.flatMap((row, i) => (row === '' ? [] : [i])),
      )
    }
  }
})

test.run()
