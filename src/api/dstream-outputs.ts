import { callSite } from '../core/call-site.js'
import { MillraceError } from '../core/errors.js'
import { expect, isGiven, whole } from '../core/options.js'
import { saveTextFiles } from '../execution/save-text.js'
import { DRIVER_ONLY } from '../functions/captures.js'
import { BatchQueue } from '../streaming/outputs/batches.js'
import { pprint, print } from '../streaming/outputs/pprint.js'
import type { Stream } from '../streaming/stream.js'
import { RDD } from './rdd.js'
import { NODE } from './rdd-core.js'
import type { StreamingContext } from './streaming-context.js'

/** The stream behind a DStream, for the classes of this folder. */
export const STREAM: unique symbol = Symbol('stream')

/** Refuses what is no stream; an RDD with the way to it. */
export function expectStream(other: unknown, operator: string): asserts other is DStreamOutputs<unknown> {
  if (other instanceof RDD) {
    throw new MillraceError(
      'MILLRACE_OPTION',
      `expected a DStream for ${operator} but received an RDD. Take it where each batch is an RDD, too: stream.transform(rdd => rdd.${operator}(other)).`,
    )
  }
  expect(other instanceof DStreamOutputs, 'a DStream', operator, other)
}

/** One batch of a stream. */
export interface StreamBatch<T> {
  /** Epoch milliseconds: the end of the batch's interval. */
  time: number
  rdd: RDD<T>
}

/** What every DStream has: its place in the graph, and the output operations, which make the graph run. */
export abstract class DStreamOutputs<T> {
  readonly context: StreamingContext
  readonly [STREAM]: Stream
  declare readonly [DRIVER_ONLY]: 'DStream'
  /** Only in the type: a DStream<A> is a DStream<B> if A is a B. */
  declare protected readonly recordType: T

  constructor(context: StreamingContext, stream: Stream) {
    this.context = context
    this[STREAM] = stream
  }

  /** Prints the first `num` records of each batch, 10 unless it is given, as PySpark prints them. */
  pprint(num?: number): void {
    this.printed('pprint', pprint, num)
  }

  /** Prints the first `num` records of each batch, 10 unless it is given, as Node's console shows values. */
  print(num?: number): void {
    this.printed('print', print, num)
  }

  /**
   * Saves each batch as a directory of text files, `prefix-TIME` or `prefix-TIME.suffix` with the batch time in milliseconds.
   * Each directory appears at once, complete and on the disk; one that is there already stays.
   */
  saveAsTextFiles(prefix: string, suffix?: string): void {
    this.saved('saveAsTextFiles', 'text', prefix, suffix)
  }

  /** As {@link saveAsTextFiles}, with one JSON text a line for each record. */
  saveAsJSONFiles(prefix: string, suffix?: string): void {
    this.saved('saveAsJSONFiles', 'json', prefix, suffix)
  }

  /**
   * Calls a function with the RDD of each batch, also of an empty one. It runs on the driver, as an ordinary closure; the
   * batch waits for the promise it returns.
   *
   * @example stream.foreachRDD(async (rdd, time) => console.log(time, await rdd.count()))
   */
  foreachRDD(fn: (rdd: RDD<T>, time: number) => void | Promise<void>): void {
    expect(typeof fn === 'function', 'a function', 'foreachRDD', fn)
    this.output('foreachRDD', fn)
  }

  /**
   * The batches as an async iterable. A batch waits until the loop's body is done with it and asks for the next; leaving the
   * loop ends the waiting. Call it before the context starts.
   *
   * @example for await (const { time, rdd } of counts.batches()) console.log(time, await rdd.collect())
   */
  batches(): AsyncIterable<StreamBatch<T>> {
    const queue = new BatchQueue<StreamBatch<T>>(this[STREAM].graph)
    this.output(
      'batches',
      (rdd, time) => queue.offer({ time, rdd }),
      () => queue.close(),
    )
    return queue
  }

  // ---- housekeeping

  /** Keeps the records of each batch in the shared heap, so that several outputs compute them once. */
  persist(): this {
    if (this[STREAM].graph.phase !== 'building') {
      throw new MillraceError(
        'MILLRACE_STATE',
        'Cannot change storage level of an DStream after streaming context has started',
      )
    }
    this[STREAM].persist()
    return this
  }

  /** The same as {@link persist}. */
  cache(): this {
    return this.persist()
  }

  private printed(operator: string, show: typeof pprint, num: number | undefined): void {
    const most = isGiven(num) ? whole(num, `the number of records of ${operator}`, 0) : 10
    this.output(operator, (rdd, time) => show(this[STREAM].graph.engine, rdd[NODE], time, most))
  }

  private saved(operator: string, format: 'text' | 'json', prefix: string, suffix: string | undefined): void {
    expect(
      typeof prefix === 'string' && prefix !== '',
      'a path that is not empty',
      `the prefix of ${operator}`,
      prefix,
    )
    const { engine } = this[STREAM].graph
    this.output(operator, (rdd, time) => {
      const directory = `${prefix}-${time}${suffix ? `.${suffix}` : ''}`
      return saveTextFiles(engine, rdd[NODE], directory, format, 'keep')
    })
  }

  private output(
    operator: string,
    run: (rdd: RDD<T>, time: number) => void | Promise<void>,
    close?: () => void,
  ): void {
    const stream = this[STREAM]
    stream.graph.addOutput({
      name: callSite(operator),
      stream,
      run: (node, time) => run(new RDD<T>(this.context.context, node), time),
      ...(close && { close }),
    })
  }
}

Object.defineProperty(DStreamOutputs.prototype, DRIVER_ONLY, { value: 'DStream' })
