import { isMillraceError } from '../core/errors.js'
import type { Heap } from '../memory/heap.js'
import type { InputPartition, OpenSource } from '../plan/source.js'

/** Partitions that lie in the heap and can be made again if they must give way. */
export interface KeptBlocks {
  partitions: InputPartition[]
  /** Owners of the memory. */
  owners: ReadonlySet<number>
  /** Jobs that are reading them. */
  users: number
  evicted: boolean
}

/**
 * The data that sources have put into the heap: encoded lists, kept RDDs. They go when their source is collected as
 * garbage or gives them up, and give way, those that nobody reads, when the heap is full.
 */
export class BlockStore {
  readonly #heap: Heap
  readonly #kept = new Set<KeptBlocks>()
  /** Owners of what was dropped: their memory goes in one pass over the heap's table, soon. */
  #dropped = new Set<number>()
  readonly #registry = new FinalizationRegistry<KeptBlocks>(kept => this.drop(kept))

  constructor(heap: Heap) {
    this.#heap = heap
  }

  /** @param source what the blocks belong to */
  keep(source: object, partitions: InputPartition[], owners: ReadonlySet<number>): KeptBlocks {
    const kept: KeptBlocks = { partitions, owners, users: 0, evicted: false }
    this.#kept.add(kept)
    this.#registry.register(source, kept, kept)
    return kept
  }

  /** Opens blocks for a job. */
  open(kept: KeptBlocks): OpenSource {
    kept.users++
    let open = true
    return {
      partitions: kept.partitions,
      release: () => {
        if (!open) return
        open = false
        if (--kept.users === 0 && kept.evicted) this.#free(kept)
      },
    }
  }

  /** Gives blocks up; if a job is reading them, when it is done. */
  drop(kept: KeptBlocks): void {
    if (kept.evicted) return
    kept.evicted = true
    this.#registry.unregister(kept)
    if (kept.users === 0) this.#free(kept)
  }

  /** What `allocate` gives; if the heap is full, once more after dropping what can be made again. */
  makingRoom<T>(allocate: () => T): T {
    try {
      return allocate()
    } catch (error) {
      if (!isMillraceError(error) || error.code !== 'MILLRACE_HEAP_FULL' || !this.evict()) throw error
      return allocate()
    }
  }

  /** Drops all blocks that nobody is reading. @returns false if there were none */
  evict(): boolean {
    const idle = [...this.#kept].filter(k => k.users === 0)
    for (const kept of idle) this.drop(kept)
    this.sweep()
    return idle.length > 0
  }

  /** Gives back at once what was dropped. */
  sweep(): void {
    if (this.#dropped.size === 0) return
    const owners = this.#dropped
    this.#dropped = new Set()
    this.#heap.freeOwners(owners)
  }

  #free(kept: KeptBlocks): void {
    this.#kept.delete(kept)
    if (this.#dropped.size === 0) queueMicrotask(() => this.sweep())
    for (const owner of kept.owners) this.#dropped.add(owner)
  }
}
