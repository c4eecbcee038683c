import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'
import { eachKernels } from '../support/kernels.js'
import { plainGroups, RawTable } from '../support/key-table.js'
import { Seeded } from '../support/seeded.js'

/** Texts of 0 to 40 bytes that differ in one byte only, at the beginning, in the middle and at the end. */
const WORDS = Array.from({ length: 41 }, (_, length) =>
  [0, length >> 1, length - 1].map(at => {
    const word = Buffer.alloc(length, 'x')
    if (length > 0) word[at] = 0x80 + at
    return word.toString('latin1')
  }),
).flat()
WORDS.push('y'.repeat(3000), `${'y'.repeat(3000)}z`, `z${'y'.repeat(3000)}`, '\0', '\0\0', '\0'.repeat(8))

const latin1 = (texts: string[]): Uint8Array[] => texts.map(text => Buffer.from(text, 'latin1'))

eachKernels('texts of 0 to 40 bytes and long ones, in a table that is just large enough', (k, memory) => {
  const random = new Seeded(15)
  for (const length of [0, 1, 31, 32, 33, 1000]) {
    memory.arena.reset()
    const texts = random.many(length, WORDS)
    const { ids, distinct } = plainGroups(texts)
    const rows = memory.rows(latin1(texts))
    const [hashes, found] = [memory.i32(length), memory.i32(length)]
    k.hashUtf8(rows, hashes)
    const bytes = Math.max(1, distinct.join('').length)
    const table = new RawTable(memory, { capacity: Math.max(1, distinct.length), bytes })
    assert.is(k.groupUtf8(table.header, rows, hashes, 0, found), length)
    exactly([...found], ids)
    exactly(table.texts, distinct)
    exactly(
      [...table.hashes.subarray(0, distinct.length)],
      distinct.map(text => hashes[texts.indexOf(text)]),
    )
  }
})

eachKernels('texts whose hashes are all equal are told apart by their bytes', (k, memory) => {
  const random = new Seeded(16)
  const texts = random.many(400, WORDS)
  const { ids, distinct } = plainGroups(texts)
  const rows = memory.rows(latin1(texts))
  for (const hash of [0, 1, -1, -(2 ** 31), 2 ** 31 - 1]) {
    const table = new RawTable(memory, { capacity: 1000, bytes: 100_000 })
    const found = memory.i32(400)
    assert.is(k.groupUtf8(table.header, rows, memory.i32(400).fill(hash), 0, found), 400)
    exactly([...found], ids)
    exactly(table.texts, distinct)
  }
})

eachKernels('a table that is full stops before the first key that has no room', (k, memory) => {
  const texts = ['a', 'bb', 'a', 'ccc', 'bb', 'dddd', 'a']
  const rows = memory.rows(texts)
  const hashes = memory.i32(texts.length)
  k.hashUtf8(rows, hashes)
  const found = memory.i32(texts.length).fill(-7)

  const few = new RawTable(memory, { capacity: 2, bytes: 100 })
  assert.is(k.groupUtf8(few.header, rows, hashes, 0, found), 3)
  exactly([...found], [0, 1, 0, -7, -7, -7, -7])
  exactly(few.texts, ['a', 'bb'])
  assert.is(k.groupUtf8(few.header, rows, hashes, 3, found), 3, 'and again')

  // The room for bytes ends in the middle of the third key, or just behind it.
  for (const [bytes, taken] of [
    [5, 3],
    [6, 5],
  ] as const) {
    const narrow = new RawTable(memory, { capacity: 10, bytes })
    assert.is(k.groupUtf8(narrow.header, rows, hashes, 0, found), taken)
    assert.is(narrow.count, taken === 3 ? 2 : 3)
  }

  const more = new RawTable(memory, { capacity: 4, bytes: 10 })
  more.bytes.set(few.bytes.subarray(0, 3))
  more.keys.set(few.keys.subarray(0, 3))
  more.hashes.set(few.hashes.subarray(0, 2))
  more.header[0] = 2
  k.reslot(more.header, more.hashes, 0, 2)
  assert.is(k.groupUtf8(more.header, rows, hashes, 3, found), texts.length)
  exactly([...found], [0, 1, 0, 2, 1, 3, 0])
  exactly(more.texts, ['a', 'bb', 'ccc', 'dddd'])
})

const WHOLES = [0, 1, -1, 2, 2 ** 31 - 1, -(2 ** 31), 65_536, 131_072, -65_536]
const DOUBLES = [...WHOLES, -0, NaN, 0.5, -0.5, 2 ** 31, 2 ** 53, 5e-324, 1e300, Infinity, -Infinity]

