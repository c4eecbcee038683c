import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { eachKernels } from '../support/kernels.js'
import { Seeded } from '../support/seeded.js'

const mix = (hash: number): number => {
  let h = hash | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** CRC-32C bit by bit, over the bytes padded with zeros to words of eight. */
function plainHash(bytes: Uint8Array): number {
  let crc = Math.imul(bytes.length, 0x9e3779b1)
  for (let i = 0; i < Math.ceil(bytes.length / 8) * 8; i++) {
    crc ^= bytes[i] ?? 0
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  }
  return mix(crc)
}

eachKernels('hashes of texts of 0 to 100 bytes and of a long one, whatever follows them', (k, memory) => {
  const random = new Seeded(7)
  const rows = Array.from({ length: 101 }, (_, length) =>
    Uint8Array.from({ length }, () => random.below(256)),
  )
  rows.push(new Uint8Array(20_000).fill(0xff), new Uint8Array(40))
  for (const behind of [0, 0xff]) {
    const spans = memory.rows(rows, behind)
    const hashes = memory.i32(rows.length)
    k.hashUtf8(spans, hashes)
    exactly([...hashes], rows.map(plainHash))
  }
  const none = memory.i32([1])
  k.hashUtf8(memory.rows([]), none)
  exactly([...none], [1])
})

/** Numbers at the borders of 32 bits and of a double. */
const NUMBERS = [0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, -(2 ** 31) - 1, 2 ** 32, 2 ** 53, 0.5, -1.5]
NUMBERS.push(1e300, -1e-300, 5e-324, Number.MAX_VALUE, Infinity, -Infinity, NaN)

function plainTag(x: number): number {
  if (Number.isNaN(x)) return 0x7ff80000
  if (Number.isInteger(x) && x >= -(2 ** 31) && x < 2 ** 31) return mix(x)
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  return mix(view.getInt32(4) ^ Math.imul(view.getInt32(0), 0x9e3779b1))
}

eachKernels('the tags of numbers: -0 like 0, one NaN like another', (k, memory) => {
  const values = memory.f64(NUMBERS.length + 2)
  values.set(NUMBERS)
  // NaN of other bits, which JavaScript cannot tell apart but memory can.
  new BigUint64Array(values.buffer, values.byteOffset, values.length).set(
    [0xfff8000000000000n, 0x7ff0000000000001n],
    NUMBERS.length,
  )
  const tags = memory.i32(values.length)
  k.tagsF64(values, tags)
  exactly([...tags], [...values].map(plainTag))
})

eachKernels('a whole number goes to key mod parts, anything else by its hash', (k, memory) => {
  const random = new Seeded(8)
  const wholes = [0, 1, -1, 5, -5, 2 ** 31 - 1, -(2 ** 31)]
  while (wholes.length < 200) wholes.push((random.next() * 2 ** 32) | 0)
  for (const parts of [1, 2, 3, 7, 64, 1000, 2 ** 31 - 1]) {
    memory.arena.reset()
    const mod = (x: number): number => Number(((BigInt(x) % BigInt(parts)) + BigInt(parts)) % BigInt(parts))
    const targets = memory.i32(wholes.length)
    k.partitionI32(memory.i32(wholes), parts, targets)
    exactly([...targets], wholes.map(mod))
    k.partitionHashes(memory.i32(wholes), parts, targets)
    exactly(
      [...targets],
      wholes.map(hash => mod(hash >>> 0)),
    )
    const numbers = [...NUMBERS, ...wholes.slice(NUMBERS.length)]
    k.partitionF64(memory.f64(numbers), parts, targets)
    exactly(
      [...targets.subarray(0, numbers.length)],
      numbers.map(x => mod(Number.isSafeInteger(x) ? x : plainTag(x) >>> 0)),
    )
  }
})

test.run()
