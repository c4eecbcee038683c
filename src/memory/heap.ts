import { MillraceError } from '../core/errors.js'

/** The unit of allocation. */
export const PAGE = 65536

/** The first page of a heap belongs to the execution layer: the control block. */
export const CONTROL_BYTES: number = PAGE

// Words of the heap's own header, a cache line apart, at the end of the control page.
const HEADER = CONTROL_BYTES / 4 - 64
const NEXT_OWNER = HEADER
const HIGH_WATER = HEADER + 16
/** For runs of 1, 2, 4, … pages: no free run of so many begins before. */
const FREE_HINTS = HEADER + 32
/** How often pages were given back. */
const FREES = HEADER + 48

/** Kinds of runs by their length; the last one has all that are longer. */
const CLASSES = 7
const classOf = (count: number): number => Math.min(CLASSES - 1, 31 - Math.clz32(count))

const FREE = 0
const RESERVED = -1

/**
 * The shared memory of one context: a single SharedArrayBuffer, reserved at once, committed by the system on
 * touch. An offset into it means the same on every thread.
 *
 * Memory is handed out in runs of 64 KiB pages. The page table, one word a page, holds the owner of each page
 * and is the only truth about what is in use: any thread allocates by compare-and-swap, there are no locks to
 * be left behind by a dead thread, and everything that a lost owner held is found by its number.
 */
export class Heap {
  readonly buffer: SharedArrayBuffer
  readonly byteLength: number
  readonly #words: Int32Array
  readonly #table: Int32Array
  readonly #pages: number
  #next = -1

