import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { type Duration, milliseconds } from '../core/durations.js'
import { MillraceError } from '../core/errors.js'
import { systemNetwork } from '../core/network.js'
import { checkKnown, expect, whole } from '../core/options.js'
import { MAX_LINE_BYTES } from '../execution/sources/text-file-source.js'
import { warmUp } from '../execution/warm-up.js'
import { DRIVER_ONLY } from '../functions/captures.js'
import { explainPlan, withLegend } from '../plan/explain.js'
import { cut } from '../plan/stages.js'
import { StreamGraph } from '../streaming/graph.js'
import { type FileStreamOptions, FilesInput } from '../streaming/inputs/files.js'
import { type Input, InputStream } from '../streaming/inputs/input.js'
import { type FromOptions, IterableInput } from '../streaming/inputs/iterable.js'
import { QueueInput } from '../streaming/inputs/queue.js'
import { SocketInput, type SocketOptions } from '../streaming/inputs/socket.js'
import { BatchScope } from '../streaming/inside-batch.js'
import { ListenerBus, type StreamingListener } from '../streaming/listener.js'
import { Session, type StopOptions } from '../streaming/session.js'
import { UnionStream } from '../streaming/stream.js'
import { Context } from './context.js'
import { DStream, driverStream } from './dstream.js'
import { STREAM } from './dstream-outputs.js'
import { QueueStream, queued, type RDDOrItems } from './queue-stream.js'
import type { RDD } from './rdd.js'
import { ENGINE } from './rdd-core.js'

export interface StreamingStopOptions {
  /** Stop the Context as well; default true. */
  stopContext?: boolean
  /** Take no more input, but finish every batch that is due and everything that was accepted; default false. */
  gracefully?: boolean
  /** Give up waiting after this time; default: as long as it takes. */
  timeout?: Duration
}

export type StreamingState = 'initialized' | 'active' | 'stopped'

/** The contexts that run, the latest last. */
const active = new Set<StreamingContext>()

/**
 * The entry point to streams: PySpark's StreamingContext. Inputs and transformations build a graph; {@link start} makes it
 * run, a batch every batch duration, at multiples of it since the epoch.
 *
 * @example
 * const ssc = new StreamingContext(new Context(), '1s')
 * ssc.textFileStream('inbox').flatMap(l => l.split(' ')).map(w => [w, 1]).reduceByKey((a, b) => a + b).pprint()
 * await ssc.start()
 * await ssc.awaitTermination()
 */
export class StreamingContext implements AsyncDisposable {
  readonly context: Context
  declare readonly [DRIVER_ONLY]: 'StreamingContext'
  readonly #graph: StreamGraph
  readonly #listeners = new ListenerBus()
  readonly #batchMs: number
  readonly #session: Session
  #state: StreamingState = 'initialized'
  #starting: Promise<void> = Promise.resolve()

  /** @throws MILLRACE_DURATION for a batch duration without a unit */
  constructor(context: Context, batchDuration: Duration) {
    expect(context instanceof Context, 'a Context', 'the first argument of StreamingContext', context)
    this.context = context
    this.#batchMs = milliseconds(batchDuration, 'the batch duration')
    this.#graph = new StreamGraph(context[ENGINE], this.#batchMs, context.defaultParallelism)
    this.#session = new Session(this.#graph, context.clock, this.#listeners)
    context.beforeStop(() => this.stop({ stopContext: false }))
  }

  /** The context that was started last and has not been stopped. */
  static getActive(): StreamingContext | undefined {
    return [...active].at(-1)
  }

  // ---- inputs