eachKernels('numbers, in a table that is just large enough and in one that is a key short', (k, memory) => {
  const random = new Seeded(17)
  const check = (keys: number[], type: 'i32' | 'f64'): void => {
    memory.arena.reset()
    const { ids, distinct } = plainGroups(keys)
    const found = memory.i32(keys.length)
    const run = (table: RawTable): number =>
      type === 'i32'
        ? k.groupI32(table.header, memory.i32(keys), 0, found)
        : k.groupF64(table.header, memory.f64(keys), 0, found)
    const table = new RawTable(memory, { capacity: Math.max(1, distinct.length), keys: type })
    assert.is(run(table), keys.length)
    exactly([...found], ids)
    exactly(table.numbers, distinct, 'the first of equal keys stays as it is')
    if (distinct.length < 2) return
    const short = new RawTable(memory, { capacity: distinct.length - 1, keys: type })
    assert.is(run(short), ids.indexOf(distinct.length - 1))
    exactly(short.numbers, distinct.slice(0, -1))
  }
  for (const length of [0, 1, 31, 32, 33, 500]) {
    check(random.many(length, WHOLES), 'i32')
    check(random.many(length, DOUBLES), 'f64')
    check(
      Array.from({ length }, () => Math.imul(random.below(300), 0x01000193)),
      'i32',
    )
    check(
      Array.from({ length }, () => random.below(300) / 7),
      'f64',
    )
  }
  check([-0, 0, -0], 'f64')
  check([0, -0], 'f64')
})

eachKernels('a NaN of any bits is the one NaN', (k, memory) => {
  const keys = memory.f64(4)
  new BigUint64Array(keys.buffer, keys.byteOffset, 4).set([
    0x7ff8000000000000n,
    0xfff8000000000000n,
    0x7ff0000000000001n,
    0xffffffffffffffffn,
  ])
  const table = new RawTable(memory, { capacity: 4, keys: 'f64' })
  const ids = memory.i32(4)
  assert.is(k.groupF64(table.header, keys, 0, ids), 4)
  exactly([...ids], [0, 0, 0, 0])
})

eachKernels('numbers go on in a larger table after reslot', (k, memory) => {
  const keys = Array.from({ length: 600 }, (_, i) => (i % 300) * 0.5 - 20)
  const { ids, distinct } = plainGroups(keys)
  const found = memory.i32(600)
  const rows = memory.f64(keys)
  const small = new RawTable(memory, { capacity: 100, keys: 'f64' })
  assert.is(k.groupF64(small.header, rows, 0, found), 100)
  const large = new RawTable(memory, { capacity: 300, keys: 'f64' })
  large.keys.set(small.keys.subarray(0, 100))
  large.header[0] = 100
  const tags = memory.i32(100)
  k.tagsF64(large.keys.subarray(0, 100) as Float64Array, tags)
  k.reslot(large.header, tags, 0, 100)
  assert.is(k.groupF64(large.header, rows, 100, found), 600)
  exactly([...found], ids)
  exactly(large.numbers, distinct)
})

eachKernels(
  'a dense table stops before a key outside its range, at the borders of 32 bits too',
  (k, memory) => {
    const [lowest, highest] = [-(2 ** 31), 2 ** 31 - 1]
    const cases: [least: number, range: number, keys: number[], taken: number][] = [
      [0, 4, [3, 0, 3, 2, 4, 0], 4],
      [-2, 4, [1, -2, 1, -3], 3],
      [lowest, 3, [lowest, lowest + 2, lowest, highest], 3],
      [highest - 2, 3, [highest, highest - 2, highest, lowest], 3],
      [5, 1, [5, 5, 5], 3],
      [0, 1, [], 0],
      [-50_000, 100_000, [49_999, -50_000, 0, 49_999, 50_000], 4],
      [0, 100, [7, 8, 9, 7, 10], 4],
    ]
    for (const [least, range, keys, taken] of cases) {
      memory.arena.reset()
      const table = new RawTable(memory, { capacity: 3, least, range })
      const found = memory.i32(keys.length)
      assert.is(k.groupDense(table.header, memory.i32(keys), 0, found), taken)
      const { ids, distinct } = plainGroups(keys.slice(0, taken))
      exactly([...found.subarray(0, taken)], ids)
      exactly(table.numbers, distinct)
    }
  },
)

test.run()
