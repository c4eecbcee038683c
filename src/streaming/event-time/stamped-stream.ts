import { MillraceError } from '../../core/errors.js'
import { collectRecords } from '../../execution/actions.js'
import { greatestTime, type Watermarks } from '../../plan/event-time/stamps.js'
import type { Node } from '../../plan/nodes.js'
import type { Transform } from '../../plan/operators.js'
import { Stream } from '../stream.js'

/** What has watermarks, batch by batch. */
export interface Watermarked {
  watermarks(time: number): Promise<Watermarks>
}

/**
 * The records of a stream with their event times, and its watermark: the greatest event time of all records so far, less
 * the lateness. The watermark moves at the end of a batch, so that the order of records within a batch makes no difference.
 */
export class StampedStream extends Stream implements Watermarked {
  readonly #stamp: Transform
  readonly #greatest: Transform
  readonly #latenessMs: number
  readonly #idleMs: number | undefined
  /** As of the last batch that is settled. */
  #watermark = Number.NEGATIVE_INFINITY
  #lastRecord: number | undefined
  readonly #batches = new Map<number, Promise<Watermarks & { lastRecord: number }>>()

  /** @param idleMs for how long no record has come when the clock begins to move the watermark; undefined: never */
  constructor(
    parent: Stream,
    stamp: Transform,
    location: string,
    latenessMs: number,
    idleMs: number | undefined,
  ) {
    super(parent.graph, [parent])
    this.#stamp = stamp
    this.#greatest = greatestTime(location)
    this.#latenessMs = latenessMs
    this.#idleMs = idleMs
    this.persist() // It is read for the watermark first, and then by each operator.
  }

  protected compute(time: number): Node | undefined {
    const node = this.parents[0]!.at(time)
    return node && this.#stamp(node)
  }

  typical(): Node | undefined {
    const node = this.parents[0]!.typical()
    return node && this.#stamp(node)
  }

  /**
   * The watermark before and after the batch at `time`, which is the one at hand or one that is remembered. If its times
   * cannot be had it fails for everybody, and the watermark stays.
   */
  watermarks(time: number): Promise<Watermarks> {
    return this.#moved(time)
  }

  /** True if the stream has had no record yet, for so long that nobody should wait for it. */
  silent(time: number): boolean {
    const since = time - this.graph.zeroTime
    return this.#watermark === Number.NEGATIVE_INFINITY && this.#idleMs !== undefined && since >= this.#idleMs
  }

  override async settle(time: number): Promise<void> {
    if (this.at(time) === undefined) return
    const { after, lastRecord } = await this.#moved(time)
    this.#watermark = after
    this.#lastRecord = lastRecord
  }

  override done(time: number): void {
    super.done(time)
    for (const t of this.#batches.keys()) if (t <= time - this.kept) this.#batches.delete(t)
  }

  #moved(time: number): Promise<Watermarks & { lastRecord: number }> {
    let moved = this.#batches.get(time)
    if (moved === undefined) this.#batches.set(time, (moved = this.#advance(time)))
    return moved
  }

  async #advance(time: number): Promise<Watermarks & { lastRecord: number }> {
    if (time <= this.graph.doneTime)
      throw new MillraceError(
        'MILLRACE_BATCH',
        `the batch ${time} ms has failed, and its event times were never read: a window that it lies in cannot be computed.`,
      )
    const before = this.#watermark
    const last = this.#lastRecord ?? this.graph.zeroTime
    const [greatest] = await collectRecords<number>(this.graph.engine, this.#greatest(this.at(time)!))
    if (greatest !== undefined)
      return { before, after: Math.max(before, greatest - this.#latenessMs), lastRecord: time }
    // Idle: event time passes as the batches do.
    const idle = this.#idleMs === undefined ? 0 : Math.min(this.slide, time - last - this.#idleMs)
    return { before, after: idle > 0 ? before + idle : before, lastRecord: last }
  }
}
