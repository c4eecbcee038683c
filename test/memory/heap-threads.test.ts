import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Heap, PAGE } from '../../src/memory/heap.js'
import { exactly } from '../support/exactly.js'
import type { Report } from '../support/heap-thread.js'
import { endedAt } from '../support/steps.js'

const MIB = 2 ** 20
/** All but the control page, the page of the table, and the last one. */
const usable = (heap: Heap): number => heap.byteLength / PAGE - 3

const thread = (heap: Heap, seed: number, rounds: number): Worker =>
  new Worker(new URL('../support/heap-thread.js', import.meta.url), {
    workerData: { buffer: heap.buffer, seed, rounds },
  })

test('threads that allocate and free at once never have a page in common', async () => {
  const heap = Heap.reserve(4 * MIB)
  const threads = [1, 2, 3].map(seed => thread(heap, seed, 2000))
  const reports = await Promise.all(
    threads.map(async worker => {
      await once(worker, 'message')
      const [report] = (await once(worker, 'message')) as [Report]
      return report
    }),
  )
  await Promise.all(threads.map(worker => worker.terminate()))
  const taken = new Set<number>()
  for (const { runs, wrong } of reports) {
    exactly(wrong, [])
    for (const { offset, pages, mark } of runs) {
      for (let page = offset / PAGE; page < offset / PAGE + pages; page++) {
        assert.not(taken.has(page), `page ${page} has one owner`)
        taken.add(page)
      }
      const words = new Int32Array(heap.buffer, offset, (pages * PAGE) / 4)
      assert.ok(
        words.every(word => word === mark),
        'what a thread left is as it was',
      )
    }
  }
  assert.is(new Set(reports.map(({ owner }) => owner)).size, threads.length)
  assert.ok(
    reports.some(({ full }) => full > 0),
    'the heap was full at times',
  )
  assert.is(heap.bytesInUse(), taken.size * PAGE)
  heap.freeOwners(new Set(reports.map(({ owner }) => owner)))
  assert.is(heap.bytesInUse(), 0)
})

test('all that threads held comes back when they were ended at any moment', async () => {
  const heap = Heap.reserve(4 * MIB)
  const owners = new Set<number>()
  for (let round = 0; round < 3; round++) {
    const threads = [0, 1].map(i => thread(heap, round * 2 + i, Number.POSITIVE_INFINITY))
    for (const [owner] of await Promise.all(threads.map(worker => once(worker, 'message')))) owners.add(owner)
    await Promise.all(threads.map(worker => worker.terminate()))
  }
  heap.freeOwners(owners)
  assert.is(heap.bytesInUse(), 0)
  assert.ok(heap.allocate(heap.newOwner(), usable(heap)) > 0, 'the whole heap is one run')
})

test('a thread may end between any two steps of an allocation', () => {
  for (let step = 0, done = false; !done; step++) {
    const heap = Heap.reserve(4 * MIB)
    const [other, lost] = [heap.newOwner(), heap.newOwner()]
    const [hole] = [2, 1, 1].map(pages => heap.allocate(other, pages))
    heap.free(hole!, 2)
    // Tries the hole first, finds it too small, and goes on behind what is in use.
    done = endedAt(step, () => heap.allocate(lost, 3))
    heap.freeOwners(new Set([lost]))
    assert.is(heap.bytesInUse(), 2 * PAGE, `step ${step}`)
    heap.freeOwners(new Set([other]))
    assert.is(heap.allocate(heap.newOwner(), usable(heap)), hole, `all is free again after step ${step}`)
  }
})

test('a thread may end between any two steps of giving back', () => {
  for (let step = 0, done = false; !done; step++) {
    const heap = Heap.reserve(4 * MIB)
    const lost = heap.newOwner()
    const first = heap.allocate(lost, 3)
    done = endedAt(step, () => heap.free(first, 3))
    heap.freeOwners(new Set([lost]))
    assert.is(heap.allocate(heap.newOwner(), usable(heap)), first, `all is free again after step ${step}`)
  }
})

test.run()
