import { PinnedSource } from '../../execution/sources/pinned-source.js'
import { unstamped } from '../../plan/event-time/stamps.js'
import { type Node, partitionCount, sourceNode } from '../../plan/nodes.js'
import type { Transform } from '../../plan/operators.js'
import { Stream } from '../stream.js'
import type { StampedStream, Watermarked } from './stamped-stream.js'

/**
 * The records that came too late to count: told by the watermark before their batch, the least one if there are several
 * results, so that no record is late that one of them has counted.
 */
export class LateStream extends Stream {
  readonly #input: StampedStream
  readonly #owners: readonly Watermarked[]
  readonly #late: Transform
  readonly #sources = new Map<number, PinnedSource>()
  readonly #watermarks = new Map<number, Promise<number>>()

  /** @param owners whose watermarks count; more may be added until the graph is begun */
  constructor(input: StampedStream, owners: readonly (Stream & Watermarked)[], late: Transform) {
    super(input.graph, owners)
    this.#input = input
    this.#owners = owners
    this.#late = late
  }

  protected compute(time: number): Node | undefined {
    const node = this.#input.at(time)
    if (node === undefined) return undefined
    const source = new PinnedSource(this.graph.engine, 'late records', partitionCount(node), async () => {
      const before = await this.#watermark(time)
      return { node: unstamped(this.#late(node)), numbers: { before } }
    })
    this.#sources.set(time, source)
    return sourceNode(source)
  }

  typical(): Node | undefined {
    const node = this.#input.typical()
    return node && unstamped(this.#late(node))
  }

  /** The watermarks are asked for while their owners know them. */
  override async settle(time: number): Promise<void> {
    if (this.at(time) !== undefined) await this.#watermark(time)
  }

  override done(time: number): void {
    super.done(time)
    for (const [t, source] of this.#sources) {
      if (t > time - this.kept) continue
      this.#sources.delete(t)
      this.#watermarks.delete(t)
      source.drop()
    }
  }

  #watermark(time: number): Promise<number> {
    let watermark = this.#watermarks.get(time)
    if (watermark === undefined) this.#watermarks.set(time, (watermark = this.#least(time)))
    return watermark
  }

  async #least(time: number): Promise<number> {
    const all = await Promise.all(this.#owners.map(owner => owner.watermarks(time)))
    return Math.min(...all.map(({ before }) => before))
  }
}
