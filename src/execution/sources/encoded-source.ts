import { Arena } from '../../memory/arena.js'
import { writeBlock } from '../../memory/block.js'
import type { Column } from '../../memory/column.js'
import type { Heap } from '../../memory/heap.js'
import type { InputPartition, OpenSource, RecordType, Source } from '../../plan/source.js'
import type { BlockStore, KeptBlocks } from '../block-store.js'

/** Where sources put their data. */
export interface SourceHome {
  heap: Heap
  blocks: BlockStore
}

/** Slice i of n records in k slices, as Scala's parallelize cuts: `[i*n/k, (i+1)*n/k)`. */
export function sliceBounds(i: number, n: number, k: number): [from: number, to: number] {
  return [Math.floor((i * n) / k), Math.floor(((i + 1) * n) / k)]
}

/** A source whose records are JavaScript values: encoded when a job first reads them, and kept. */
export abstract class EncodedSource implements Source {
  abstract readonly label: string
  abstract readonly recordType: RecordType
  protected readonly home: SourceHome
  readonly #slices: number
  #kept: KeptBlocks | undefined
  #encoding: Promise<void> | undefined

  constructor(home: SourceHome, slices: number) {
    this.home = home
    this.#slices = slices
  }

  partitionCount(): number {
    return this.#slices
  }

  /** Number of records. */
  abstract get length(): number

  /** Records `[from, to)` as a column in the arena. */
  protected abstract encode(arena: Arena, from: number, to: number): Promise<Column>

  async open(): Promise<OpenSource> {
    while (this.#kept === undefined || this.#kept.evicted) {
      this.#encoding ??= this.#encodeAll().finally(() => {
        this.#encoding = undefined
      })
      await this.#encoding
    }
    return this.home.blocks.open(this.#kept)
  }

  /** Gives up the encoded records. */
  drop(): void {
    if (this.#kept !== undefined) this.home.blocks.drop(this.#kept)
  }

  async #encodeAll(): Promise<void> {
    const arena = new Arena(this.home.heap)
    try {
      const partitions: InputPartition[] = []
      for (let i = 0; i < this.#slices; i++) {
        const [from, to] = sliceBounds(i, this.length, this.#slices)
        if (from === to) partitions.push({ kind: 'empty' })
        else partitions.push({ kind: 'block', offset: writeBlock(arena, await this.encode(arena, from, to)) })
      }
      this.#kept = this.home.blocks.keep(this, partitions, new Set([arena.owner]))
    } catch (error) {
      arena.free()
      throw error
    }
  }
}
