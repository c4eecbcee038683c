import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'
import { eachKernels } from '../support/kernels.js'
import { Seeded } from '../support/seeded.js'

eachKernels('buckets hold the rows of each target in their order', (k, memory) => {
  const random = new Seeded(11)
  for (const parts of [1, 2, 5, 100]) {
    for (const length of [0, 1, 2, 50, 3000]) {
      memory.arena.reset()
      const targets = Array.from({ length }, () => random.below(parts))
      const [bounds, order] = [memory.i32(parts + 1), memory.i32(length)]
      k.bucket(memory.i32(targets), bounds, order)
      const expected = Array.from({ length: parts }, (_, t) =>
        targets.flatMap((target, row) => (target === t ? [row] : [])),
      )
      exactly([...order], expected.flat())
      exactly(
        Array.from({ length: parts }, (_, t) => [...order.subarray(bounds[t], bounds[t + 1])]),
        expected,
      )
      assert.is(bounds[0], 0)
      assert.is(bounds[parts], length)
    }
  }
})

eachKernels('rows of each width are gathered in any order, and more than once', (k, memory) => {
  const random = new Seeded(12)
  for (const length of [1, 2, 100]) {
    for (const count of [0, 1, 7, 500]) {
      memory.arena.reset()
      const order = Array.from({ length: count }, () => random.below(length))
      const bytes = Array.from({ length }, () => random.below(256))
      const wholes = Array.from({ length }, () => (random.next() * 2 ** 32) | 0)
      const doubles = random.many(length, [0, -0, NaN, Infinity, 0.1, 2 ** 53])
      const bigs = random.many(length, [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)])
      const rows = memory.i32(order)
      const check = <T extends Uint8Array | Int32Array | Float64Array | BigInt64Array>(values: T): void => {
        const out = memory.put(new (values.constructor as new (n: number) => T)(count))
        k.gather(memory.put(values), rows, out)
        exactly(
          [...out],
          order.map(row => values[row]),
        )
      }
      check(Uint8Array.from(bytes))
      check(Int32Array.from(wholes))
      check(Float64Array.from(doubles))
      check(BigInt64Array.from(bigs))
    }
  }
})

eachKernels('a target or a row out of range is refused', (k, memory) => {
  for (const bad of [-1, 3, 2 ** 31 - 1, -(2 ** 31)]) {
    assert.throws(
      () => k.bucket(memory.i32([0, 2, bad, 1]), memory.i32(4), memory.i32(4)),
      (e: Error) => e instanceof RangeError && /target is out of range/.test(e.message),
    )
    for (const values of [memory.u8([1, 2, 3]), memory.i32([1, 2, 3]), memory.f64([1, 2, 3])]) {
      assert.throws(
        () => k.gather(values, memory.i32([0, bad]), values.subarray(0, 2)),
        (e: Error) => e instanceof RangeError && /row is out of range/.test(e.message),
      )
    }
  }
})

eachKernels('rows of bytes are measured and packed end to end, from any order', (k, memory) => {
  const random = new Seeded(13)
  for (const length of [0, 1, 15, 16, 17, 400]) {
    memory.arena.reset()
    const texts = Array.from({ length }, () => 'é'.repeat(random.chance(0.3) ? 0 : random.below(60)))
    const { bytes, starts, ends } = memory.rows(texts)
    const order = texts.map(() => random.below(length))
    const spans = {
      bytes,
      starts: memory.i32(order.map(row => starts[row]!)),
      ends: memory.i32(order.map(row => ends[row]!)),
    }
    const packed = Buffer.from(order.map(row => texts[row]).join(''))
    assert.is(k.spansSize(spans.starts, spans.ends), packed.length)
    const out = memory.u8(packed.length + 1).fill(0x7f)
    const offsets = memory.i32(length + 1)
    k.packSpans(spans, offsets, out.subarray(0, packed.length))
    assert.is(Buffer.compare(out.subarray(0, packed.length), packed), 0)
    assert.is(out[packed.length], 0x7f, 'nothing is written behind the rows')
    exactly(
      order.map((_, i) =>
        Buffer.from(out)
          .subarray(offsets[i], offsets[i + 1])
          .toString(),
      ),
      order.map(row => texts[row]),
    )
  }
})

eachKernels('the least and the greatest', (k, memory) => {
  const random = new Seeded(14)
  for (const length of [1, 2, 3, 7, 8, 9, 31, 32, 33, 5000]) {
    const values = Array.from({ length }, () => (random.next() * 2 ** 32) | 0)
    if (length > 8) values.splice(random.below(8), 2, -(2 ** 31), 2 ** 31 - 1)
    const out = memory.i32(2)
    k.minMaxI32(memory.i32(values), out)
    exactly([...out], [Math.min(...values), Math.max(...values)])
  }
})

eachKernels(
  'memory that is given back reads as zeros or as it was, and its neighbours as they were',
  (k, memory) => {
    const bytes = memory.u8(20 * 4096).fill(7)
    k.adviseHuge(bytes.byteOffset, bytes.length)
    assert.ok(bytes.every(byte => byte === 7))
    // From the middle of one page to the middle of another.
    const given = bytes.subarray(2000, 50_000)
    k.releaseMemory(given.byteOffset, given.length)
    assert.ok(given.every(byte => byte === 0 || byte === 7))
    assert.ok(bytes.subarray(0, 2000).every(byte => byte === 7))
    assert.ok(bytes.subarray(50_000).every(byte => byte === 7))
    bytes.fill(9)
    assert.ok(bytes.every(byte => byte === 9))
  },
)

test.run()
