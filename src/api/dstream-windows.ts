import { callSite } from '../core/call-site.js'
import { type Duration, milliseconds } from '../core/durations.js'
import { MillraceError } from '../core/errors.js'
import { expect, isGiven } from '../core/options.js'
import type { Captures } from '../functions/captures.js'
import type { Node } from '../plan/nodes.js'
import * as operators from '../plan/operators.js'
import { type Stream, TransformedStream } from '../streaming/stream.js'
import { reducedWindow, type WindowMs } from '../streaming/windows/reduce.js'
import { WindowStream } from '../streaming/windows/window-stream.js'
import type { DStream } from './dstream.js'
import { DStreamOutputs, STREAM } from './dstream-outputs.js'
import { RDD } from './rdd.js'
import { given, givenOrNot, positive } from './rdd-core.js'
import type { KeyOf, Pair, ValueOf } from './types.js'

/** `a + b` and its inverse. */
function sums(location: string): [operators.Given, operators.Given] {
  return [
    { fn: (a: number, b: number) => a + b, captures: undefined, location },
    { fn: (a: number, b: number) => a - b, captures: undefined, location },
  ]
}

/** The inverse of a reducer, if there is one. Where Scala leaves it out, the next argument is taken for it. */
function inverseOf(
  fn: unknown,
  captures: Captures | undefined,
  operator: string,
): operators.Given | undefined {
  if (!isGiven(fn)) return undefined
  expect(typeof fn === 'function', 'a function, or null for none,', `the inverse of ${operator}`, fn)
  return given(fn, captures, operator)
}

/** Streams over the last so many batches of another. */
export abstract class DStreamWindows<T> extends DStreamOutputs<T> {
  /** The DStream of a stream; made by DStream itself. */
  protected abstract derive<U>(stream: Stream): DStream<U>

  /**
   * The records of the last `windowDuration`, every `slideDuration`: those of the oldest batch first. The first windows
   * hold the batches that there are by then. A slide may be longer than the window: what lies between is passed over.
   *
   * @param windowDuration a multiple of this stream's own slide, as is `slideDuration`
   * @param slideDuration default: this stream's own
   * @throws MILLRACE_DURATION if one is no multiple
   * @example lines.window('60s', '10s').count().pprint()
   */
  window(windowDuration: Duration, slideDuration?: Duration): DStream<T> {
    const { windowMs, slideMs } = this.windowOf(windowDuration, slideDuration)
    return this.derive<T>(new WindowStream(this[STREAM], windowMs, slideMs))
  }

  /**
   * One pair for each key of the window, its values reduced two at a time, older ones left. The function must be
   * associative; it need not be commutative.
   *
   * With an inverse, `inverse(reduce(a, b), a)` being `b`, the oldest values are taken away and the newest added at each
   * slide. Without, partial results are reused. Either way a slide costs the same however long the window is, and a key
   * is in the result exactly while the window has a record of it.
   *
   * @param inverse takes the second value away from the first; null: there is none
   * @param filter chooses what is shown of the result; what is remembered stays whole
   * @throws MILLRACE_DURATION if a duration is no multiple of this stream's slide
   * @example words.map(w => [w, 1]).reduceByKeyAndWindow((a, b) => a + b, (a, b) => a - b, '60s', '10s')
   */
  reduceByKeyAndWindow(
    this: DStreamWindows<Pair<T>>,
    reduce: (a: ValueOf<T>, b: ValueOf<T>) => ValueOf<T>,
    inverse: ((a: ValueOf<T>, b: ValueOf<T>) => ValueOf<T>) | null | undefined,
    windowDuration: Duration,
    slideDuration?: Duration,
    numPartitions?: number,
    filter?: (pair: [KeyOf<T>, ValueOf<T>]) => unknown,
    captures?: Captures,
  ): DStream<[KeyOf<T>, ValueOf<T>]> {
    const name = 'reduceByKeyAndWindow'
    const window = this.windowOf(windowDuration, slideDuration)
    const reduced = reducedWindow(
      this[STREAM],
      given(reduce, captures, name),
      inverseOf(inverse, captures, name),
      window,
      this.partitions(numPartitions),
    )
    const shown = givenOrNot(filter, captures, name)
    return this.derive(
      shown === undefined ? reduced : new TransformedStream(reduced, operators.rowwise('filter', shown)),
    )
  }

