import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { MillraceError } from '../core/errors.js'
import type { NativeMode } from '../kernels/load.js'
import type { Heap } from '../memory/heap.js'
import type { WorkerStart } from '../worker/entry.js'
import type { DriverMessage } from '../worker/loop.js'

export interface PoolOptions {
  heap: Heap
  threads: number
  native: NativeMode
  /** What a new worker must be told before its first job. */
  greeting: () => DriverMessage[]
  /** A worker's thread has ended; nothing of it touches the heap any more. */
  onLost: (worker: number) => void
}

interface Member {
  port: MessagePort
  /** Ends the thread. */
  abort: AbortController
  ended: Promise<void>
}

/** Give up when workers die this often without ever getting ready. */
const START_ATTEMPTS = 3

/**
 * The worker threads. Piscina creates, limits and replaces them; each runs one task of ours for its whole life, so that
 * Piscina's queue, whose limits and order cannot be relied on, is never in the way.
 */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #piscina: Piscina<WorkerStart, void>
  readonly #members: (Member | undefined)[] = []
  #stopping = false
  #failure: MillraceError | undefined
  readonly #starting: Promise<void>[] = []

  constructor(options: PoolOptions) {
    this.#options = options
    this.#piscina = new Piscina({
      filename: new URL('../worker/entry.js', import.meta.url).href,
      minThreads: options.threads,
      maxThreads: options.threads,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      atomics: 'disabled',
      recordTiming: false,
      // A large young generation lets a worker out of memory take the whole process with it (nodejs/node#47224).
      resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 2048 },
    })
    for (let number = 0; number < options.threads; number++) this.#starting.push(this.#start(number, 1))
  }

  get size(): number {
    return this.#options.threads
  }

  /** Resolves when every worker is ready. @throws MILLRACE_WORKER */
  async ready(): Promise<void> {
    await Promise.all(this.#starting)
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Tells all workers something; they hear it before the next job that is published. */
  send(message: DriverMessage): void {
    for (const member of this.#members) member?.port.postMessage(message)
  }

  /** Ends a worker's thread, wherever it is, and resolves when it has ended; a new one takes its place. */
  async kill(worker: number): Promise<void> {
    const member = this.#members[worker]
    if (member === undefined) return
    member.abort.abort()
    await member.ended
  }

  /** From now on a thread that ends is not replaced. */
  retire(): void {
    this.#stopping = true
  }

  /** Ends all threads. Those that sleep must have been told by the control block. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all(this.#members.map(member => member?.ended))
    await this.#piscina.destroy()
  }

  /** Ends all threads at once, whatever they do. */
  async destroy(): Promise<void> {
    this.#stopping = true
    await this.#piscina.destroy()
    await Promise.all(this.#members.map(member => member?.ended))
  }

  /** Starts a worker and resolves when it is ready or has failed for good. */
  #start(number: number, attempt: number): Promise<void> {
    const { heap, native, greeting } = this.#options
    const channel = new MessageChannel()
    const port = channel.port1
    const abort = new AbortController()
    const scratchOwner = heap.newOwner()
    let isReady = false
    return new Promise(resolve => {
      const running = this.#piscina.run(
        { buffer: heap.buffer, number, native, scratchOwner, port: channel.port2 },
        { signal: abort.signal, transferList: [channel.port2] },
      )
      let exited: Promise<void> = Promise.resolve()
      port.once('message', ({ ready }: { ready: number }) => {
        isReady = true
        const thread = this.#piscina.threads.find(t => t.threadId === ready)
        exited = thread === undefined ? exited : new Promise(done => thread.once('exit', () => done()))
        resolve()
      })
      port.unref()
      const ended = running
        .then(
          () => undefined,
          error => error as Error,
        )
        .then(async error => {
          // A worker that came to its end by itself touches nothing any more; its thread goes with the pool.
          if (error !== undefined) await exited
          port.close()
          heap.freeOwners(new Set([scratchOwner]))
          this.#members[number] = undefined
          this.#options.onLost(number)
          if (this.#stopping) return
          if (isReady || attempt < START_ATTEMPTS) await this.#start(number, isReady ? 1 : attempt + 1)
          else this.#failure = workersFail(error)
        })
      ended.finally(resolve)
      this.#members[number] = { port, abort, ended }
      for (const message of greeting()) port.postMessage(message)
    })
  }
}

function workersFail(cause: unknown): MillraceError {
  const { message = 'the thread ended at once' } = (cause ?? {}) as { message?: string }
  return new MillraceError(
    'MILLRACE_WORKER',
    `the worker threads cannot be started: ${message}. Under the permission model Node needs --allow-worker (and --allow-addons for the native kernels).`,
    { cause },
  )
}
