import { isMillraceError } from '../../core/errors.js'
import { recordsAt } from '../../memory/placed.js'
import { sourceNode } from '../../plan/nodes.js'
import { type InputPartition, type OpenSource, UNKNOWN } from '../../plan/source.js'
import type { KeptBlocks } from '../block-store.js'
import type { Engine } from '../engine.js'

/** With fewer records, a look at all of them is as quick. */
const FEWEST_RECORDS = 20_000

/** Indexes of the keys of a persisted RDD: made when a job looks for keys in it for the second time, and kept beside it. */
export class KeyIndexes {
  readonly #engine: Engine
  /** The records that have been looked at once. */
  #of: OpenSource['partitions'] | undefined
  #kept: KeptBlocks | undefined
  #making: Promise<void> | undefined

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** @param records that are open; they are closed with what is returned */
  async beside(records: OpenSource): Promise<OpenSource> {
    try {
      if (this.#of !== records.partitions) {
        this.drop()
        this.#of = records.partitions
        return records
      }
      if (this.#rows(records) < FEWEST_RECORDS) return records
      if (this.#kept === undefined || this.#kept.evicted) {
        this.#making ??= this.#make(records.partitions).finally(() => {
          this.#making = undefined
        })
        await this.#making
      }
      // What was made may be of records that have given way, or be gone already.
      if (this.#kept === undefined || this.#kept.evicted || this.#of !== records.partitions) return records
      const indexes = this.#engine.blocks.open(this.#kept)
      return {
        partitions: records.partitions.map((partition, p) => indexed(partition, indexes.partitions[p]!)),
        release() {
          indexes.release()
          records.release()
        },
      }
    } catch (error) {
      if (isMillraceError(error) && error.code === 'MILLRACE_HEAP_FULL') return records
      records.release()
      throw error
    }
  }

  drop(): void {
    this.#of = undefined
    if (this.#kept !== undefined) this.#engine.blocks.drop(this.#kept)
    this.#kept = undefined
  }

  async #make(partitions: InputPartition[]): Promise<void> {
    const source = {
      label: 'persisted records',
      recordType: UNKNOWN,
      partitionCount: () => partitions.length,
      open: () => Promise.resolve({ partitions, release: () => {} }),
    }
    const { blocks, owners, release } = await this.#engine.run(sourceNode(source), { kind: 'index' })
    if (this.#of !== partitions) return release()
    const indexes = blocks.map((offset): InputPartition => ({ kind: 'block', offset }))
    this.#kept = this.#engine.blocks.keep(this, indexes, owners)
  }

  #rows({ partitions }: OpenSource): number {
    const { heap } = this.#engine
    return partitions.reduce(
      (n, partition) => n + (partition.kind === 'block' ? recordsAt(heap, partition.offset).length : 0),
      0,
    )
  }
}

function indexed(partition: InputPartition, index: InputPartition): InputPartition {
  return partition.kind === 'block' && index.kind === 'block'
    ? { ...partition, index: index.offset }
    : partition
}
