import { MillraceError } from '../../core/errors.js'
import type { Node } from '../../plan/nodes.js'
import { type InputPartition, type OpenSource, type Source, UNKNOWN } from '../../plan/source.js'
import type { Engine } from '../engine.js'

/** A plan, and the numbers that its functions ask for; see JOB. */
export interface PinnedPlan {
  node: Node
  numbers: Readonly<Record<string, number>>
}

/**
 * Records that are computed once, when they are first read, from a plan that is made only then; and kept until they are
 * dropped. They do not give way when the heap is full, because what they were made of may be gone. For the same reason the
 * plan is let go as soon as it has run: the state of a batch must not hold on to those of all batches before it. If they
 * cannot be computed they never are: who reads them later, if only the end of the batch, is told the same as who was first.
 */
export class PinnedSource implements Source {
  readonly label: string
  readonly recordType = UNKNOWN
  readonly kept = true
  readonly #engine: Engine
  readonly #parts: number
  #make: (() => Promise<PinnedPlan>) | undefined
  #computing: Promise<void> | undefined
  #opened: { open(): OpenSource; drop(): void } | undefined
  #dropped = false

  /** @param make gives the plan, of `parts` partitions */
  constructor(engine: Engine, label: string, parts: number, make: () => Promise<PinnedPlan>) {
    this.#engine = engine
    this.label = label
    this.#parts = parts
    this.#make = make
  }

  partitionCount(): number {
    return this.#parts
  }

  async open(): Promise<OpenSource> {
    while (this.#opened === undefined) {
      if (this.#dropped)
        throw new MillraceError(
          'MILLRACE_STATE',
          `${this.label} of a batch that is over are gone. Await actions inside foreachRDD, or keep what they give.`,
        )
      await (this.#computing ??= this.#compute())
    }
    return this.#opened.open()
  }

  /** Gives the records up; a job that is reading them still reads them to their end. */
  drop(): void {
    this.#dropped = true
    this.#make = undefined
    this.#opened?.drop()
    this.#opened = undefined
  }

  async #compute(): Promise<void> {
    const { node, numbers } = await this.#make!()
    const { blocks, owners } = await this.#engine.run(node, undefined, { numbers })
    const partitions = blocks.map(
      (offset): InputPartition => (offset === 0 ? { kind: 'empty' } : { kind: 'block', offset }),
    )
    const store = this.#engine.blocks
    const kept = store.keep(this, partitions, owners)
    // As long as somebody has them open, they do not give way.
    const pin = store.open(kept)
    const drop = (): void => {
      store.drop(kept)
      pin.release()
    }
    if (this.#dropped) drop()
    else this.#opened = { open: () => store.open(kept), drop }
    this.#make = undefined
  }
}
