import type { Clock } from '../../core/clock.js'
import { type Node, sourceNode } from '../../plan/nodes.js'
import { type RecordType, UNKNOWN } from '../../plan/source.js'
import type { StreamGraph } from '../graph.js'
import { Stream } from '../stream.js'

/** What an input is given when the context starts. */
export interface InputContext {
  clock: Clock
  streamId: number
  /** A source has begun, has had trouble, has ended; for listeners. A source may begin again. */
  started(): void
  failed(error: Error): void
  stopped(): void
  /** An error that the whole context must answer for: `awaitTermination` rejects with it. */
  report(error: Error): void
}

/**
 * Where records come from. All calls come from the driver.
 *
 * - `start` is called once, before the first tick; it must not wait for data.
 * - `allocate` is called at every tick, in order, also for batches that no output asks for: what has come since the last
 *   tick belongs to this batch. It may be async, and the batch waits for it.
 * - `compute` gives the plan of a batch. It is called at most once for a batch, after its `allocate`, and only if an output
 *   needs it.
 * - `pending` tells, after `stop`, whether records were accepted that no batch has yet; a graceful stop makes batches of them
 *   until there are none. It waits for records that are still on their way into the heap and find room there.
 * - `done` says that the outputs of batches up to a time are done: they do not hold back senders any more.
 * - `forget` says that nobody will ask for batches up to a time any more: their memory may go.
 * - `stop` ends receiving: of what comes from outside afterwards, nothing is accepted. It is called at most once, and waits
 *   for a source that has to say a last word, but not for room: that comes with the batches after it.
 * - `drop` says that nothing is wanted any more that no batch has: `stop` and `pending` have nothing to wait for.
 * - `close` comes last, when no batch will be made any more: what is left may go.
 */
export interface Input {
  /** For listeners and explain(). */
  readonly name: string
  /** What the records are, as far as it is known. */
  readonly recordType?: RecordType
  /** The plans that it has given can be run after `forget`, too. */
  readonly lasting?: boolean
  start?(context: InputContext): void | Promise<void>
  allocate?(time: number): void | Promise<void>
  compute(time: number): Node
  pending?(): boolean | Promise<boolean>
  done?(time: number): void
  forget?(time: number): void
  stop?(): void | Promise<void>
  drop?(): void
  close?(): void
  /** Records of a batch; undefined if that is not known (yet). */
  recordsAt?(time: number): number | undefined
  /** Told how many records a batch had, where the input could not know. */
  counted?(time: number, records: number): void
  /** What is known about a batch's input, for listeners, and a few words about it. */
  metadata?(time: number): Record<string, unknown>
  describe?(time: number): string | undefined
}

/** The stream of an input. */
export class InputStream extends Stream {
  readonly input: Input
  readonly streamId: number

  constructor(graph: StreamGraph, input: Input) {
    super(graph, [])
    this.input = input
    this.streamId = graph.addInput(this)
  }

  protected compute(time: number): Node {
    if (time <= this.graph.doneTime - this.kept) throw this.forgotten(time)
    return this.input.compute(time)
  }

  protected override lasts(): boolean {
    return this.input.lasting === true
  }

  typical(): Node {
    const { name: label, recordType = UNKNOWN } = this.input
    return sourceNode({
      label,
      recordType,
      partitionCount: () => 0,
      open: () => Promise.reject(new Error('only for explain()')),
    })
  }

  override done(time: number): void {
    super.done(time)
    if (this.kept > 0) this.input.done?.(time)
    this.input.forget?.(time - this.kept)
  }
}
