import { isMillraceError, MillraceError, shown } from '../../core/errors.js'
import { TimeSlice } from '../../core/time-slice.js'
import type { SourceHome } from '../../execution/sources/encoded-source.js'
import { typeOfRecord } from '../../execution/sources/record-type.js'
import { Arena } from '../../memory/arena.js'
import { type Node, sourceNode } from '../../plan/nodes.js'
import { type RecordType, UNKNOWN } from '../../plan/source.js'
import { BatchMemory } from './batch-memory.js'
import type { Input, InputContext } from './input.js'
import { ReceivedRecords, RecordLog } from './received-records.js'

export interface FromOptions {
  /** For explain() and listeners. */
  name?: string
  /** No more records are taken while so many, or an eighth of the heap, wait for their batch to be done; default 100,000. */
  maxPendingRecords?: number
}

type AnyIterable = AsyncIterable<unknown> | Iterable<unknown>

interface IterableBatch {
  log: RecordLog | undefined
  memory: BatchMemory
  /** It does not hold back the sender any more. */
  done(): void
}

/**
 * from: the records of an async iterable, a Node Readable or a web ReadableStream, encoded as they come. It is asked for the
 * next record only while there is room, which is what holds the sender back.
 */
export class IterableInput implements Input {
  readonly name: string
  readonly recordType: RecordType
  readonly #source: AnyIterable
  readonly #home: SourceHome
  readonly #maxPending: number
  readonly #maxBytes: number
  readonly #parallelism: number
  readonly #batches = new Map<number, IterableBatch>()
  #current: RecordLog | undefined
  /** What waits in batches that are not done. */
  #inBatches = { records: 0, bytes: 0 }
  /** What is still taken: whatever comes; the rest, for the source ends by itself; the record at hand; nothing. */
  #takes: 'all' | 'rest' | 'last' | 'nothing' = 'all'
  /** A record has been received that the heap has no room for. */
  #atHand = false
  /** Nothing more comes from the source. */
  #exhausted = false
  #ended = false
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined
  /** Waits for room. */
  #wake: (() => void) | undefined
  /** Waits for {@link IterableInput.settled}. */
  #settle: (() => void) | undefined
  #context: InputContext | undefined

  /** @throws MILLRACE_OPTION if the source cannot be iterated */
  constructor(source: AnyIterable, options: FromOptions, home: SourceHome, parallelism: number) {
    const iterable = source as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined
    if (
      typeof iterable?.[Symbol.asyncIterator] !== 'function' &&
      typeof iterable?.[Symbol.iterator] !== 'function'
    ) {
      throw new MillraceError(
        'MILLRACE_OPTION',
        `expected an async iterable, an iterable, a Readable or a ReadableStream for from but received ${shown(source)}.`,
      )
    }
    this.name = options.name ?? 'from'
    this.recordType = Array.isArray(source) ? typeOfRecord(source[0]) : UNKNOWN
    this.#source = source
    this.#home = home
    this.#maxPending = options.maxPendingRecords ?? 100_000
    this.#maxBytes = home.heap.byteLength / 8
    this.#parallelism = parallelism
  }

  start(context: InputContext): void {
    this.#context = context
    void this.#pull(context)
  }

  allocate(time: number): void {
    const log = this.#current
    this.#current = undefined
    if (log === undefined) return
    const records = log.length
    const bytes = log.arena.byteLength
    this.#inBatches.records += records
    this.#inBatches.bytes += bytes
    let waiting = true
    const done = (): void => {
      if (!waiting) return
      waiting = false
      this.#inBatches.records -= records
      this.#inBatches.bytes -= bytes
      this.#lookAgain()
    }
    const memory = new BatchMemory(this.name, time, () => {
      log.arena.free()
      done()
    })
    this.#batches.set(time, { log, memory, done })
  }

