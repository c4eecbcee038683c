import { MillraceError } from '../core/errors.js'
import type { Files } from '../core/files.js'
import type { Kernels } from '../kernels/kernels.js'
import { Arena } from '../memory/arena.js'
import type { Column } from '../memory/column.js'
import type { Heap } from '../memory/heap.js'

/** Rows that go through a chain together: few enough to stay in the cache. */
export const CHUNK_ROWS = 16_384

/** How the functions of a task may run; anything but `auto` is for tests and for MILLRACE_VERIFY. */
export type Ways = 'auto' | 'fused' | 'generic'

/** What a thread needs to run tasks, whatever the task. */
export interface Thread {
  readonly heap: Heap
  readonly kernels: Kernels
  readonly files: Files
  /** The owner of scratch memory. */
  readonly scratchOwner: number
}

/**
 * One attempt of one task: where it allocates, what it counts, and whether it should go on. Its input is
 * immutable and its output belongs to the attempt, so that it can be run again.
 */
export class Task {
  readonly heap: Heap
  readonly kernels: Kernels
  readonly files: Files
  /** Memory of the result; freed by whoever consumes it. */
  readonly out: Arena
  readonly ways: Ways
  /** The task's number within its stage. */
  index = 0
  /** The partition's number in the RDD that the branch reads. */
  partition = 0
  /** The time of the batch that the job belongs to, epoch milliseconds; 0 without one. */
  time = 0
  /** The partition counts of the branches before this one, the nearest first. */
  countsBefore: readonly number[] = []
  /** Records read from sources. */
  rowsRead = 0
  /** About how many records the task will see, 0 if that is not known; for the sizes of tables. */
  expectedRows = 0
  /** Rows of the first chunk: fewer than the others', if few records are wanted. */
  firstRows = CHUNK_ROWS
  /** The only column that the task's input gives, if it lies in `out` already: a sink need not copy it. */
  complete: Column | undefined
  readonly #scratch: Arena[]
  readonly #owner: number
  #used = 0
  readonly #cancelled: () => boolean

  constructor(thread: Thread, scratch: Arena[], out: Arena, cancelled: () => boolean, ways: Ways) {
    this.heap = thread.heap
    this.kernels = thread.kernels
    this.files = thread.files
    this.out = out
    this.ways = ways
    this.#scratch = scratch
    this.#cancelled = cancelled
    this.#owner = thread.scratchOwner
  }

  /**
   * Scratch memory for one part of the task, which resets it when what it gave is no longer needed: usually at
   * each chunk. The thread keeps it for later tasks.
   */
  scratch(): Arena {
    const arena = (this.#scratch[this.#used] ??= new Arena(this.heap, this.#owner))
    this.#used++
    arena.reset()
    return arena
  }

  /**
   * Gives the rows of one chunk after the other. Where few records are wanted the first chunks are small, so that functions do
   * not run for many more.
   */
  chunkSizes(): () => number {
    let next = this.firstRows
    return () => {
      const rows = next
      next = Math.min(CHUNK_ROWS, rows * 2)
      return rows
    }
  }

  /** The partition's number in a union, of which so many branches come before this one. */
  partitionIn(branchesBefore: number): number {
    return this.countsBefore.slice(0, branchesBefore).reduce((n, count) => n + count, this.partition)
  }

  /** Called once a chunk. @throws when the job was given up */
  checkCancelled(): void {
    if (this.#cancelled()) throw new Cancelled()
  }
}

/** Ends a task whose job no longer needs it; never seen by users. */
export class Cancelled extends MillraceError {
  constructor() {
    super('MILLRACE_STOPPED', 'the task was cancelled')
  }
}
