import type { Node } from '../../plan/nodes.js'
import { partitionCount } from '../../plan/nodes.js'
import {
  type Computation,
  type InputPartition,
  type OpenSource,
  type RecordType,
  type Source,
  UNKNOWN,
} from '../../plan/source.js'
import { sinkOf } from '../../plan/stages.js'
import type { KeptBlocks } from '../block-store.js'
import type { Engine } from '../engine.js'
import { KeyIndexes } from './key-indexes.js'

/** A persisted RDD: computed when a job first reads it, then kept; computed again if its memory had to give way. */
export class StoredSource implements Source {
  readonly label: string
  readonly recordType: RecordType = UNKNOWN
  readonly byPlace?: true
  readonly kept = true
  readonly #engine: Engine
  readonly #node: Node
  readonly #indexes: KeyIndexes
  #kept: KeptBlocks | undefined
  #computing: Promise<void> | undefined

  /**
   * @param node the plan to keep the result of, without storage of its own
   * @param byPlace it is kept for reductions by key
   */
  constructor(engine: Engine, node: Node, label: string, byPlace = false) {
    this.#engine = engine
    this.#node = node
    this.label = label
    if (byPlace) this.byPlace = true
    this.#indexes = new KeyIndexes(engine)
  }

  partitionCount(): number {
    return partitionCount(this.#node)
  }

  async open(): Promise<OpenSource> {
    while (this.#kept === undefined || this.#kept.evicted) {
      this.#computing ??= this.#computeAlone().finally(() => {
        this.#computing = undefined
      })
      await this.#computing
    }
    return this.#engine.blocks.open(this.#kept)
  }

  async openIndexed(): Promise<OpenSource> {
    return this.#indexes.beside(await this.open())
  }

  missing(): Node | undefined {
    return this.#computing !== undefined || this.#kept?.evicted === false ? undefined : this.#node
  }

  compute(): Computation | undefined {
    if (this.missing() === undefined) return undefined
    let over!: () => void
    this.#computing = new Promise(resolve => {
      over = resolve
    })
    return {
      keep: (blocks, owners) => this.#keep(blocks, owners),
      end: () => {
        this.#computing = undefined
        over()
      },
    }
  }

  drop(): void {
    this.#indexes.drop()
    if (this.#kept !== undefined) this.#engine.blocks.drop(this.#kept)
  }

  async #computeAlone(): Promise<void> {
    const { blocks, owners } = await this.#engine.run(this.#node, sinkOf(this))
    this.#keep(blocks, owners)
  }

  #keep(blocks: readonly number[], owners: ReadonlySet<number>): void {
    const partitions = blocks.map(
      (offset): InputPartition => (offset === 0 ? { kind: 'empty' } : { kind: 'block', offset }),
    )
    this.#kept = this.#engine.blocks.keep(this, partitions, owners)
  }
}
