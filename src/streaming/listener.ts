/** What is known of one batch. Times are epoch milliseconds, delays milliseconds, -1 where not known yet. */
export interface BatchInfo {
  batchTime: number
  /** By input stream: how many records the batch has from it. */
  streamIdToInputInfo: Map<number, InputInfo>
  submissionTime: number
  processingStartTime: number
  processingEndTime: number
  /** From submission to start. */
  schedulingDelay: number
  /** From start to end. */
  processingDelay: number
  /** Both together. */
  totalDelay: number
  /** Over all input streams. */
  numRecords: number
  /** By output operation, in the order of their registration: all that the batch has, also those that have not begun. */
  outputOperationInfos: Map<number, OutputOperationInfo>
}

export interface InputInfo {
  inputStreamId: number
  numRecords: number
  /** What the stream says about its input: a file stream has `files`, the paths that the batch reads. */
  metadata: Readonly<Record<string, unknown>>
  /** The same as text; undefined if there is nothing to say. */
  metadataDescription: string | undefined
}

/** One output operation in one batch. */
export interface OutputOperationInfo {
  batchTime: number
  /** From 0, in the order of registration. */
  id: number
  /** `foreachRDD at app.js:12` */
  name: string
  description: string
  /** -1 where not known yet, as are `endTime` and `duration`. */
  startTime: number
  endTime: number
  /** From start to end. */
  duration: number
  /** The error's text; null if there was none. */
  failureReason: string | null
}

/** A source that receives: a socket, an iterable. */
export interface ReceiverInfo {
  streamId: number
  name: string
  active: boolean
  /** Where it runs: there is one process. */
  location: 'localhost'
  executorId: 'driver'
  /** What went wrong last; empty if nothing has. */
  lastErrorMessage: string
  /** The text of that error's cause; empty if it has none. */
  lastError: string
  lastErrorTime: number
}

/** The text of whatever was thrown. */
export const errorText = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

/** Methods that are called as a streaming context goes along. All are optional; what they throw is only warned of. */
export interface StreamingListener {
  /** Once, when the clock runs. */
  onStreamingStarted?(event: { time: number }): void
  onReceiverStarted?(event: { receiverInfo: ReceiverInfo }): void
  onReceiverError?(event: { receiverInfo: ReceiverInfo }): void
  onReceiverStopped?(event: { receiverInfo: ReceiverInfo }): void
  /** A batch waits for its turn. */
  onBatchSubmitted?(event: { batchInfo: BatchInfo }): void
  onBatchStarted?(event: { batchInfo: BatchInfo }): void
  /** All outputs of a batch have run, well or not. */
  onBatchCompleted?(event: { batchInfo: BatchInfo }): void
  onOutputOperationStarted?(event: { outputOperationInfo: OutputOperationInfo }): void
  onOutputOperationCompleted?(event: { outputOperationInfo: OutputOperationInfo }): void
}

type Events = { [M in keyof StreamingListener]-?: Parameters<NonNullable<StreamingListener[M]>>[0] }

/** Tells all listeners of an event; one that throws does not keep the others, or the stream, from going on. */
export class ListenerBus {
  readonly #listeners: StreamingListener[] = []

  add(listener: StreamingListener): void {
    this.#listeners.push(listener)
  }
  get empty(): boolean {
    return this.#listeners.length === 0
  }

  emit<M extends keyof StreamingListener>(method: M, event: Events[M]): void {
    const warn = (error: unknown): void =>
      process.emitWarning(
        `a StreamingListener threw in ${method}: ${(error as Error)?.message ?? error}`,
        'MillraceWarning',
      )
    for (const listener of this.#listeners) {
      try {
        const result: unknown = (listener[method] as ((e: Events[M]) => unknown) | undefined)?.(event)
        // Nobody waits for an async method, but its error must not end the process.
        if (result instanceof Promise) result.catch(warn)
      } catch (error) {
        warn(error)
      }
    }
  }
}
