import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockStore } from '../../src/execution/block-store.js'
import { Arena } from '../../src/memory/arena.js'
import { Heap, PAGE } from '../../src/memory/heap.js'
import { TextLog, type TextRange } from '../../src/streaming/inputs/text-log.js'
import { exactly, fails } from '../support/exactly.js'

/** A log in a small heap, and what a sender and a batch do with it. */
class Bench {
  readonly heap = Heap.reserve(8 * 2 ** 20)
  readonly blocks = new BlockStore(this.heap)
  readonly log: TextLog

  constructor(maxLine = 2 ** 20) {
    this.log = new TextLog(this, maxLine)
  }
  /** Receives text in pieces of at most so many bytes. */
  receive(text: string, most = 65_536): void {
    for (let rest = Buffer.from(text); rest.length > 0; ) {
      const room = this.log.buffer()
      const piece = rest.subarray(0, Math.min(room.length, most))
      room.set(piece)
      this.log.received(piece.length)
      rest = rest.subarray(piece.length)
    }
  }
  take(): string {
    const ranges = this.log.take()
    const text = ranges.map(r => this.text(r)).join('')
    for (const range of ranges) this.log.release(range)
    return text
  }
  text({ offset, length }: TextRange): string {
    return Buffer.from(new Uint8Array(this.heap.buffer, offset, length)).toString()
  }
  /** Fills the heap; gives back what it took with the result. */
  hog(arena = new Arena(this.heap)): () => void {
    for (let pages = 32; pages >= 1; pages /= 2) {
      try {
        for (;;) arena.u8(pages * PAGE)
      } catch {}
    }
    return () => arena.free()
  }
}

test('whole lines are taken, the rest waits', () => {
  const bench = new Bench()
  bench.receive('a\nb\nc', 1)
  assert.is(bench.log.pending, 4)
  assert.is(bench.take(), 'a\nb\n')
  assert.is(bench.log.pending, 0)
  assert.is(bench.take(), '')
  bench.receive('d\n')
  assert.is(bench.take(), 'cd\n')
})

test('what is received when the heap is full waits outside of it, and nothing is lost', async () => {
  const bench = new Bench()
  const free = bench.hog()
  bench.receive('first\nsec')
  bench.receive('ond\nthi')
  await fails(() => bench.log.reserve(), 'MILLRACE_HEAP_FULL', /the Context option 'memory'/)
  assert.is(bench.take(), '')
  free()
  bench.log.reserve()
  bench.receive('rd\n')
  assert.is(bench.take(), 'first\nsecond\nthird\n')
})

test('data that can be made again gives way', () => {
  const bench = new Bench()
  const arena = new Arena(bench.heap)
  bench.hog(arena)
  const kept = bench.blocks.keep(bench, [], new Set([arena.owner]))
  bench.receive('line\n')
  assert.ok(kept.evicted)
  assert.is(bench.take(), 'line\n')
})

test('a segment may fill up while the heap is full', async () => {
  const bench = new Bench()
  bench.receive('begin\n')
  const free = bench.hog()
  const lines = Array.from({ length: 30_000 }, (_, i) => `${i}`.padStart(49)).join('\n')
  bench.receive(`${lines}\n`)
  await fails(() => bench.log.reserve(), 'MILLRACE_HEAP_FULL')
  let text = bench.take()
  assert.ok(text.length > 10 ** 6)
  free()
  bench.log.reserve()
  text += bench.take()
  exactly(text === `begin\n${lines}\n`, true)
})

test('the end of the text completes a line, a loss drops it, also while the heap is full', () => {
  for (const full of [false, true]) {
    const bench = new Bench()
    const free = full ? bench.hog() : undefined
    bench.receive('one\ntwo')
    bench.log.endLine()
    bench.receive('three\nhal')
    bench.receive('f')
    bench.log.dropUnfinished()
    bench.receive('four')
    bench.log.endLine()
    bench.log.endLine()
    free?.()
    bench.log.reserve()
    assert.is(bench.take(), 'one\ntwo\nthree\nfour\n')
  }
})

test('a line that is too long is handed over cut, and its rest passed over; places stay right', () => {
  const bench = new Bench(2 ** 20)
  bench.receive('ab\n')
  bench.receive('x'.repeat(2_500_000))
  const ranges = bench.log.take()
  exactly(
    ranges.map(r => r.position),
    [0, 3],
  )
  assert.ok(ranges[1]!.length > 2 ** 20)
  for (const range of ranges) bench.log.release(range)
  bench.receive('xx\nnext\n')
  const [next] = bench.log.take()
  exactly([next!.position, bench.text(next!)], [2_500_006, 'next\n'])
})

test('the next connection begins with a whole line, also after one that was too long', () => {
  for (const end of ['endLine', 'dropUnfinished'] as const) {
    const bench = new Bench(2 ** 20)
    bench.receive('x'.repeat(2_500_000))
    bench.take()
    bench.log[end]()
    bench.receive('fresh\n')
    assert.is(bench.take(), 'fresh\n', end)
  }
})

test('closing gives everything back', () => {
  const bench = new Bench()
  bench.receive('a\nb')
  bench.log.reserve()
  bench.log.close()
  assert.is(bench.heap.bytesInUse(), 0)
})

test.run()
