import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../core/clock.js'
import { MillraceError } from '../core/errors.js'
import type { StreamGraph } from './graph.js'
import type { InputStream } from './inputs/input.js'
import { type BatchContext, runBatch } from './job.js'
import type { ListenerBus, ReceiverInfo } from './listener.js'
import { Scheduler } from './scheduler.js'

export interface StopOptions {
  /** Finish what was accepted, rather than drop what has not begun. */
  gracefully: boolean
  /** Milliseconds before a stop gives up waiting; undefined: as long as it takes. */
  timeout: number | undefined
}

/** How long an immediate stop waits for the batch that is running. */
const PATIENCE_MS = 2000

/** Set while the outputs of a batch run, so that a stop called by one of them does not wait for itself. */
const insideBatch = new AsyncLocalStorage<{ session: Session; running: boolean }>()

/** One run of a streaming context: from start to stop. */
export class Session {
  readonly #graph: StreamGraph
  readonly #clock: Clock
  readonly #listeners: ListenerBus
  readonly #scheduler: Scheduler
  readonly #context: BatchContext
  readonly #started: InputStream[] = []
  /** The batch whose turn comes last. */
  #queue: Promise<void> = Promise.resolve()
  /** The batch that is being cut. */
  #cutting: Promise<void> = Promise.resolve()
  readonly #batches = new Set<Promise<void>>()
  #cancelled = false
  #error: Error | undefined
  #over = false
  #finished: Promise<void> | undefined
  #wake: (() => void)[] = []

  constructor(graph: StreamGraph, clock: Clock, listeners: ListenerBus) {
    this.#graph = graph
    this.#clock = clock
    this.#listeners = listeners
    this.#scheduler = new Scheduler(clock, graph.batchMs, time => this.#runBatch(time))
    this.#context = {
      graph,
      listeners,
      now: () => clock.now(),
      report: error => this.#report(error),
      cancelled: () => this.#cancelled,
    }
  }

  /** Starts inputs and clock. @throws what an input throws; everything is stopped again */
  async start(): Promise<void> {
    const used = this.#graph.usedInputs()
    try {
      for (const stream of this.#graph.inputs) {
        if (!used.has(stream)) continue
        this.#checkNotOver()
        this.#started.push(stream)
        await stream.input.start?.(this.#inputContext(stream))
      }
      this.#checkNotOver()
    } catch (error) {
      await this.#stopInputs()
      this.end()
      throw error
    }
    this.#graph.zeroTime = this.#scheduler.start()
    this.#listeners.emit('onStreamingStarted', { time: this.#clock.now() })
  }

  /** Ends the session; see StreamingContext.stop. */
  async stop({ gracefully, timeout }: StopOptions): Promise<void> {
    this.#scheduler.stop()
    const done = (this.#finished ??= this.#finish(gracefully))
    if (this.isInsideBatch) return // the batch that calls cannot wait for itself
    const limit = timeout ?? (gracefully ? undefined : PATIENCE_MS)
    await (limit === undefined ? done : this.#atMost(limit, done))
    this.end()
  }

  /** True if a batch of this session is what calls. */
  get isInsideBatch(): boolean {
    const store = insideBatch.getStore()
    return store?.session === this && store.running
  }

  /** Resolves when every batch is done and the inputs have given back their memory. */
  get finished(): Promise<void> {
    return this.#finished ?? Promise.resolve()
  }

  /** Resolves true when the session is over, false after `timeout` milliseconds. @throws the first error reported */
  async over(timeout?: number): Promise<boolean> {
    let cancel: (() => void) | undefined
    if (!this.#over && this.#error === undefined) {
      await new Promise<void>(resolve => {
        this.#wake.push(resolve)
        if (timeout !== undefined) cancel = this.#clock.at(this.#clock.now() + timeout, resolve)
      })
      cancel?.()
    }
    if (this.#error !== undefined) throw this.#error
    return this.#over
  }

  #checkNotOver(): void {
    if (this.#over)
      throw new MillraceError('MILLRACE_STOPPED', 'the StreamingContext was stopped while it was starting')
  }

  async #finish(gracefully: boolean): Promise<void> {
    this.#cancelled = !gracefully
    if (gracefully) this.#scheduler.catchUp()
    await this.#stopInputs()
    if (gracefully && this.#started.some(s => s.input.pending?.())) void this.#scheduler.tickNow()
    await this.#drained()
    this.#graph.forget(Number.POSITIVE_INFINITY)
    for (const { input } of this.#started) input.close?.()
    this.end()
  }

  async #atMost(ms: number, done: Promise<void>): Promise<void> {
    let cancel: (() => void) | undefined
    const late = new Promise<void>(resolve => {
      cancel = this.#clock.at(this.#clock.now() + ms, resolve)
    })
    await Promise.race([done, late])
    cancel?.()
  }

  /** Resolves when no batch is left. */
  async #drained(): Promise<void> {
    while (this.#batches.size > 0) await Promise.all(this.#batches)
  }

  /** Batches are cut one after the other, at their ticks, and run one after the other, when their turn comes. */
  #runBatch(time: number): Promise<void> {
    const before = this.#cutting
    let isCut!: () => void
    this.#cutting = new Promise(resolve => {
      isCut = resolve
    })
    const inTurn = (rest: () => Promise<void>): Promise<void> => {
      isCut()
      const turn = this.#queue.then(() => {
        // What the batch leaves behind, a timer for instance, is not inside it any more.
        const inside = { session: this, running: true }
        return insideBatch.run(inside, rest).finally(() => {
          inside.running = false
        })
      })
      this.#queue = turn.catch(() => {})
      return turn
    }
    const batch = before
      .then(() => runBatch(time, this.#context, inTurn))
      .catch(error => this.#report(error as Error))
      .finally(() => {
        isCut()
        this.#batches.delete(batch)
      })
    this.#batches.add(batch)
    return batch
  }

  async #stopInputs(): Promise<void> {
    for (const { input } of this.#started) {
      try {
        await input.stop?.()
      } catch (error) {
        this.#report(error as Error)
      }
    }
  }

  #inputContext({ streamId, input }: InputStream): Parameters<NonNullable<InputStream['input']['start']>>[0] {
    const info: ReceiverInfo = {
      streamId,
      name: input.name,
      active: true,
      lastErrorMessage: '',
      lastErrorTime: -1,
    }
    const tell = (method: 'onReceiverStarted' | 'onReceiverError' | 'onReceiverStopped'): void =>
      this.#listeners.emit(method, { receiverInfo: { ...info } })
    return {
      clock: this.#clock,
      streamId,
      started: () => {
        info.active = true
        tell('onReceiverStarted')
      },
      failed: error => {
        info.lastErrorMessage = error.message
        info.lastErrorTime = this.#clock.now()
        tell('onReceiverError')
      },
      stopped: () => {
        info.active = false
        tell('onReceiverStopped')
      },
      report: error => this.#report(error),
    }
  }

  #report(error: Error): void {
    if (this.#cancelled && (error as MillraceError).code === 'MILLRACE_STOPPED') return
    this.#error ??= error
    this.#wakeAll()
  }

  /** Says that there will be no more batches. */
  end(): void {
    this.#over = true
    this.#wakeAll()
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }
}
