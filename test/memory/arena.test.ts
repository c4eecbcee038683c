import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Arena } from '../../src/memory/arena.js'
import { Heap, PAGE } from '../../src/memory/heap.js'
import { exactly, fails } from '../support/exactly.js'
import { Seeded } from '../support/seeded.js'

const withArena = (check: (arena: Arena, heap: Heap) => void): void => {
  const heap = Heap.reserve(32 * 2 ** 20)
  const arena = new Arena(heap)
  check(arena, heap)
  arena.free()
  assert.is(heap.bytesInUse(), 0, 'everything was given back')
}

test('every address is a multiple of 64, and no two allocations share a byte', () =>
  withArena((arena, heap) => {
    const random = new Seeded(1)
    const sizes = [0, 1, 63, 64, 65, PAGE - 64, PAGE, PAGE + 1, 4 * PAGE - 64, 4 * PAGE, 5 * PAGE + 1]
    const taken = [arena, new Arena(heap)].flatMap(each =>
      random.many(100, sizes).map(size => ({ at: each.allocate(size), size, each })),
    )
    taken.sort((a, b) => a.at - b.at)
    taken.forEach(({ at, size }, i) => {
      assert.is(at % 64, 0)
      assert.ok(at + size <= heap.byteLength - PAGE)
      assert.ok(at + Math.max(size, 64) <= (taken[i + 1]?.at ?? Number.POSITIVE_INFINITY), `${size} at ${at}`)
    })
    taken.find(({ each }) => each !== arena)!.each.free()
  }))

test('arrays of each type have the asked length and lie in the heap', () =>
  withArena((arena, heap) => {
    for (const length of [0, 1, 1000, 100_000]) {
      for (const [array, Type] of [
        [arena.u8(length), Uint8Array],
        [arena.i32(length), Int32Array],
        [arena.f64(length), Float64Array],
        [arena.i64(length), BigInt64Array],
      ] as const) {
        assert.instance(array, Type)
        assert.is(array.length, length)
        assert.is(array.buffer, heap.buffer)
      }
    }
  }))

test('a large allocation can be given back alone, a small one waits', () =>
  withArena((arena, heap) => {
    const small = arena.u8(4 * PAGE - 64)
    const before = heap.bytesInUse()
    const large = arena.f64((4 * PAGE) / 8)
    assert.is(heap.bytesInUse(), before + 4 * PAGE)
    arena.release(small)
    assert.is(heap.bytesInUse(), before + 4 * PAGE)
    arena.release(large.subarray(0, 5))
    assert.is(heap.bytesInUse(), before, 'a part that begins where the whole does stands for it')
    arena.release(large)
    assert.is(arena.f64((4 * PAGE) / 8).byteOffset, large.byteOffset)
    assert.is(heap.bytesInUse(), before + 4 * PAGE)
  }))

test('a reset begins again in the same small memory and gives back the large', () =>
  withArena((arena, heap) => {
    const sizes = [100, 50_000, 200_000, 64, 250_000, 70_000, 10]
    const first = sizes.map(size => arena.allocate(size))
    const small = heap.bytesInUse()
    arena.allocate(10 * PAGE)
    for (let round = 0; round < 3; round++) {
      arena.reset()
      assert.is(heap.bytesInUse(), small)
      exactly(
        sizes.map(size => arena.allocate(size)),
        first,
      )
    }
    arena.reset()
    assert.ok(arena.allocate(4 * PAGE - 64) > 0, 'a size that the first runs are too small for')
  }))

test('a freed arena can be used again', () =>
  withArena((arena, heap) => {
    arena.allocate(10)
    arena.allocate(9 * PAGE)
    arena.free()
    assert.is(heap.bytesInUse(), 0)
    arena.u8(100).fill(1)
    assert.ok(heap.bytesInUse() > 0)
  }))

test('what an arena holds is found by its owner’s number', () => {
  const heap = Heap.reserve(0)
  const [a, b] = [new Arena(heap), new Arena(heap)]
  a.allocate(10)
  a.allocate(5 * PAGE)
  b.allocate(10)
  heap.freeOwners(new Set([a.owner]))
  assert.is(heap.bytesInUse(), PAGE)
  assert.is(new Arena(heap, 77).owner, 77)
})

test('an allocation that does not fit leaves the arena as it was', async () => {
  const heap = Heap.reserve(0)
  const arena = new Arena(heap)
  const first = arena.allocate(64)
  await fails(() => arena.allocate(heap.byteLength), 'MILLRACE_HEAP_FULL')
  const filler = new Arena(heap)
  filler.allocate(heap.byteLength - 4 * PAGE)
  await fails(() => arena.allocate(3 * PAGE), 'MILLRACE_HEAP_FULL')
  assert.is(arena.allocate(64), first + 64, 'what is left of the page is still there')
  arena.free()
  filler.free()
  assert.is(heap.bytesInUse(), 0)
})

test.run()
