import type { Clock } from '../core/clock.js'
import { MillraceError } from '../core/errors.js'
import type { StreamGraph } from './graph.js'
import type { InputStream } from './inputs/input.js'
import { BatchScope } from './inside-batch.js'
import { type BatchContext, runBatch } from './job.js'
import { errorText, type ListenerBus, type ReceiverInfo } from './listener.js'
import { Scheduler } from './scheduler.js'

export interface StopOptions {
  /** Finish what was accepted, rather than drop what has not begun. */
  gracefully: boolean
  /** Milliseconds before a stop gives up waiting; undefined: as long as it takes. */
  timeout: number | undefined
}

/** How long an immediate stop waits for the batch that is running. */
const PATIENCE_MS = 2000

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
  /** Somebody was told of the error. */
  #heard = false
  #over = false
  #finished: Promise<void> | undefined
  #inputsStopped: Promise<unknown> | undefined
  readonly #wake = new Set<() => void>()

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
        this.#checkNotStopped()
        this.#started.push(stream)
        await stream.input.start?.(this.#inputContext(stream))
      }
      this.#checkNotStopped()
    } catch (error) {
      this.#drop()
      await this.#stopInputs()
      throw error
    }
    this.#graph.startAt(this.#scheduler.start())
    this.#listeners.emit('onStreamingStarted', { time: this.#clock.now() })
  }

  /** Ends the session; see StreamingContext.stop. Resolves when every batch is done, or the time for that is over. */
  async stop({ gracefully, timeout }: StopOptions): Promise<void> {
    this.#scheduler.stop()
    if (!gracefully || !this.#scheduler.hasStarted) this.#drop()
    const done = (this.#finished ??= this.#finish())
    const limit = timeout ?? (gracefully ? undefined : PATIENCE_MS)
    if (limit === undefined) await done
    else if (!(await this.#within(limit, done)) && gracefully) {
      process.emitWarning(
        `a graceful stop has waited for ${limit} ms, and drops what is left`,
        'MillraceWarning',
      )
      this.#drop()
    }
  }

  /**
   * Resolves true when the session is over, false after `timeout` milliseconds.
   *
   * @throws the first error reported; MILLRACE_STATE if the process would end while it waits, as nothing was started
   */
  async over(timeout?: number): Promise<boolean> {
    if (!this.#over && this.#error === undefined) {
      let cancel: (() => void) | undefined
      let wake!: () => void
      let unstarted!: () => void
      try {
        await new Promise<void>((resolve, reject) => {
          wake = resolve
          unstarted = () => this.#graph.phase === 'building' && reject(neverStarted())
          this.#wake.add(wake)
          process.on('beforeExit', unstarted)
          if (timeout !== undefined) cancel = this.#clock.at(this.#clock.now() + timeout, resolve)
        })
      } finally {
        this.#wake.delete(wake)
        process.off('beforeExit', unstarted)
        cancel?.()
      }
    }
    if (this.#error !== undefined) {
      this.#heard = true
      throw this.#error
    }
    return this.#over
  }

  #checkNotStopped(): void {
    if (this.#finished !== undefined || this.#over)
      throw new MillraceError('MILLRACE_STOPPED', 'the StreamingContext was stopped while it was starting')
  }

  /** What has not begun is not wanted any more. */
  #drop(): void {
    this.#cancelled = true
    void this.#stopInputs()
    for (const { input } of this.#started) input.drop?.()
    this.#graph.closeOutputs()
  }

  async #finish(): Promise<void> {
    if (!this.#cancelled) this.#scheduler.catchUp()
    await this.#stopInputs()
    await this.#drained()
    while (!this.#cancelled && (await this.#pending())) await this.#scheduler.tickNow()
    await this.#drained()
    this.#graph.done(Number.POSITIVE_INFINITY)
    for (const { input } of this.#started) input.close?.()
  }

  /** False if the time is over first. */
  async #within(ms: number, done: Promise<void>): Promise<boolean> {
    let cancel: (() => void) | undefined
    const late = new Promise<boolean>(resolve => {
      cancel = this.#clock.at(this.#clock.now() + ms, () => resolve(false))
    })
    const inTime = await Promise.race([done.then(() => true), late])
    cancel?.()
    return inTime
  }

  /** Resolves when no batch is left. */
  async #drained(): Promise<void> {
    while (this.#batches.size > 0) await Promise.all(this.#batches)
  }

  /** True if an input has accepted what no batch has yet. */
  async #pending(): Promise<boolean> {
    const pending = await Promise.all(this.#started.map(({ input }) => input.pending?.()))
    return !this.#cancelled && pending.includes(true)
  }

  /** Batches are cut one after the other, at their ticks, and run one after the other, when their turn comes. */
  #runBatch(time: number): Promise<void> {
    this.#tellOfError()
    const before = this.#cutting
    let isCut!: () => void
    this.#cutting = new Promise(resolve => {
      isCut = resolve
    })
    const inTurn = (rest: () => Promise<void>): Promise<void> => {
      isCut()
      const turn = this.#queue.then(() => BatchScope.run(this.#graph, rest))
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

  /** Stops all inputs, now; resolves when each has said its last word. */
  #stopInputs(): Promise<unknown> {
    this.#inputsStopped ??= Promise.all(
      this.#started.map(async ({ input }) => {
        try {
          await input.stop?.()
        } catch (error) {
          this.#report(error as Error)
        }
      }),
    )
    return this.#inputsStopped
  }

  #inputContext({ streamId, input }: InputStream): Parameters<NonNullable<InputStream['input']['start']>>[0] {
    const info: ReceiverInfo = {
      streamId,
      name: input.name,
      active: true,
      location: 'localhost',
      executorId: 'driver',
      lastErrorMessage: '',
      lastError: '',
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
        info.lastError = error.cause === undefined ? '' : errorText(error.cause)
        info.lastErrorTime = this.#clock.now()
        tell('onReceiverError')
      },
      stopped: () => {
        if (!info.active) return
        info.active = false
        tell('onReceiverStopped')
      },
      report: error => this.#report(error),
    }
  }

  /** An error that nobody waits for, and no listener hears of, would stay unknown for as long as the context runs. */
  #tellOfError(): void {
    if (this.#error === undefined || this.#heard || !this.#listeners.empty) return
    this.#heard = true
    process.emitWarning(
      `Nobody waits in awaitTermination(), and no StreamingListener was added, to hear of this error: ${this.#error.message}`,
      'MillraceWarning',
    )
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
    for (const wake of this.#wake) wake()
  }
}

function neverStarted(): MillraceError {
  return new MillraceError(
    'MILLRACE_STATE',
    'awaitTermination() waits for a StreamingContext that was not started, and nothing is left to run that could start it. Write `await ssc.start()` before it.',
  )
}