  /** One pair for each key of the window, with all its values as an array, the oldest first. */
  groupByKeyAndWindow(
    this: DStreamWindows<Pair<T>>,
    windowDuration: Duration,
    slideDuration?: Duration,
    numPartitions?: number,
  ): DStream<[KeyOf<T>, ValueOf<T>[]]> {
    const { windowMs, slideMs } = this.windowOf(windowDuration, slideDuration)
    return this.derive(
      new TransformedStream(
        new WindowStream(this[STREAM], windowMs, slideMs),
        operators.groupByKey(this.partitions(numPartitions)),
      ),
    )
  }

  /**
   * One record for each window that is not empty: all its records reduced, two at a time, older ones left.
   *
   * @param inverse takes the second value away from the first; null: there is none
   * @example numbers.reduceByWindow((a, b) => a + b, (a, b) => a - b, '60s', '10s')
   */
  reduceByWindow(
    reduce: (a: T, b: T) => T,
    inverse: ((a: T, b: T) => T) | null | undefined,
    windowDuration: Duration,
    slideDuration?: Duration,
    captures?: Captures,
  ): DStream<T> {
    const window = this.windowOf(windowDuration, slideDuration)
    return this.ofOneKey(
      this[STREAM],
      given(reduce, captures, 'reduceByWindow'),
      inverseOf(inverse, captures, 'reduceByWindow'),
      window,
    )
  }

  /** One number for each window: how many records it has, 0 if it is empty. */
  countByWindow(windowDuration: Duration, slideDuration?: Duration): DStream<number> {
    const window = this.windowOf(windowDuration, slideDuration)
    const [add, subtract] = sums(callSite('countByWindow'))
    return this.ofOneKey(new TransformedStream(this[STREAM], operators.count), add, subtract, window)
  }

  /** Pairs of a record and how often it occurs in the window. */
  countByValueAndWindow(
    windowDuration: Duration,
    slideDuration?: Duration,
    numPartitions?: number,
  ): DStream<[T, number]> {
    const window = this.windowOf(windowDuration, slideDuration)
    const [add, subtract] = sums(callSite('countByValueAndWindow'))
    const ones = new TransformedStream(this[STREAM], operators.withOne)
    return this.derive(reducedWindow(ones, add, subtract, window, this.partitions(numPartitions)))
  }

  /**
   * The RDDs of the batches from `begin` to `end`, both included: batch times in epoch milliseconds, taken down to the
   * grid of this stream. Times before the first batch, and those that have not come yet, give nothing. Without
   * {@link StreamingContext.remember}, the newest batch can be had while what it is made of can be read again: queues and
   * files, but not what was received, nor a state.
   *
   * @throws MILLRACE_STATE before start, or for batches that are forgotten; see {@link StreamingContext.remember}
   * @example const counts = await Promise.all(stream.slice(time - 5000, time).map(rdd => rdd.count()))
   */
  slice(begin: number, end: number): RDD<T>[] {
    for (const [name, time] of [['begin', begin] as const, ['end', end] as const]) {
      if (Number.isFinite(time)) continue
      throw new MillraceError(
        'MILLRACE_OPTION',
        `expected a batch time in epoch milliseconds for the ${name} of slice but received ${String(time)}.`,
      )
    }
    return this[STREAM].slice(begin, end).map((node: Node) => new RDD<T>(this.context.context, node))
  }

  /** A whole window as one record: as the values of one key. */
  private ofOneKey<U>(
    stream: Stream,
    reduce: operators.Given,
    inverse: operators.Given | undefined,
    window: WindowMs,
  ): DStream<U> {
    const pairs = new TransformedStream(stream, operators.underOneKey)
    return this.derive(
      new TransformedStream(reducedWindow(pairs, reduce, inverse, window, 1), operators.values),
    )
  }

  protected partitions(numPartitions: number | null | undefined): number {
    return isGiven(numPartitions) ? positive(numPartitions) : this[STREAM].graph.parallelism
  }

  /** Window and slide in milliseconds, checked. */
  protected windowOf(window: Duration, slide: Duration | undefined): WindowMs {
    const own = this[STREAM].slide
    const windowMs = milliseconds(window, 'the window duration')
    const slideMs = isGiven(slide) ? milliseconds(slide, 'the slide duration') : own
    for (const [name, ms] of [['windowDuration', windowMs] as const, ['slideDuration', slideMs] as const]) {
      if (ms % own === 0) continue
      throw new MillraceError(
        'MILLRACE_DURATION',
        `${name} must be multiple of the parent dstream's slide (batch) duration (${own} ms) but received ${ms} ms`,
      )
    }
    return { windowMs, slideMs }
  }
}
