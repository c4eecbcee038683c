import { MillraceError, shown } from '../../core/errors.js'
import { TimeSlice } from '../../core/time-slice.js'
import { sliceBounds } from '../../execution/sources/encoded-source.js'
import { Arena } from '../../memory/arena.js'
import { writeBlock } from '../../memory/block.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import type { Heap } from '../../memory/heap.js'
import { type Node, sourceNode } from '../../plan/nodes.js'
import {
  type InputPartition,
  type OpenSource,
  type RecordType,
  type Source,
  UNKNOWN,
} from '../../plan/source.js'
import type { Input, InputContext } from './input.js'

export interface FromOptions {
  /** For explain() and listeners. */
  name?: string
  /** No more records are taken while so many wait for their batch to be done; default 100,000. */
  maxPendingRecords?: number
}

type AnyIterable = AsyncIterable<unknown> | Iterable<unknown>

/**
 * from: the records of an async iterable, a Node Readable or a web ReadableStream, encoded as they come. It is asked for the
 * next record only while there is room, which is what holds the sender back.
 */
export class IterableInput implements Input {
  readonly name: string
  readonly #source: AnyIterable
  readonly #heap: Heap
  readonly #maxPending: number
  readonly #parallelism: number
  readonly #batches = new Map<number, Received>()
  #current: { arena: Arena; rows: RowBuilder } | undefined
  #inBatches = 0
  #stopped = false
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined
  #wake: (() => void) | undefined
  #context: InputContext | undefined

  /** @throws MILLRACE_OPTION if the source cannot be iterated */
  constructor(source: AnyIterable, options: FromOptions, heap: Heap, parallelism: number) {
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
    this.#source = source
    this.#heap = heap
    this.#maxPending = options.maxPendingRecords ?? 100_000
    this.#parallelism = parallelism
  }

  start(context: InputContext): void {
    this.#context = context
    void this.#pull(context)
  }

  allocate(time: number): void {
    const current = this.#current
    this.#current = undefined
    const records = current?.rows.length ?? 0
    if (current === undefined) return
    this.#inBatches += records
    this.#batches.set(time, new Received(this.name, current.arena, current.rows, this.#parallelism))
  }

  compute(time: number): Node {
    return sourceNode(this.#batches.get(time) ?? new Received(this.name, undefined, undefined, 1))
  }

  pending(): boolean {
    return this.#current !== undefined
  }

  forget(time: number): void {
    for (const [t, batch] of this.#batches) {
      if (t > time) continue
      this.#batches.delete(t)
      this.#inBatches -= batch.records
      batch.free()
    }
    this.#wake?.()
  }

  recordsAt(time: number): number {
    return this.#batches.get(time)?.records ?? 0
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake?.()
    this.#context?.stopped()
    // Tells the sender that nobody listens any more; a generator in the middle of a wait hears it only afterwards.
    void Promise.resolve(this.#iterator?.return?.()).catch(() => {})
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
      for (;;) {
        const { done, value } = await iterator.next()
        if (done || this.#stopped) break
        this.#accept(value)
        if (slice.over()) await slice.rest()
        while (!this.#stopped && this.#held >= this.#maxPending)
          await new Promise<void>(resolve => (this.#wake = resolve))
      }
      if (!this.#stopped) context.stopped()
    } catch (cause) {
      if (this.#stopped) return
      const error = new MillraceError(
        'MILLRACE_INPUT',
        `the source of ${this.name} failed: ${(cause as Error)?.message ?? cause}`,
        { cause },
      )
      context.failed(error)
      context.report(error)
    }
  }

  #accept(record: unknown): void {
    if (this.#current === undefined) {
      const arena = new Arena(this.#heap)
      this.#current = { arena, rows: new RowBuilder(arena, 0, true) }
    }
    this.#current.rows.push(record)
  }

  get #held(): number {
    return this.#inBatches + (this.#current?.rows.length ?? 0)
  }
}

/** The records of one batch, in the heap. */
class Received implements Source {
  readonly label: string
  readonly recordType: RecordType = UNKNOWN
  readonly records: number
  readonly #arena: Arena | undefined
  readonly #partitions: InputPartition[]

  constructor(name: string, arena: Arena | undefined, rows: RowBuilder | undefined, parallelism: number) {
    this.label = name
    this.#arena = arena
    const column = rows?.finish()
    this.records = column?.length ?? 0
    this.#partitions = Array.from({ length: parallelism }, (_, i) => {
      const [from, to] = sliceBounds(i, this.records, parallelism)
      return from === to
        ? { kind: 'empty' }
        : { kind: 'block', offset: writeBlock(arena!, column!.slice(from, to)) }
    })
  }
  partitionCount(): number {
    return this.#partitions.length
  }
  async open(): Promise<OpenSource> {
    return { partitions: this.#partitions, release: () => {} }
  }
  free(): void {
    this.#arena?.free()
  }
}
