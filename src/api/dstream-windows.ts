import { type Duration, milliseconds } from '../core/durations.js'
import { MillraceError } from '../core/errors.js'
import { whole } from '../core/options.js'
import type { Node } from '../plan/nodes.js'
import type { Stream } from '../streaming/stream.js'
import { WindowStream } from '../streaming/windows/window-stream.js'
import type { DStream } from './dstream.js'
import { DStreamOutputs, STREAM } from './dstream-outputs.js'
import { RDD } from './rdd.js'

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
   * The RDDs of the batches from `begin` to `end`, both included: batch times in epoch milliseconds, taken down to the
   * grid of this stream. Times before the first batch, and those that have not come yet, give nothing.
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

  protected partitions(numPartitions: number | undefined): number {
    return numPartitions === undefined
      ? this[STREAM].graph.parallelism
      : whole(numPartitions, 'the number of partitions', 1, 100_000)
  }

  /** Window and slide in milliseconds, checked. */
  protected windowOf(window: Duration, slide: Duration | undefined): { windowMs: number; slideMs: number } {
    const own = this[STREAM].slide
    const windowMs = milliseconds(window, 'the window duration')
    const slideMs = slide === undefined || slide === null ? own : milliseconds(slide, 'the slide duration')
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
