import type { Clock } from '../../core/clock.js'
import { type Duration, milliseconds } from '../../core/durations.js'
import { MillraceError } from '../../core/errors.js'
import type { Connection, Network } from '../../core/network.js'
import type { SourceHome } from '../../execution/sources/encoded-source.js'
import { MAX_LINE_BYTES } from '../../execution/sources/text-file-source.js'
import { type Node, sourceNode } from '../../plan/nodes.js'
import type { RecordType } from '../../plan/source.js'
import { BatchMemory } from './batch-memory.js'
import type { Input, InputContext } from './input.js'
import { ReceivedText } from './received-text.js'
import { TextLog, type TextRange } from './text-log.js'

export interface SocketOptions {
  /** The most bytes of a line; default 16 MiB. */
  maxLineBytes?: number
  /** The socket is not read while so many bytes wait for their batch to be done; default 64 MiB, at most an eighth of the heap. */
  maxPendingBytes?: number
  /** How long after a failure the connection is tried again; default `'2s'`. */
  reconnectDelay?: Duration
}

interface SocketBatch {
  ranges: TextRange[]
  records: number | undefined
  memory: BatchMemory
  /** It does not hold back the sender any more. */
  done(): void
}

/**
 * socketTextStream: a TCP client that receives lines. Bytes go from the socket into the shared heap and stay bytes. When
 * the connection is refused, reset or ends, it is tried again. What the other side sent before it ended the connection is
 * a line, also without a line end; half a line before a reset, or a stop, is not: nobody said that it was complete.
 */
export class SocketInput implements Input {
  readonly name: string
  readonly recordType: RecordType = { kind: 'text' }
  readonly #host: string
  readonly #port: number
  readonly #network: Network
  readonly #maxLineBytes: number
  readonly #maxPendingBytes: number
  readonly #reconnectMs: number
  readonly #log: TextLog
  readonly #parallelism: number
  readonly #batches = new Map<number, SocketBatch>()
  #inBatches = 0
  #connection: Connection | undefined
  /** Nothing is read: too much waits, or the heap is full. */
  #paused = false
  #complained = false
  /** Somebody was told that there is no connection; once is enough, until there is one. */
  #warned = false
  #stopped = false
  #cancelRetry: (() => void) | undefined
  #context: InputContext | undefined

  constructor(
    host: string,
    port: number,
    options: SocketOptions,
    network: Network,
    home: SourceHome,
    parallelism: number,
  ) {
    this.name = `socketTextStream('${host}', ${port})`
    this.#host = host
    this.#port = port
    this.#network = network
    this.#maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES
    this.#maxPendingBytes = options.maxPendingBytes ?? Math.min(67_108_864, home.heap.byteLength / 8)
    this.#reconnectMs = milliseconds(options.reconnectDelay ?? '2s', "the option 'reconnectDelay'")
    this.#log = new TextLog(home, this.#maxLineBytes)
    this.#parallelism = parallelism
  }

  start(context: InputContext): void {
    this.#context = context
    this.#connect(context.clock)
  }

  allocate(time: number): void {
    const ranges = this.#log.take()
    const bytes = ranges.reduce((n, r) => n + r.length, 0)
    this.#inBatches += bytes
    this.#batches.set(time, this.#batch(time, ranges, bytes))
  }

  compute(time: number): Node {
    const batch = this.#batches.get(time) ?? this.#batch(time, [], 0)
    const { ranges, memory } = batch
    return sourceNode(
      new ReceivedText(this.name, memory, ranges, this.#parallelism, this.#maxLineBytes, records => {
        batch.records = records
      }),
    )
  }

  pending(): boolean {
    return this.#log.pending > 0
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
    if (this.#paused && this.#held < this.#maxPendingBytes / 2 && this.#hasRoom()) {
      this.#paused = false
      this.#complained = false
      this.#connection?.resume()
    }
  }

  recordsAt(time: number): number | undefined {
    return this.#batches.get(time)?.records
  }

  stop(): void {
    this.#stopped = true
    this.#cancelRetry?.()
    this.#connection?.close()
    this.#context?.stopped()
  }

  /** Gives back what no batch will read; after the last one. */
  close(): void {
    this.#log.close()
  }

  get #held(): number {
    return this.#inBatches + this.#log.pending
  }

  #batch(time: number, ranges: TextRange[], bytes: number): SocketBatch {
    let waiting = bytes
    const done = (): void => {
      this.#inBatches -= waiting
      waiting = 0
    }
    const memory = new BatchMemory(this.name, time, () => {
      done()
      for (const range of ranges) this.#log.release(range)
    })
    return { ranges, records: bytes === 0 ? 0 : undefined, memory, done }
  }

  #hasRoom(): boolean {
    try {
      this.#log.reserve()
      return true
    } catch (error) {
      // Other batches will give memory back; if there are none, somebody must hear why nothing is read any more.
      if (this.#paused && this.#held === 0 && !this.#complained) {
        this.#complained = true
        this.#context!.failed(error as Error)
        this.#context!.report(error as Error)
      }
      return false
    }
  }

  #connect(clock: Clock): void {
    this.#cancelRetry = undefined
    this.#connection = this.#network.connect(this.#host, this.#port, {
      connected: () => {
        this.#warned = false
        this.#context!.started()
      },
      buffer: () => this.#log.buffer(),
      received: bytes => {
        this.#log.received(bytes)
        if (this.#paused || (this.#held <= this.#maxPendingBytes && this.#hasRoom())) return
        this.#paused = true
        this.#connection!.pause()
      },
      ended: () => this.#log.endLine(),
      closed: error => {
        this.#connection = undefined
        this.#paused = false
        if (this.#stopped) return
        // Half a line is no record: the other side never said it was complete.
        if (error !== undefined) this.#log.dropUnfinished()
        const text = `${this.name}: ${error === undefined ? 'the other side closed the connection' : error.message}; trying again in ${this.#reconnectMs} ms.`
        if (error !== undefined && !this.#warned) {
          this.#warned = true
          process.emitWarning(text, 'MillraceWarning')
        }
        this.#context!.failed(new MillraceError('MILLRACE_INPUT', text, { cause: error, retryable: true }))
        this.#cancelRetry = clock.at(clock.now() + this.#reconnectMs, () => this.#connect(clock))
      },
    })
  }
}