  compute(time: number): Node {
    const { log, memory } = this.#batches.get(time) ?? {
      log: undefined,
      memory: new BatchMemory(this.name, time, () => {}),
    }
    return sourceNode(new ReceivedRecords(this.name, memory, log, this.#parallelism))
  }

  async pending(): Promise<boolean> {
    await this.#settled()
    return this.#atHand || (this.#current !== undefined && this.#current.length > 0)
  }

  done(time: number): void {
    for (const [t, batch] of this.#batches) if (t <= time) batch.done()
  }

  forget(time: number): void {
    for (const [t, { memory }] of this.#batches) {
      if (t > time) continue
      this.#batches.delete(t)
      memory.end()
    }
    this.#lookAgain()
  }

  recordsAt(time: number): number {
    return this.#batches.get(time)?.log?.length ?? 0
  }

  stop(): Promise<void> {
    if (this.#takes === 'all') this.#takes = 'last'
    this.#lookAgain()
    this.#end()
    // Tells the sender that nobody listens any more; a generator in the middle of a wait hears it only afterwards.
    void (async () => this.#iterator?.return?.())().catch(error => this.#context?.failed(error as Error))
    return this.#settled()
  }

  drop(): void {
    this.#takes = 'nothing'
    this.#lookAgain()
    this.#settle?.()
    this.#end()
  }

  /** A stop for a source that ends by itself: what it has left is taken. */
  protected stopWhenExhausted(): Promise<void> {
    if (this.#takes === 'all') this.#takes = 'rest'
    return this.#settled()
  }

  close(): void {
    this.#current?.arena.free()
    this.#current = undefined
  }

  async #pull(context: InputContext): Promise<void> {
    const slice = new TimeSlice()
    try {
      const asyncOnes = (this.#source as AsyncIterable<unknown>)[Symbol.asyncIterator]?.()
      const iterator = (this.#iterator = asyncOnes ?? (this.#source as Iterable<unknown>)[Symbol.iterator]())
      context.started()
      while (!this.#leaves) {
        const { done, value } = await iterator.next()
        if (done || this.#leaves) break
        if (!this.#accept(value, context)) await this.#acceptLater(value, context)
        if (slice.over()) await slice.rest()
        while (!this.#leaves && this.#full) await this.#moment()
      }
    } catch (cause) {
      if (!this.#leaves) this.#fail(cause, `the source of ${this.name} failed`, context)
    }
    this.#exhausted = true
    this.#settle?.()
    this.#end()
  }

  /** The source is not asked for another record. */
  get #leaves(): boolean {
    return this.#takes === 'last' || this.#takes === 'nothing'
  }

  /** Stores a record; false if the heap has no room. One that cannot be stored at all is reported and left out. */
  #accept(record: unknown, context: InputContext, patient = true): boolean {
    try {
      this.#home.blocks.makingRoom(() => {
        this.#current ??= new RecordLog(new Arena(this.#home.heap))
        this.#current.push(record)
      })
    } catch (error) {
      if (isMillraceError(error) && error.code === 'MILLRACE_HEAP_FULL') {
        if (!patient) this.#fail(error, `${this.name} waits for room`, context)
        if (this.#current?.length === 0) this.close()
        return false
      }
      this.#fail(error, `${this.name} leaves out a record, ${shown(record)}`, context)
    }
    return true
  }

  /** Stores a record when batches that are done have given memory back. */
  async #acceptLater(record: unknown, context: InputContext): Promise<void> {
    this.#atHand = true
    for (let told = false; ; ) {
      await this.#moment()
      if (this.#takes === 'nothing') break
      // If nothing is left to wait for, somebody must hear of it.
      const last: boolean = !told && this.#held.records === 0
      if (this.#accept(record, context, !last)) break
      told ||= last
      if (told && this.#takes !== 'all') this.drop() // no other batch will give memory back
    }
    this.#atHand = false
    this.#settle?.()
  }

  /** Resolves when there may be more room. */
  #moment(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
      this.#settle?.()
    })
  }

  #lookAgain(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /** Resolves when all that was accepted has been stored, or can be only when there is more room. */
  async #settled(): Promise<void> {
    while (!this.#isSettled) {
      await new Promise<void>(resolve => {
        this.#settle = resolve
      })
    }
  }

  get #isSettled(): boolean {
    if (this.#exhausted || this.#wake !== undefined || this.#takes === 'nothing') return true
    return this.#takes === 'last' && !this.#atHand
  }

  get #held(): { records: number; bytes: number } {
    const { records, bytes } = this.#inBatches
    const current = this.#current
    return {
      records: records + (current?.length ?? 0),
      bytes: bytes + (current?.arena.byteLength ?? 0),
    }
  }

  get #full(): boolean {
    const { records, bytes } = this.#held
    return records >= this.#maxPending || bytes > this.#maxBytes
  }

  #fail(cause: unknown, text: string, context: InputContext): void {
    const error = isMillraceError(cause)
      ? new MillraceError(cause.code, `${text}: ${cause.message.replace(`${cause.code}: `, '')}`, { cause })
      : new MillraceError('MILLRACE_INPUT', `${text}: ${(cause as Error)?.message ?? cause}`, { cause })
    context.failed(error)
    context.report(error)
  }

  /** Tells once that nothing more will come. */
  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#context?.stopped()
  }
}
