import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Heap, PAGE } from '../../src/memory/heap.js'
import { exactly, fails } from '../support/exactly.js'

const MIB = 2 ** 20

/** How many pages can be had, by taking them all. */
function freePages(heap: Heap): number {
  const owner = heap.newOwner()
  let pages = 0
  try {
    for (;;) pages += heap.allocate(owner, 1) > 0 ? 1 : 0
  } catch {
    heap.freeOwners(new Set([owner]))
  }
  return pages
}

test('a heap has at least 4 MiB in whole pages, and all but a few can be had', () => {
  for (const [asked, size] of [
    [0, 4 * MIB],
    [1, 4 * MIB],
    [5 * MIB + 1, 5 * MIB],
    [64 * MIB, 64 * MIB],
  ] as const) {
    const heap = Heap.reserve(asked)
    assert.is(heap.byteLength, size)
    assert.is(heap.buffer.byteLength, size)
    // Not the control page, the page of the table, and the last one.
    assert.is(freePages(heap), size / PAGE - 3)
    assert.is(heap.bytesInUse(), 0)
  }
})

test('more than the system has is refused with the option’s name', async () => {
  await fails(() => Heap.reserve(2 ** 52), 'MILLRACE_OPTION', /shared memory/, /'memory'/)
})

test('runs do not overlap, lie side by side, and are taken again once they are free', () => {
  const heap = Heap.reserve(4 * MIB)
  const [a, b] = [heap.newOwner(), heap.newOwner()]
  assert.is.not(a, b)
  const first = heap.allocate(a, 1)
  const second = heap.allocate(b, 3)
  const third = heap.allocate(a, 2)
  exactly([second, third], [first + PAGE, first + 4 * PAGE])
  assert.is(heap.bytesInUse(), 6 * PAGE)
  heap.free(second, 3)
  assert.is(heap.bytesInUse(), 3 * PAGE)
  assert.is(heap.allocate(b, 4), third + 2 * PAGE, 'the hole is too small')
  assert.is(heap.allocate(b, 2), second)
  assert.is(heap.allocate(b, 1), second + 2 * PAGE)
})

test('free neighbours are one run again, in whatever order they were freed', () => {
  const heap = Heap.reserve(4 * MIB)
  const owner = heap.newOwner()
  const all = freePages(heap)
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
  ]) {
    const third = Math.floor(all / 3)
    const runs = [0, 1, 2].map(() => heap.allocate(owner, third))
    for (const run of order) heap.free(runs[run]!, third)
    const whole = heap.allocate(owner, all)
    assert.is(whole, runs[0])
    heap.free(whole, all)
  }
})

test('all that an owner holds goes at once, and nothing of the others', () => {
  const heap = Heap.reserve(4 * MIB)
  const owners = [heap.newOwner(), heap.newOwner(), heap.newOwner()]
  const offsets = Array.from({ length: 12 }, (_, i) => heap.allocate(owners[i % 3]!, 1 + (i % 2)))
  heap.freeOwners(new Set([owners[0]!, owners[2]!, 12345]))
  assert.is(heap.bytesInUse(), 6 * PAGE)
  assert.is(heap.allocate(owners[0]!, 1), offsets[0], 'the lowest hole is found')
  heap.freeOwners(new Set())
  assert.is(heap.bytesInUse(), 7 * PAGE)
  heap.freeOwners(new Set(owners))
  assert.is(heap.bytesInUse(), 0)
})

test('a full heap says how much was needed, how much there is, and what to do', async () => {
  const heap = Heap.reserve(4 * MIB)
  const owner = heap.newOwner()
  const all = freePages(heap)
  heap.allocate(owner, all - 2)
  const error = await fails(
    () => heap.allocate(owner, 16),
    'MILLRACE_HEAP_FULL',
    /1\.0 MiB more in one piece/,
    /3\.7 MiB of 4\.0 MiB/,
    /option 'memory'.* batches smaller/,
  )
  assert.is(error.retryable, true)
  await fails(() => heap.allocate(owner, 3), 'MILLRACE_HEAP_FULL')
  await fails(() => heap.allocate(owner, 2 ** 30), 'MILLRACE_HEAP_FULL')
  heap.allocate(owner, 2)
  await fails(() => heap.allocate(owner, 1), 'MILLRACE_HEAP_FULL')
  assert.is(heap.bytesInUse(), all * PAGE, 'what was tried in vain holds nothing')
})

test('free runs are visited as a whole, and only below the highest page ever used', () => {
  const heap = Heap.reserve(4 * MIB)
  const owner = heap.newOwner()
  const visited = (): [number, number][] => {
    const runs: [number, number][] = []
    heap.forEachFreeRun((offset, bytes) => runs.push([offset, bytes]))
    return runs
  }
  exactly(visited(), [])
  const offsets = [2, 1, 3, 1].map(pages => heap.allocate(owner, pages))
  exactly(visited(), [])
  heap.free(offsets[0]!, 2)
  heap.free(offsets[2]!, 3)
  heap.free(offsets[3]!, 1)
  exactly(visited(), [
    [offsets[0], 2 * PAGE],
    [offsets[2], 4 * PAGE],
  ])
  exactly(visited(), [[offsets[0], 2 * PAGE]], 'what lies above is forgotten')
  assert.is(heap.bytesInUse(), PAGE)
  heap.allocate(owner, 4)
  assert.is(heap.bytesInUse(), 5 * PAGE)
})

test.run()
