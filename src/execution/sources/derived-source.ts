import type { Node } from '../../plan/nodes.js'
import { type InputPartition, type OpenSource, type Source, UNKNOWN } from '../../plan/source.js'
import type { Engine } from '../engine.js'

/**
 * Records of a plan that is known only after a job of its own, as that of a sort after its sample. It is made anew for each
 * job that reads them; persist() keeps them.
 */
export class DerivedSource implements Source {
  readonly label: string
  readonly recordType = UNKNOWN
  readonly #engine: Engine
  readonly #parts: () => number
  readonly #make: () => Promise<Node>
  readonly typical: () => Node

  /**
   * @param make gives the plan, of as many partitions as `parts` says
   * @param typical one like it, for explain()
   */
  constructor(
    engine: Engine,
    label: string,
    parts: () => number,
    make: () => Promise<Node>,
    typical: () => Node,
  ) {
    this.#engine = engine
    this.label = label
    this.#parts = parts
    this.#make = make
    this.typical = typical
  }

  partitionCount(): number {
    return this.#parts()
  }

  plan(): Promise<Node> {
    return this.#make()
  }

  /** For a reader that cannot take the plan instead. */
  async open(): Promise<OpenSource> {
    const { blocks, release } = await this.#engine.run(await this.#make())
    const partitions = blocks.map(
      (offset): InputPartition => (offset === 0 ? { kind: 'empty' } : { kind: 'block', offset }),
    )
    return { partitions, release }
  }
}