  private constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.byteLength = buffer.byteLength
    this.#pages = Math.floor(buffer.byteLength / PAGE)
    this.#words = new Int32Array(buffer, 0, CONTROL_BYTES / 4)
    this.#table = new Int32Array(buffer, CONTROL_BYTES, this.#pages)
  }

  /** Reserves a new heap of about `bytes`; at least 4 MiB. */
  static reserve(bytes: number): Heap {
    const pages = Math.max(64, Math.floor(bytes / PAGE))
    let buffer: SharedArrayBuffer
    try {
      buffer = new SharedArrayBuffer(pages * PAGE)
    } catch (cause) {
      throw new MillraceError(
        'MILLRACE_OPTION',
        `the system does not give ${pages * PAGE} bytes of shared memory; lower the option 'memory'.`,
        { cause },
      )
    }
    const heap = new Heap(buffer)
    const first = 1 + Math.ceil((pages * 4) / PAGE)
    heap.#table.fill(RESERVED, 0, first)
    // Kernels may read a vector past the end of a column, so the last page is never given away.
    heap.#table[pages - 1] = RESERVED
    heap.#words[NEXT_OWNER] = 1
    heap.#words[HIGH_WATER] = first
    heap.#words.fill(first, FREE_HINTS, FREE_HINTS + CLASSES)
    return heap
  }

  /** The same heap, seen from another thread. */
  static attach(buffer: SharedArrayBuffer): Heap {
    return new Heap(buffer)
  }

  /** A new owner number, unique in this heap. */
  newOwner(): number {
    return Atomics.add(this.#words, NEXT_OWNER, 1)
  }

  /**
   * Takes `count` adjacent pages for `owner`, first fit, and gives the byte offset of the first.
   * The pages hold whatever was there before.
   *
   * @throws MILLRACE_HEAP_FULL
   */
  allocate(owner: number, count: number): number {
    const at = FREE_HINTS + classOf(count)
    const frees = Atomics.load(this.#words, FREES)
    const hint = Atomics.load(this.#words, at)
    let page = this.#claim(hint, owner, count)
    if (page < 0) {
      if (hint > 1) page = this.#claim(1, owner, count)
      if (page < 0) throw this.full(count * PAGE)
    } else if (this.#next > hint && Atomics.load(this.#words, FREES) === frees) {
      Atomics.compareExchange(this.#words, at, hint, this.#next)
      // Something may have become free behind the look at it.
      if (Atomics.load(this.#words, FREES) !== frees) lower(this.#words, at, hint)
    }
    return page * PAGE
  }

  /** Gives back the run of `count` pages at a byte offset. */
  free(offset: number, count: number): void {
    const page = offset / PAGE
    for (let p = page; p < page + count; p++) Atomics.store(this.#table, p, FREE)
    this.#freed(page)
  }

  /** Gives back every page of the given owners. */
  freeOwners(owners: ReadonlySet<number>): void {
    if (owners.size === 0) return
    const end = Atomics.load(this.#words, HIGH_WATER)
    let [lowest, first, last] = [end, Infinity, 0]
    for (const owner of owners) {
      if (owner < first) first = owner
      if (owner > last) last = owner
    }
    for (let p = 1; p < end; p++) {
      const owner = this.#table[p]!
      // Most pages belong to others, which their number tells without a look into the set.
      if (owner >= first && owner <= last && owner > 0 && owners.has(owner)) {
        Atomics.store(this.#table, p, FREE)
        if (p < lowest) lowest = p
      }
    }
    if (lowest < end) this.#freed(lowest)
  }

  /** Bytes in pages that have an owner. */
  bytesInUse(): number {
    const end = Atomics.load(this.#words, HIGH_WATER)
    let pages = 0
    for (let p = 1; p < end; p++) if (this.#table[p]! > 0) pages++
    return pages * PAGE
  }

  /**
   * Calls `visit(offset, bytes)` for every free run below the highest page ever used, and forgets that those
   * pages were used. Only while no other thread allocates.
   */
  forEachFreeRun(visit: (offset: number, bytes: number) => void): void {
    const end = Atomics.load(this.#words, HIGH_WATER)
    let used = 1
    for (let p = 1, start = -1; p <= end; p++) {
      const free = p < end && this.#table[p] === FREE
      if (free && start < 0) start = p
      else if (!free && start >= 0) {
        visit(start * PAGE, (p - start) * PAGE)
        start = -1
      }
      if (p < end && !free) used = p + 1
    }
    Atomics.store(this.#words, HIGH_WATER, used)
  }

  /** The error for a heap without room for `need` bytes. */
  full(need = PAGE): MillraceError {
    const mib = (n: number): string => `${(n / 2 ** 20).toFixed(1)} MiB`
    return new MillraceError(
      'MILLRACE_HEAP_FULL',
      `the shared heap has no room: ${mib(need)} more in one piece are needed, ${mib(this.bytesInUse())} of ${mib(this.byteLength)} are in use. ` +
        `Raise the Context option 'memory', or make batches smaller.`,
      { retryable: true },
    )
  }

  /** Takes the first run from a page on, -1 if there is none; `#next` is then the page before which none of its class is left. */
  #claim(from: number, owner: number, count: number): number {
    const table = this.#table
    const least = 1 << classOf(count)
    this.#next = -1
    scan: for (let page = from, end = this.#pages - count; page <= end; page++) {
      if (table[page] !== FREE) continue
      let free = 1
      while (free < count && table[page + free] === FREE) free++
      if (free < count) {
        if (free >= least && this.#next < 0) this.#next = page
        page += free // in use: go on behind it
        continue
      }
      // First, so that these pages are found by their owner's number even if this thread ends before it has them all.
      raise(this.#words, HIGH_WATER, page + count)
      for (let p = page; p < page + count; p++) {
        if (Atomics.compareExchange(table, p, FREE, owner) === FREE) continue
        for (let q = page; q < p; q++) Atomics.store(table, q, FREE)
        // Another thread was quicker. What is left before it may be a run.
        if (this.#next < 0) this.#next = page
        page = p
        continue scan
      }
      if (this.#next < 0) this.#next = page + count
      return page
    }
    return -1
  }

  /** Says that pages from this one on were given back. With free ones before it they may be a run. */
  #freed(page: number): void {
    Atomics.add(this.#words, FREES, 1)
    for (let c = 0; c < CLASSES; c++) lower(this.#words, FREE_HINTS + c, Math.max(1, page + 1 - (1 << c)))
  }
}

function raise(words: Int32Array, index: number, value: number): void {
  for (let seen = Atomics.load(words, index); seen < value; ) {
    const was = Atomics.compareExchange(words, index, seen, value)
    if (was === seen) return
    seen = was
  }
}

function lower(words: Int32Array, index: number, value: number): void {
  for (let seen = Atomics.load(words, index); seen > value; ) {
    const was = Atomics.compareExchange(words, index, seen, value)
    if (was === seen) return
    seen = was
  }
}
