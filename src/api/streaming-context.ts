import { type Duration, milliseconds } from '../core/durations.js'
import { MillraceError } from '../core/errors.js'
import { checkOptions, expect } from '../core/options.js'
import { warmUp } from '../execution/warm-up.js'
import { DRIVER_ONLY } from '../functions/captures.js'
import { withLegend } from '../plan/explain.js'
import { explainWithSources } from '../plan/explain-derived.js'
import { cut } from '../plan/stages.js'
import { StreamGraph } from '../streaming/graph.js'
import { BatchScope } from '../streaming/inside-batch.js'
import { ListenerBus, type StreamingListener } from '../streaming/listener.js'
import { Session, type StopOptions } from '../streaming/session.js'
import { UnionStream } from '../streaming/stream.js'
import { Context } from './context.js'
import { DStream, driverStream } from './dstream.js'
import { STREAM } from './dstream-outputs.js'
import type { RDD } from './rdd.js'
import { ENGINE } from './rdd-core.js'
import { StreamingInputs } from './streaming-inputs.js'

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
export class StreamingContext extends StreamingInputs implements AsyncDisposable {
  readonly context: Context
  declare readonly [DRIVER_ONLY]: 'StreamingContext'
  protected readonly graph: StreamGraph
  readonly #listeners = new ListenerBus()
  readonly #session: Session
  #state: StreamingState = 'initialized'
  #starting: Promise<void> = Promise.resolve()

  /** @throws MILLRACE_DURATION for a batch duration without a unit */
  constructor(context: Context, batchDuration: Duration) {
    super()
    expect(context instanceof Context, 'a Context', 'the first argument of StreamingContext', context)
    this.context = context
    const batchMs = milliseconds(batchDuration, 'the batch duration')
    this.graph = new StreamGraph(context[ENGINE], batchMs, context.defaultParallelism)
    this.#session = new Session(this.graph, context.clock, this.#listeners)
    context.beforeStop(() => this.stop({ stopContext: false }))
  }

  /** The context that was started last and has not been stopped. */
  static getActive(): StreamingContext | undefined {
    return [...active].at(-1)
  }

  /** The records of several streams of the same slide duration. */
  union<T>(...streams: DStream<T>[]): DStream<T> {
    expect(
      streams.every(s => s instanceof DStream),
      'DStreams, one by one as in union(a, b),',
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
    if (this.graph.rememberMs > 0) {
      throw new MillraceError(
        'MILLRACE_STATE',
        `Remember duration already set as ${this.graph.rememberMs} ms. Cannot set it again.`,
      )
    }
    this.graph.rememberMs = ms
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
    if (this.graph.outputs.length === 0) {
      this.#end()
      throw new MillraceError(
        'MILLRACE_STATE',
        'requirement failed: No output operations registered, so nothing to execute. Add one, such as pprint() or foreachRDD(), before start().',
      )
    }
    this.#state = 'active'
    this.graph.begin()
    try {
      await warmUp(this.context[ENGINE])
      await this.#session.start()
      active.add(this)
    } catch (error) {
      this.#end()
      throw error
    }
  }

  /** Resolves when the context is stopped. @throws the first error of a batch, as soon as there is one; MILLRACE_STATE if nothing is left to run and it was not started */
  async awaitTermination(): Promise<void> {
    await this.#session.over()
  }

  /** As {@link awaitTermination}, for a limited time: true if the context was stopped, false if the time is over. */
  awaitTerminationOrTimeout(timeout: Duration): Promise<boolean> {
    return this.#session.over(milliseconds(timeout, 'the time-out of awaitTerminationOrTimeout'))
  }

  /**
   * Stops. At once: what has not begun is dropped. Gracefully: no more input is taken, and every batch up to the last tick,
   * and those of what was accepted since, are finished; when the time-out is over first, the rest is dropped. May be called by
   * an output operation, or in a loop over {@link DStream.batches}: it then does not wait for the batch that calls it, and
   * {@link awaitTermination} tells when all is done.
   */
  async stop(options: StreamingStopOptions = {}): Promise<void> {
    checkOptions(options, ['stopContext', 'gracefully', 'timeout'], 'stop')
    const { stopContext = true, gracefully = false } = options
    const timeout =
      options.timeout === undefined ? undefined : milliseconds(options.timeout, "the option 'timeout'")
    const stopped = this.#stop({ gracefully, timeout }, stopContext)
    if (!BatchScope.inside(this.graph)) await stopped
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
    const text = this.graph.outputs
      .map(({ name, stream }) => {
        const node = stream.typical()
        return `${name}\n${node === undefined ? 'known only when a batch runs\n' : explainWithSources(cut(node, { kind: 'collect', limit: undefined }), [])}`
      })
      .join('\n')
    return withLegend(text)
  }

  #end(): void {
    this.#state = 'stopped'
    this.graph.phase = 'stopped'
    this.#session.end()
    this.graph.close()
    active.delete(this)
  }
}

Object.defineProperty(StreamingContext.prototype, DRIVER_ONLY, { value: 'StreamingContext' })
