import { MillraceError } from '../../core/errors.js'
import type { KeptBlocks } from '../../execution/block-store.js'
import type { Engine } from '../../execution/engine.js'
import { type Node, sourceNode } from '../../plan/nodes.js'
import {
  type InputPartition,
  type OpenSource,
  type RecordType,
  type Source,
  UNKNOWN,
} from '../../plan/source.js'
import type { StateRule } from '../../plan/states.js'

/**
 * The state after one batch. It is computed once, when the batch first reads it, from the state before it; each step stays in
 * the heap, and is never given up for room, until the next one is computed and nobody asks for it any more. A step whose
 * function fails changes nothing: the next one goes on from the last good state, without the records of the failed batch.
 */
export class StateStep implements Source {
  readonly label = 'state'
  readonly recordType: RecordType = UNKNOWN
  readonly kept = true
  readonly #engine: Engine
  readonly #rule: StateRule
  readonly #batch: Node
  readonly #time: number
  /** The step before; undefined once this one does not need it any more. */
  #previous: StateStep | undefined
  #result: Promise<KeptBlocks> | undefined
  /** Kept open until the next step is there, so that they do not give way. */
  #pin: OpenSource | undefined
  #superseded = false
  #forgotten = false
  readonly node: Node = sourceNode(this)

  constructor(engine: Engine, rule: StateRule, previous: StateStep | undefined, batch: Node, time: number) {
    this.#engine = engine
    this.#rule = rule
    this.#previous = previous
    this.#batch = batch
    this.#time = time
  }

  get dividedInto(): number {
    return this.#rule.parts
  }

  partitionCount(): number {
    return this.#rule.parts
  }

  /** @throws MILLRACE_STATE when the batch is over: a job that reads the state then still reads it to its end */
  async open(): Promise<OpenSource> {
    const kept = await (this.#result ??= this.#compute())
    if (kept.evicted) {
      throw new MillraceError(
        'MILLRACE_STATE',
        `the state of batch ${this.#time} ms is gone: it lasts until the outputs of its batch are done. ` +
          'Await its actions inside foreachRDD, or keep what they give.',
      )
    }
    return this.#engine.blocks.open(kept)
  }

  /** Computes what no output has asked for. */
  async settle(): Promise<void> {
    await (this.#result ??= this.#compute())
  }

  /** Nobody asks for the state of this batch any more. */
  forget(): void {
    this.#forgotten = true
    this.#release()
  }

  /** No batch comes after this one. */
  end(): void {
    this.#superseded = true
    this.forget()
    this.#previous?.end()
    this.#previous = undefined
  }

  async #compute(): Promise<KeptBlocks> {
    const before = await this.#previous?.lastGood()
    const node = this.#rule.next(before, this.#batch)
    const { blocks, owners } = await this.#engine.run(node, undefined, { time: this.#time })
    const partitions = blocks.map(
      (offset): InputPartition => (offset === 0 ? { kind: 'empty' } : { kind: 'block', offset }),
    )
    const kept = this.#engine.blocks.keep(this, partitions, owners)
    this.#pin = this.#engine.blocks.open(kept)
    before?.supersede()
    this.#previous = undefined
    return kept
  }

  /** This step, or if it failed the last one before it that did not. */
  private async lastGood(): Promise<StateStep | undefined> {
    try {
      await (this.#result ??= this.#compute())
      return this
    } catch {
      return this.#previous?.lastGood()
    }
  }

  private supersede(): void {
    this.#superseded = true
    this.#release()
  }

  #release(): void {
    if (!this.#superseded || !this.#forgotten) return
    void this.#result
      ?.then(kept => {
        this.#engine.blocks.drop(kept)
        this.#pin?.release()
      })
      .catch(() => {})
  }
}
