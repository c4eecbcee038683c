import type { Clock } from '../../core/clock.js'
import type { SourceHome } from '../../execution/sources/encoded-source.js'
import type { InputContext } from './input.js'
import { IterableInput } from './iterable.js'

/** What a receiver does when it is started and stopped. */
export interface Receiving {
  onStart(): void | Promise<void>
  onStop(): void | Promise<void>
}

/** Records on their way from a receiver to its stream, which takes one after the other while it has room. */
export class RecordQueue implements AsyncIterable<unknown> {
  readonly #waiting: { record: unknown; taken: () => void }[] = []
  #closed = false
  #wake: (() => void) | undefined

  /** Resolves when the stream has taken the record; it is dropped when nobody listens any more. */
  push(record: unknown): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise(taken => {
      this.#waiting.push({ record, taken })
      this.#wake?.()
    })
  }

  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) {
        next.taken()
        yield next.record
      } else if (this.#closed) return
      else
        await new Promise<void>(resolve => {
          this.#wake = resolve
        })
    }
  }
}

/** receiverStream: what a receiver of the user's stores. */
export class ReceiverInput extends IterableInput {
  readonly #receiving: Receiving
  readonly #queue: RecordQueue
  #context: InputContext | undefined
  #cancel: (() => void) | undefined
  state: 'new' | 'started' | 'stopped' = 'new'

  constructor(name: string, receiving: Receiving, queue: RecordQueue, home: SourceHome, parallelism: number) {
    super(queue, { name }, home, parallelism)
    this.#receiving = receiving
    this.#queue = queue
  }

  override start(context: InputContext): void {
    this.#context = context
    super.start(context)
    this.#begin()
  }

  /** Stops and, after a while, begins again. */
  restart(error: Error, delayMs: number): void {
    const clock: Clock | undefined = this.#context?.clock
    if (clock === undefined || this.state === 'stopped') return
    this.failed(error)
    this.#cancel?.()
    this.#cancel = clock.at(clock.now() + delayMs, () => this.#begin())
    this.#hook('onStop')
  }

  failed(error: Error): void {
    this.#context?.failed(error)
  }

  /** Ends the receiver; what it has stored still becomes batches. */
  end(error: Error | undefined): void {
    if (this.state === 'stopped') return
    const began = this.state === 'started'
    this.state = 'stopped'
    this.#cancel?.()
    if (error !== undefined) this.failed(error)
    if (began) this.#hook('onStop')
    this.#queue.close()
  }

  override async stop(): Promise<void> {
    this.end(undefined)
    await super.stop()
  }

  #begin(): void {
    if (this.state === 'stopped') return
    this.state = 'started'
    this.#hook('onStart')
  }

  /** An error of a hook ends the receiver, and the context must answer for it. */
  #hook(name: 'onStart' | 'onStop'): void {
    void (async () => this.#receiving[name]())().catch(error => {
      this.#context?.report(error)
      this.end(error)
    })
  }
}
