import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads'
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
  /** A worker's thread has ended, for this reason if it was not meant to; nothing of it touches the heap any more. */
  onLost: (worker: number, cause: Error | undefined) => void
  /** No worker is left, and none can be started. */
  onDead: (error: MillraceError) => void
}

interface Member {
  port: MessagePort
  /** Ends the thread. */
  abort: AbortController
  ended: Promise<void>
  ready: boolean
  /** Known once it is ready. */
  thread?: Worker
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
  /** Why the last thread could not be started. */
  #lastError: Error | undefined
  readonly #starting: readonly Promise<void>[]

  constructor(options: PoolOptions) {
    this.#options = options
    this.#piscina = newThreads(options.threads)
    // Without a listener an error that comes after a worker's task would end the host's process.
    this.#piscina.on('error', (error: Error) => {
      this.#lastError = error
    })
    this.#piscina.on('workerDestroy', () => queueMicrotask(() => this.#retryStarts()))
    this.#starting = Array.from({ length: this.size }, (_, number) => this.#start(number, 1))
  }

  get size(): number {
    return this.#options.threads
  }

  /** Resolves when the workers are ready, as many as can be had. @throws MILLRACE_WORKER if there are none */
  async ready(): Promise<void> {
    const dead = this.#isDead
    const missing = this.#members.flatMap((member, number) => (member === undefined ? [number] : []))
    const again = missing.map(number => this.#start(number, START_ATTEMPTS))
    await Promise.all(dead ? again : this.#starting)
    if (this.#isDead && !this.#stopping) throw workersFail(this.#lastError)
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

  get #isDead(): boolean {
    return this.#members.every(member => member === undefined)
  }

  /**
   * Piscina starts no other thread in place of one that failed while it was starting, and what waits for it waits on. So as
   * many workers as wait without a thread begin again, and no more: each failed thread costs one attempt of one worker.
   */
  #retryStarts(): void {
    if (this.#stopping) return
    const waiting = this.#members.filter(m => m !== undefined && !m.ready && !m.abort.signal.aborted)
    const taken = new Set(this.#members.map(member => member?.thread))
    const starting = this.#piscina.threads.filter(thread => !taken.has(thread)).length
    if (waiting.length <= starting) return
    this.#lastError ??= new Error('a thread ended while it was starting')
    for (const member of waiting.slice(starting)) member!.abort.abort()
  }

  /** Starts a worker and resolves when it is ready or has failed for good. */
  #start(number: number, attempt: number): Promise<void> {
    const { heap, native, greeting } = this.#options
    const channel = new MessageChannel()
    const port = channel.port1
    const abort = new AbortController()
    const scratchOwner = heap.newOwner()
    return new Promise(resolve => {
      const running = this.#piscina.run(
        { buffer: heap.buffer, number, native, scratchOwner, port: channel.port2 },
        { signal: abort.signal, transferList: [channel.port2] },
      )
      let exited: Promise<void> = Promise.resolve()
      port.once('message', ({ ready }: { ready: number }) => {
        member.ready = true
        const thread = this.#piscina.threads.find(t => t.threadId === ready)
        if (thread !== undefined) member.thread = thread
        exited = new Promise(done => (thread === undefined ? done() : thread.once('exit', () => done())))
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
          if (error !== undefined) {
            void member.thread?.terminate()
            await exited
          }
          // It may have been ready for a while without this thread having had the time to hear of it.
          member.ready ||= receiveMessageOnPort(port) !== undefined
          port.close()
          heap.freeOwners(new Set([scratchOwner]))
          this.#members[number] = undefined
          this.#options.onLost(number, error)
          if (this.#stopping) return
          if (member.ready || attempt < START_ATTEMPTS)
            return this.#start(number, member.ready ? 1 : attempt + 1)
          this.#lastError ??= error
          if (this.#isDead) this.#options.onDead(workersFail(this.#lastError))
        })
      ended.finally(resolve)
      const member: Member = { port, abort, ended, ready: false }
      this.#members[number] = member
      for (const message of greeting()) port.postMessage(message)
    })
  }
}

function newThreads(threads: number): Piscina<WorkerStart, void> {
  try {
    return new Piscina({
      filename: new URL('../worker/thread.cjs', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      atomics: 'disabled',
      recordTiming: false,
      // A large young generation lets a worker out of memory take the whole process with it (nodejs/node#47224).
      resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 2048 },
    })
  } catch (error) {
    throw workersFail(error)
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
