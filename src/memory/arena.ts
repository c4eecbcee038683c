import { type Heap, PAGE } from './heap.js'

/** Allocations of this size and more get pages of their own, and can be given back one by one. */
const LARGE = 4 * PAGE
const LARGEST_RUN = 64

interface Run {
  offset: number
  pages: number
}

/**
 * Memory that is given back together: what one attempt of a task writes, the buffers of a source, the scratch
 * space of a worker. Allocation moves a pointer; every address is a multiple of 64. Not shared by threads.
 */
export class Arena {
  readonly heap: Heap
  readonly owner: number
  #runs: Run[] = []
  #large = new Map<number, number>()
  #run = -1
  #at = 0
  #end = 0
  #pages = 0

  constructor(heap: Heap, owner: number = heap.newOwner()) {
    this.heap = heap
    this.owner = owner
  }

  /** The byte offset of `bytes` fresh bytes, which hold whatever was there before. */
  allocate(bytes: number): number {
    const size = Math.max(64, Math.ceil(bytes / 64) * 64)
    if (size >= LARGE) {
      const pages = Math.ceil(size / PAGE)
      const offset = this.heap.allocate(this.owner, pages)
      this.#large.set(offset, pages)
      this.#pages += pages
      return offset
    }
    if (this.#at + size > this.#end) this.#nextRun(size)
    const offset = this.#at
    this.#at += size
    return offset
  }

  /** Bytes of the heap that the arena holds. */
  get byteLength(): number {
    return this.#pages * PAGE
  }

  /** Gives back one allocation, if it is large; a small one waits for the arena's end. */
  release(view: ArrayBufferView): void {
    const pages = this.#large.get(view.byteOffset)
    if (pages === undefined) return
    this.#large.delete(view.byteOffset)
    this.#pages -= pages
    this.heap.free(view.byteOffset, pages)
  }

  /** Gives back what lies behind the first `bytes` of an allocation, if that is large. */
  trim(view: ArrayBufferView, bytes: number): void {
    const pages = this.#large.get(view.byteOffset)
    const keep = Math.max(1, Math.ceil(bytes / PAGE))
    if (pages === undefined || keep >= pages) return
    this.#large.set(view.byteOffset, keep)
    this.#pages -= pages - keep
    this.heap.free(view.byteOffset + keep * PAGE, pages - keep)
  }

  /** Starts again from the first page; everything allocated before is void. Keeps small runs for reuse. */
  reset(): void {
    this.#freeLarge()
    this.#run = -1
    this.#at = this.#end = 0
  }

  /** Gives everything back. */
  free(): void {
    this.#freeLarge()
    for (const run of this.#runs) this.heap.free(run.offset, run.pages)
    this.#runs = []
    this.reset()
    this.#pages = 0
  }

  u8(length: number): Uint8Array {
    return new Uint8Array(this.heap.buffer, this.allocate(length), length)
  }

  i32(length: number): Int32Array {
    return new Int32Array(this.heap.buffer, this.allocate(length * 4), length)
  }

  f64(length: number): Float64Array {
    return new Float64Array(this.heap.buffer, this.allocate(length * 8), length)
  }

  i64(length: number): BigInt64Array {
    return new BigInt64Array(this.heap.buffer, this.allocate(length * 8), length)
  }

  #freeLarge(): void {
    if (this.#large.size === 0) return
    for (const [offset, pages] of this.#large) {
      this.heap.free(offset, pages)
      this.#pages -= pages
    }
    this.#large.clear()
  }

  #nextRun(size: number): void {
    while (++this.#run < this.#runs.length) {
      const run = this.#runs[this.#run]!
      if (run.pages * PAGE >= size) return this.#enter(run)
    }
    const before = this.#runs.at(-1)?.pages ?? 0
    const pages = Math.max(Math.ceil(size / PAGE), Math.min(before * 2, LARGEST_RUN), 1)
    const run = { offset: this.heap.allocate(this.owner, pages), pages }
    this.#runs.push(run)
    this.#pages += pages
    this.#enter(run)
  }

  #enter(run: Run): void {
    this.#at = run.offset
    this.#end = run.offset + run.pages * PAGE
  }
}
