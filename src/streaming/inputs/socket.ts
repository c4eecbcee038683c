import type { Clock } from '../../core/clock.js'
import { MillraceError } from '../../core/errors.js'
import type { Connection, Network } from '../../core/network.js'
import { MAX_LINE_BYTES } from '../../execution/sources/text-file-source.js'
import type { Heap } from '../../memory/heap.js'
import { type Node, sourceNode } from '../../plan/nodes.js'
import type { RecordType } from '../../plan/source.js'
import type { Input, InputContext } from './input.js'
import { ReceivedText } from './received-text.js'
import { TextLog, type TextRange } from './text-log.js'

export interface SocketOptions {
  /** The most bytes of a line; default 16 MiB. */
  maxLineBytes?: number
  /** The socket is not read while so many bytes wait for their batch to be done; default 64 MiB, at most an eighth of the heap. */
  maxPendingBytes?: number
  /** Milliseconds before the connection is tried again; default 2000. */
  reconnectDelayMs?: number
}

/**
 * socketTextStream: a TCP client that receives lines. Bytes go from the socket into the shared heap and stay bytes. When
 * the connection is refused, reset or ends, it is tried again.
 */
export class SocketInput implements Input {
  readonly name: string
  readonly recordType: RecordType = { kind: 'text' }
  readonly #host: string
  readonly #port: number
  readonly #network: Network
  readonly #options: Required<SocketOptions>
  readonly #log: TextLog
  readonly #parallelism: number
  readonly #batches = new Map<number, { ranges: TextRange[]; bytes: number; records: number | undefined }>()
  #inBatches = 0
  #connection: Connection | undefined
  #paused = false
  #stopped = false
  #cancelRetry: (() => void) | undefined
  #context: InputContext | undefined

  constructor(
    host: string,
    port: number,
    options: SocketOptions,
    network: Network,
    heap: Heap,
    parallelism: number,
  ) {
    this.name = `socketTextStream('${host}', ${port})`
    this.#host = host
    this.#port = port
    this.#network = network
    this.#options = {
      maxLineBytes: options.maxLineBytes ?? MAX_LINE_BYTES,
      maxPendingBytes: options.maxPendingBytes ?? Math.min(67_108_864, heap.byteLength / 8),
      reconnectDelayMs: options.reconnectDelayMs ?? 2000,
    }
    this.#log = new TextLog(heap, this.#options.maxLineBytes)
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
    this.#batches.set(time, { ranges, bytes, records: bytes === 0 ? 0 : undefined })
  }

  compute(time: number): Node {
    const batch = this.#batches.get(time)
    const source = new ReceivedText(
      this.name,
      batch?.ranges ?? [],
      this.#parallelism,
      this.#options.maxLineBytes,
    )
    source.onRead = records => {
      if (batch !== undefined) batch.records = records
    }
    return sourceNode(source)
  }

  pending(): boolean {
    return this.#log.pending > 0
  }

  forget(time: number): void {
    for (const [t, batch] of this.#batches) {
      if (t > time) continue
      this.#batches.delete(t)
      this.#inBatches -= batch.bytes
      for (const range of batch.ranges) this.#log.release(range)
    }
    if (this.#paused && this.#held < this.#options.maxPendingBytes / 2 && this.#log.reserve()) {
      this.#paused = false
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
    this.#log.dropUnfinished()
    this.#context?.stopped()
  }

  /** Gives back what no batch will read; after the last one. */
  close(): void {
    this.#log.close()
  }

  get #held(): number {
    return this.#inBatches + this.#log.pending
  }

  #connect(clock: Clock): void {
    this.#cancelRetry = undefined
    this.#connection = this.#network.connect(this.#host, this.#port, {
      connected: () => this.#context!.started(),
      buffer: () => this.#log.buffer(),
      received: bytes => {
        this.#log.received(bytes)
        if (!this.#paused && (this.#held > this.#options.maxPendingBytes || !this.#log.reserve())) {
          this.#paused = true
          this.#connection!.pause()
        }
      },
      ended: () => this.#log.endLine(),
      closed: error => {
        this.#connection = undefined
        if (this.#stopped) return
        // Half a line is no record: the other side never said it was complete.
        if (error !== undefined) this.#log.dropUnfinished()
        const { reconnectDelayMs } = this.#options
        this.#context!.failed(
          new MillraceError(
            'MILLRACE_INPUT',
            `${this.name}: ${error === undefined ? 'the other side closed the connection' : error.message}; trying again in ${reconnectDelayMs} ms.`,
            { cause: error, retryable: true },
          ),
        )
        this.#cancelRetry = clock.at(clock.now() + reconnectDelayMs, () => this.#connect(clock))
      },
    })
  }
}
