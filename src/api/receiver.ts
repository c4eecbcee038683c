import { type Duration, milliseconds } from '../core/durations.js'
import { MillraceError } from '../core/errors.js'
import type { Engine } from '../execution/engine.js'
import { ReceiverInput, RecordQueue } from '../streaming/inputs/receiver.js'

/** Makes the input of a receiver, for StreamingContext. */
export const INPUT: unique symbol = Symbol('input')

/**
 * A source of one's own: what it stores are the records of a stream. Spark's Receiver, on the driver's thread. Where the
 * source is iterable, `ssc.from(source)` is simpler.
 *
 * @example
 * class Messages extends Receiver<string> {
 *   onStart() {
 *     client.on('message', text => this.store(text))
 *     client.on('close', () => this.restart('connection lost'))
 *   }
 *   onStop() {
 *     client.removeAllListeners()
 *   }
 * }
 * ssc.receiverStream(new Messages()).count().pprint()
 */
export abstract class Receiver<T> {
  readonly #queue = new RecordQueue()
  #input: ReceiverInput | undefined
  /** Only in the type. */
  declare protected readonly recordType: T

  /** Begins to receive; called when the context starts, and after {@link restart}. */
  abstract onStart(): void | Promise<void>
  /** Ends all that {@link onStart} began. A graceful stop waits for it, and processes what it stores meanwhile. */
  abstract onStop(): void | Promise<void>

  /**
   * Adds a record to the stream. Resolves when it has been taken: a receiver that waits for it is held back while batches lag
   * behind, and one that does not keeps what it stores in memory meanwhile. When nobody listens any more it is dropped.
   */
  store(record: T): Promise<void> {
    return this.#queue.push(record)
  }

  /** Adds records, one after the other; see {@link store}. */
  async storeAll(records: Iterable<T>): Promise<void> {
    await Promise.all(Array.from(records, record => this.#queue.push(record)))
  }

  /** Tells listeners of trouble; receiving goes on. */
  reportError(message: string, cause?: unknown): void {
    this.#input?.failed(troubled(message, cause))
  }

  /** Stops, tells listeners why, and starts again after a while, when {@link onStop} has ended. */
  restart(message: string, cause?: unknown, delay: Duration = '2s'): void {
    this.#input?.restart(troubled(message, cause), milliseconds(delay, 'the delay of restart'))
  }

  /** Receives no more. With a cause, listeners hear of it. */
  stop(message: string, cause?: unknown): void {
    this.#input?.end(cause === undefined ? undefined : troubled(message, cause))
  }

  isStarted(): boolean {
    return this.#input?.state === 'started'
  }

  isStopped(): boolean {
    return this.#input?.state === 'stopped'
  }

  [INPUT](engine: Engine, parallelism: number): ReceiverInput {
    if (this.#input !== undefined)
      throw new MillraceError('MILLRACE_STATE', 'a Receiver is for one stream: make another for another one.')
    const name = this.constructor.name || 'receiverStream'
    this.#input = new ReceiverInput(name, this, this.#queue, engine, parallelism)
    return this.#input
  }
}

const troubled = (message: string, cause: unknown): Error => new Error(message, { cause })
