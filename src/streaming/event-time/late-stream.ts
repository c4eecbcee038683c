import { PinnedSource } from '../../execution/sources/pinned-source.js'
import { unstamped } from '../../plan/event-time/stamps.js'
import { type Node, partitionCount, sourceNode } from '../../plan/nodes.js'
import type { Transform } from '../../plan/operators.js'
import { Stream } from '../stream.js'
import type { StampedStream, Watermarked } from './stamped-stream.js'

/** The records that came too late to count: told by the watermark before their batch. */
export class LateStream extends Stream {
  readonly #input: StampedStream
  readonly #owner: Watermarked
  readonly #late: (watermark: number) => Transform
  readonly #sources = new Map<number, PinnedSource>()

  /** @param owner whose watermark it is: the input's own, or that of what it is joined with */
  constructor(input: StampedStream, owner: Stream & Watermarked, late: (watermark: number) => Transform) {
    super(input.graph, owner === input ? [input] : [input, owner])
    this.#input = input
    this.#owner = owner
    this.#late = late
  }

  protected compute(time: number): Node | undefined {
    const node = this.#input.at(time)
    if (node === undefined) return undefined
    const source = new PinnedSource(this.graph.engine, 'late records', partitionCount(node), async () => {
      const { before } = await this.#owner.watermarks(time)
      return unstamped(this.#late(before)(node))
    })
    this.#sources.set(time, source)
    return sourceNode(source)
  }

  typical(): Node | undefined {
    const node = this.#input.typical()
    return node && unstamped(this.#late(Number.NEGATIVE_INFINITY)(node))
  }

  override done(time: number): void {
    super.done(time)
    for (const [t, source] of this.#sources) {
      if (t > time - this.kept) continue
      this.#sources.delete(t)
      source.drop()
    }
  }
}
