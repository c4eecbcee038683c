import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { BatchInfo, Context, StreamingListener } from 'millrace'

/** How often the event loop is asked, in milliseconds. */
const RESOLUTION_MS = 10

/** Listens to the batches of a streaming context, and tells at the end how they went. */
export class Summary implements StreamingListener {
  /** What it ran on: `native kernels (avx2), 2 threads`. */
  readonly engine: string
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  readonly #times: number[] = []
  #records = 0
  #startedAt = 0
  #endedAt = 0

  constructor(sc: Context) {
    const { kernelsLine, threads } = sc.info()
    this.engine = `${kernelsLine}, ${threads} thread${threads === 1 ? '' : 's'}`
  }

  onStreamingStarted(): void {
    this.#startedAt = this.#endedAt = performance.now()
    this.#delay.enable()
  }

  onBatchCompleted({ batchInfo }: { batchInfo: BatchInfo }): void {
    this.#times.push(batchInfo.processingDelay)
    this.#records += batchInfo.numRecords
    this.#endedAt = performance.now()
  }

  text(): string {
    this.#delay.disable()
    const times = this.#times.sort((a, b) => a - b)
    const seconds = (this.#endedAt - this.#startedAt) / 1000
    const rate = seconds > 0 ? this.#records / seconds : 0
    const percentile = (p: number): number => times[Math.ceil((p / 100) * times.length) - 1] ?? 0
    // The histogram holds the time from one question to the next.
    const loop = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS)
    return `Summary
  batches           ${times.length}
  records           ${count(this.#records)} (${count(rate)} a second)
  batch time        p50 ${percentile(50)} ms, p99 ${percentile(99)} ms, max ${percentile(100)} ms
  event-loop delay  p99 ${loop.toFixed(1)} ms
  ran on            ${this.engine}`
  }
}

const count = (n: number): string => Math.round(n).toLocaleString('en-US')
