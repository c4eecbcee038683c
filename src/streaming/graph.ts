import { MillraceError } from '../core/errors.js'
import type { Engine } from '../execution/engine.js'
import { StoredSource } from '../execution/sources/stored-source.js'
import type { Node } from '../plan/nodes.js'
import type { InputStream } from './inputs/input.js'
import type { Stream } from './stream.js'

/** An output operation: what is done with each batch of a stream. */
export interface Output {
  id: number
  /** `pprint at app.js:12` */
  name: string
  stream: Stream
  run(node: Node, time: number): void | Promise<void>
  /** Told when no more batches will come, or they are not wanted: an output that waits for somebody gives up. */
  close?(): void
}

/** Why nothing may be added any more. */
type Phase = 'building' | 'started' | 'stopped'

/** All streams, inputs and outputs of one streaming context. */
export class StreamGraph {
  readonly engine: Engine
  readonly batchMs: number
  readonly parallelism: number
  readonly streams: Stream[] = []
  readonly inputs: InputStream[] = []
  readonly outputs: Output[] = []
  /** The batch grid: the batches are at zeroTime + batchMs, + 2 batchMs, … */
  zeroTime = 0
  /** The last batch that has been cut, and the last that is done. */
  cutTime = 0
  doneTime = 0
  phase: Phase = 'building'

  constructor(engine: Engine, batchMs: number, parallelism: number) {
    this.engine = engine
    this.batchMs = batchMs
    this.parallelism = parallelism
  }

  /** @throws MILLRACE_STATE after start or stop, in Spark's words */
  checkBuilding(): void {
    if (this.phase === 'building') return
    const when = this.phase === 'started' ? 'starting' : 'stopping'
    throw new MillraceError(
      'MILLRACE_STATE',
      `Adding new inputs, transformations, and output operations after ${when} a context is not supported`,
    )
  }

  add(stream: Stream): void {
    this.checkBuilding()
    this.streams.push(stream)
  }

  addInput(stream: InputStream): number {
    return this.inputs.push(stream) - 1
  }

  addOutput(output: Omit<Output, 'id'>): void {
    this.checkBuilding()
    this.outputs.push({ id: this.outputs.length, ...output })
  }

  closeOutputs(): void {
    for (const output of this.outputs) output.close?.()
  }

  /** No batch comes any more. */
  close(): void {
    this.closeOutputs()
    for (const stream of this.streams) stream.close()
  }

  /** The inputs that some output depends on; the others are never started. */
  usedInputs(): Set<Stream> {
    const used = new Set<Stream>()
    const visit = (stream: Stream): void => {
      if (used.has(stream)) return
      used.add(stream)
      stream.parents.forEach(visit)
    }
    for (const { stream } of this.outputs) visit(stream)
    return used
  }

  /** How long every stream remembers its batches at least; 0 if nobody asked for it. */
  rememberMs = 0

  /** Nothing is added from now on. */
  begin(): void {
    this.phase = 'started'
    for (const stream of this.streams) stream.remember(this.rememberMs)
  }

  /** The clock runs: the batches are those after `zeroTime`. */
  startAt(zeroTime: number): void {
    this.zeroTime = this.cutTime = this.doneTime = zeroTime
  }

  /**
   * Computes what later batches go on from, in the order in which streams depend on each other.
   *
   * @param shown false if the batch has no plans, so that no output has seen any of it
   */
  async settle(time: number, shown: boolean, report: (error: unknown) => void): Promise<void> {
    const used = this.usedInputs()
    for (const stream of this.streams) if (used.has(stream)) await stream.settle(time, shown).catch(report)
  }

  /** The batches up to `time` are done: what no later batch needs may go. */
  done(time: number): void {
    this.doneTime = time
    for (const stream of this.streams) stream.done(time)
  }

  /**
   * Keeps the records of a plan in the heap; false if somebody else keeps them already.
   *
   * @param byPlace they are kept for reductions by key
   */
  persist(node: Node, byPlace: boolean): boolean {
    if (node.storage !== undefined) return false
    node.storage = new StoredSource(this.engine, { ...node, storage: undefined }, 'persisted stream', byPlace)
    return true
  }

  unpersist(node: Node): void {
    ;(node.storage as StoredSource | undefined)?.drop()
    node.storage = undefined
  }
}