  /**
   * A stream of RDDs out of a queue.
   *
   * @param rdds RDDs, or lists of records
   * @param oneAtATime one RDD for each batch (the default), or all that are there
   * @param defaultRdd what a batch is when the queue is empty; default: an empty RDD
   */
  // By themselves, arrays show the compiler what their records are.
  queueStream<T>(
    rdds: readonly Iterable<T>[],
    oneAtATime?: boolean,
    defaultRdd?: RDDOrItems<T>,
  ): QueueStream<T>
  queueStream<T>(
    rdds?: Iterable<RDDOrItems<T>>,
    oneAtATime?: boolean,
    defaultRdd?: RDDOrItems<T>,
  ): QueueStream<T>
  queueStream<T>(
    rdds: Iterable<RDDOrItems<T>> = [],
    oneAtATime = true,
    defaultRdd?: RDDOrItems<T>,
  ): QueueStream<T> {
    expect(
      typeof rdds?.[Symbol.iterator] === 'function',
      'an array of RDDs or of lists of records',
      'queueStream',
      rdds,
    )
    expect(typeof oneAtATime === 'boolean', 'true or false', 'oneAtATime of queueStream', oneAtATime)
    const fallback =
      defaultRdd === undefined || defaultRdd === null ? undefined : queued(defaultRdd, this.context)
    const input = new QueueInput(
      this.context[ENGINE],
      Array.from(rdds, rdd => queued(rdd, this.context)),
      oneAtATime,
      fallback,
      this.context.defaultParallelism,
    )
    return new QueueStream<T>(this, new InputStream(this.#graph, input), input)
  }

  /**
   * The lines of the files that appear in a directory (or in the directories a glob names). Move files there when they are
   * complete; names that begin with `.` or `_`, or end like an unfinished download, are passed over.
   */
  textFileStream(directory: string, options: FileStreamOptions = {}): DStream<string> {
    expect(typeof directory === 'string' && directory !== '', 'a path', 'textFileStream', directory)
    checkKnown(options, ['newFilesOnly', 'maxLineBytes'], 'textFileStream')
    const { newFilesOnly = true } = options
    expect(typeof newFilesOnly === 'boolean', 'true or false', "the option 'newFilesOnly'", newFilesOnly)
    const all = {
      newFilesOnly,
      maxLineBytes: whole(options.maxLineBytes ?? MAX_LINE_BYTES, "the option 'maxLineBytes'", 1),
    }
    const { files } = this.context[ENGINE]
    return this.input(
      new FilesInput(
        directory,
        all,
        this.context.clock,
        files,
        this.#batchMs,
        this.context.defaultParallelism,
      ),
    )
  }

  /**
   * The lines that a TCP server sends. When the connection is refused or lost, it is tried again. Half a line is dropped when
   * the connection is reset or the context stops; what a server sent before it ended the connection is a line.
   */
  socketTextStream(host: string, port: number, options: SocketOptions = {}): DStream<string> {
    expect(typeof host === 'string' && host !== '', 'a host name', 'the host of socketTextStream', host)
    whole(port, 'the port of socketTextStream', 1, 65_535)
    checkKnown(options, ['maxLineBytes', 'maxPendingBytes', 'reconnectDelay'], 'socketTextStream')
    for (const name of ['maxLineBytes', 'maxPendingBytes'] as const)
      if (options[name] !== undefined) whole(options[name], `the option '${name}'`, 1)
    const { context } = this
    return this.input(
      new SocketInput(host, port, options, systemNetwork, context[ENGINE], context.defaultParallelism),
    )
  }

  /** The records of an async iterable, an iterable, a Node Readable or a web ReadableStream. It is read only as fast as batches are done. */
  from<T>(
    source: AsyncIterable<T> | Iterable<T> | Readable | ReadableStream<T>,
    options: FromOptions = {},
  ): DStream<T> {
    checkKnown(options, ['name', 'maxPendingRecords'], 'from')
    if (options.maxPendingRecords !== undefined)
      whole(options.maxPendingRecords, "the option 'maxPendingRecords'", 1)
    return this.input(
      new IterableInput(
        source as AsyncIterable<unknown>,
        options,
        this.context[ENGINE],
        this.context.defaultParallelism,
      ),
    )
  }

  /** The records of several streams of the same slide duration. */
  union<T>(...streams: DStream<T>[]): DStream<T> {
    expect(
      streams.every(s => s instanceof DStream),
      'DStreams',
      'union',
      streams,
    )
    if (streams.length === 1) return streams[0]!
    return new DStream<T>(
      this,
      new UnionStream(
        streams.map(s => s[STREAM]),
        'All DStreams should have same slide duration',
      ),
    )
  }

  /** What a function on the driver makes of the RDDs of several streams. */
  transform<T>(
    streams: readonly DStream<unknown>[],
    fn: (rdds: RDD<unknown>[], time: number) => RDD<T>,
  ): DStream<T> {
    expect(
      Array.isArray(streams) && streams.every(s => s instanceof DStream),
      'an array of DStreams',
      'the first argument of transform',
      streams,
    )
    expect(typeof fn === 'function', 'a function', 'the second argument of transform', fn)
    return driverStream(this, streams, fn)
  }

  // ---- life

  get state(): StreamingState {
    return this.#state
  }

  /**
   * Makes every stream remember its batches for this long at least, so that {@link DStream.slice} finds them. Windows make
   * their parents remember what they need by themselves.
   *
   * @throws MILLRACE_STATE if it has been called before, or after start
   * @example ssc.remember('1m')
   */
  remember(duration: Duration): void {
    const ms = milliseconds(duration, 'the duration of remember')
    if (this.#state !== 'initialized')
      throw new MillraceError(
        'MILLRACE_STATE',
        'remember() is for before start(): call it while the graph is built.',
      )
    if (this.#graph.rememberMs > 0) {
      throw new MillraceError(
        'MILLRACE_STATE',
        `Remember duration already set as ${this.#graph.rememberMs} ms. Cannot set it again.`,
      )
    }
    this.#graph.rememberMs = ms
  }

  addStreamingListener(listener: StreamingListener): void {
    expect(
      typeof listener === 'object' && listener !== null,
      'an object with methods of StreamingListener',
      'addStreamingListener',
      listener,
    )
    this.#listeners.add(listener)
  }

  /**
   * Starts the workers, the inputs and the clock, and resolves when all that is done. A second call only warns.
   *
   * @throws MILLRACE_STATE after stop, or without an output operation
   */
  async start(): Promise<void> {
    if (this.#state === 'active')
      process.emitWarning('StreamingContext has already been started', 'MillraceWarning')
    else this.#starting = this.#start()
    await this.#starting
  }

  async #start(): Promise<void> {
    if (this.#state === 'stopped')
      throw new MillraceError('MILLRACE_STATE', 'StreamingContext has already been stopped')
    if (this.#graph.outputs.length === 0) {
      this.#end()
      throw new MillraceError(
        'MILLRACE_STATE',
        'requirement failed: No output operations registered, so nothing to execute. Add one, such as pprint() or foreachRDD(), before start().',
      )
    }
    this.#state = 'active'
    this.#graph.begin()
    try {
      await warmUp(this.context[ENGINE])
      await this.#session.start()
      active.add(this)
    } catch (error) {
      this.#end()
      throw error
    }
  }

  /** Resolves when the context is stopped. @throws the first error of a batch, as soon as there is one */
  async awaitTermination(): Promise<void> {
    await this.#session.over()
  }

  /** As {@link awaitTermination}, for a limited time: true if the context was stopped, false if the time is over. */
  awaitTerminationOrTimeout(timeout: Duration): Promise<boolean> {
    return this.#session.over(milliseconds(timeout, 'the time-out of awaitTerminationOrTimeout'))
  }

  /**
   * Stops. At once: what has not begun is dropped. Gracefully: no more input is taken, and every batch up to the last tick,
   * and one of what was accepted since, is finished; when the time-out is over first, the rest is dropped. May be called by
   * an output operation, or in a loop over {@link DStream.batches}: it then does not wait for the batch that calls it, and
   * {@link awaitTermination} tells when all is done.
   */
  async stop(options: StreamingStopOptions = {}): Promise<void> {
    checkKnown(options, ['stopContext', 'gracefully', 'timeout'], 'stop')
    const { stopContext = true, gracefully = false } = options
    const timeout =
      options.timeout === undefined ? undefined : milliseconds(options.timeout, "the option 'timeout'")
    const stopped = this.#stop({ gracefully, timeout }, stopContext)
    if (!BatchScope.inside(this.#graph)) await stopped
  }

  async #stop(options: StopOptions, stopContext: boolean): Promise<void> {
    if (this.#state === 'active') await this.#session.stop(options)
    this.#end()
    if (stopContext) await this.context.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** The plan of a batch, for each output operation; see RDD.explain. */
  explain(): string {
    const text = this.#graph.outputs
      .map(({ name, stream }) => {
        const node = stream.typical()
        return `${name}\n${node === undefined ? 'known only when a batch runs\n' : explainPlan(cut(node, { kind: 'collect', limit: undefined }), [])}`
      })
      .join('\n')
    return withLegend(text)
  }

  private input<T>(input: Input): DStream<T> {
    return new DStream<T>(this, new InputStream(this.#graph, input))
  }

  #end(): void {
    this.#state = 'stopped'
    this.#graph.phase = 'stopped'
    this.#session.end()
    this.#graph.close()
    active.delete(this)
  }
}

Object.defineProperty(StreamingContext.prototype, DRIVER_ONLY, { value: 'StreamingContext' })
