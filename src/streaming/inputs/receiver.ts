import type { SourceHome } from '../../execution/sources/encoded-source.js'
import type { InputContext } from './input.js'
import { IterableInput } from './iterable.js'

/** What a receiver does when it is started and stopped. */
export interface Receiving {
  onStart(): void | Promise<void>
  onStop(): void | Promise<void>
}

/** A record, and what resolves when it has been taken. */
interface Stored {
  record: unknown
  taken(): void
}

/** Records on their way from a receiver to its stream, which takes one after the other while it has room. */
export class RecordQueue implements AsyncIterable<unknown> {
  #waiting: Stored[] = []
  /** How many of them have been taken. */
  #taken = 0
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

  /** Nothing more comes. */
  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  /** Nobody listens any more: nothing more comes, and what waits is dropped. */
  drop(): void {
    this.close()
    for (let next = this.#next(); next !== undefined; next = this.#next()) next.taken()
  }

  /** Takes the record that has waited longest. */
  #next(): Stored | undefined {
    if (this.#taken === this.#waiting.length) return undefined
    const next = this.#waiting[this.#taken++]
    // Array.shift would move all the others, every time.
    if (this.#taken * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#taken)
      this.#taken = 0
    }
    return next
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    for (;;) {
      const next = this.#next()
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
  /** Resolves when the latest onStop has ended. */
  #left: Promise<void> = Promise.resolve()
  state: 'new' | 'started' | 'paused' | 'stopped' = 'new'

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
    const context = this.#context
    if (context === undefined || this.state === 'stopped') return
    this.failed(error)
    this.#cancel?.()
    this.#cancel = context.clock.at(context.clock.now() + delayMs, () => this.#beginAgain(context))
    if (this.state === 'paused') return
    this.state = 'paused'
    this.#left = this.#hook('onStop').then(() => context.stopped())
  }

  failed(error: Error): void {
    this.#context?.failed(error)
  }

  /** Ends the receiver; what it has stored, on its way out as well, still becomes batches. */
  end(error: Error | undefined): void {
    if (this.state === 'stopped') return
    const began = this.state === 'started'
    this.state = 'stopped'
    this.#cancel?.()
    if (error !== undefined) this.failed(error)
    if (began) this.#left = this.#hook('onStop')
    void this.#left.then(() => this.#queue.close())
  }

  override stop(): Promise<void> {
    this.end(undefined)
    return this.stopWhenExhausted()
  }

  override drop(): void {
    this.#queue.drop()
    super.drop()
  }

  #begin(): void {
    this.state = 'started'
    void this.#hook('onStart')
  }

  async #beginAgain(context: InputContext): Promise<void> {
    await this.#left
    if (this.state !== 'paused') return
    context.started()
    this.#begin()
  }

  /** An error of a hook ends the receiver, and the context must answer for it. */
  #hook(name: 'onStart' | 'onStop'): Promise<void> {
    return (async () => this.#receiving[name]())().catch(error => {
      this.#context?.report(error)
      this.end(error)
    })
  }
}
