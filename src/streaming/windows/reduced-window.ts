import { type Node, unionNode } from '../../plan/nodes.js'
import type { Transform } from '../../plan/operators.js'
import { Stream } from '../stream.js'
import { nodesBetween } from './window-stream.js'

/**
 * A reduction by key over a window, without an inverse, in a number of reductions that is the same for each slide and does not
 * depend on the window's length.
 *
 * Time is cut into blocks of half a window. A window is a suffix of the block in which it begins, whole blocks if there are
 * any, and what has come of the block at hand. Of a block, its running reduction grows with each slide; its suffixes are
 * made while the block after it comes, one a slide, the shortest first: the last, which is the whole block, is there just when
 * the first window begins in it. These are the two stacks of a queue with a running reduction, of which one is turned over a
 * little with each slide instead of at once (Tangwongsan, Hirzel, Schneider: Low-latency sliding-window aggregation in
 * worst-case constant time, DEBS 2017). Older values stay left throughout.
 */
export class ReducedWindowStream extends Stream {
  readonly #windowMs: number
  readonly #slideMs: number
  readonly #blockMs: number
  readonly #reduce: Transform
  /** Of the slices from here to the end of the block, by the time before them. */
  readonly #suffixes = new Map<number, Node>()
  /** Of the slices from the beginning of the block, by the time of the last. */
  readonly #running = new Map<number, Node>()
  /** The nodes of both that are kept for this stream, and not slices of the parent. */
  readonly #own = new Set<Node>()
  /** Kept nodes that are new in the batch at hand. */
  readonly #fresh: Node[] = []
  /** The block whose suffixes are being made, and where the next one begins. */
  #prepared: { end: number; next: number } | undefined
  #last = 0

  /**
   * @param slices the parent's batches, reduced by key
   * @param reduce makes one pair of all the pairs of a key, the older value left
   */
  constructor(slices: Stream, windowMs: number, slideMs: number, reduce: Transform) {
    super(slices.graph, [slices])
    this.#windowMs = windowMs
    this.#slideMs = slideMs
    this.#blockMs = Math.ceil(Math.ceil(windowMs / slideMs) / 2) * slideMs
    this.#reduce = reduce
    if (windowMs > slideMs) slices.persistForReductions()
    slices.remember(this.neededOfParent(0))
  }

  override get slide(): number {
    return this.#slideMs
  }

  protected override neededOfParent(ms: number): number {
    return ms + Math.max(this.#windowMs, 2 * this.#blockMs)
  }

  protected compute(time: number): Node {
    const begin = time - this.#windowMs
    // Blocks are worth their while from three slides on.
    if (this.#windowMs <= 2 * this.#slideMs || time < this.#last)
      return this.#merge(this.#slices(begin, time))
    this.#last = time
    const { zeroTime } = this.graph
    let end = zeroTime
    const parts: Node[] = []
    if (begin >= zeroTime) {
      end = this.#endOfBlock(begin)
      parts.push(this.#suffix(begin, end))
    }
    for (; end < time; end += this.#blockMs) parts.push(this.#runningAt(Math.min(end + this.#blockMs, time)))
    this.#prepare(time)
    if (parts.length === 1) return parts[0]!
    const window = this.#merge(parts)
    window.also = this.#fresh.flatMap(({ storage }) => storage ?? [])
    return window
  }

  /** The end of the block that has the slice after `begin`. */
  #endOfBlock(begin: number): number {
    const { zeroTime } = this.graph
    return zeroTime + (Math.floor((begin - zeroTime) / this.#blockMs) + 1) * this.#blockMs
  }

  /** Makes one more suffix of the last block that has ended, until it has all. */
  #prepare(time: number): void {
    const end = this.#endOfBlock(time) - this.#blockMs
    if (this.#prepared?.end !== end) {
      // A window that is no multiple of the slide begins and ends at different places between the slides.
      this.#prepared = { end, next: end - (this.#windowMs % this.#slideMs || this.#slideMs) }
    }
    const { next } = this.#prepared
    if (next < Math.max(end - this.#blockMs, this.graph.zeroTime)) return
    this.#suffix(next, end)
    this.#prepared.next -= this.#slideMs
  }

  /** Of what comes after `begin`, up to the end of its block. */
  #suffix(begin: number, end: number): Node {
    const known = this.#suffixes.get(begin)
    if (known !== undefined) return known
    const next = begin + this.#slideMs
    const suffix = this.#stored(
      next < end ? [...this.#slices(begin, next), this.#suffix(next, end)] : this.#slices(begin, end),
    )
    this.#suffixes.set(begin, suffix)
    return suffix
  }

  /** Of what has come of a block up to a time. */
  #runningAt(time: number): Node {
    const known = this.#running.get(time)
    if (known !== undefined) return known
    const begin = this.#endOfBlock(time - 1) - this.#blockMs
    const before = time - this.#slideMs
    const last = before > begin ? this.#running.get(before) : undefined
    const node = this.#stored(
      last === undefined ? this.#slices(begin, time) : [last, ...this.#slices(before, time)],
    )
    this.#running.set(time, node)
    return node
  }

  #slices(begin: number, end: number): Node[] {
    return nodesBetween(this.parents[0]!, begin, end)
  }

  #merge(parts: readonly Node[]): Node {
    return this.#reduce(unionNode(parts))
  }

  #stored(parts: readonly Node[]): Node {
    if (parts.length === 1) return parts[0]!
    const node = this.#merge(parts)
    this.graph.persist(node, true)
    this.#own.add(node)
    this.#fresh.push(node)
    return node
  }

  /** Computes what was prepared for windows that are still to come, so that none of them must do it all. */
  override async settle(): Promise<void> {
    for (const node of this.#fresh.splice(0)) {
      const open = await node.storage?.open()
      open?.release()
    }
  }

  override done(time: number): void {
    super.done(time)
    const until = time - this.kept
    const oldest = until - this.#windowMs
    for (const [t, node] of this.#running) {
      const whole = (t - this.graph.zeroTime) % this.#blockMs === 0
      if (t <= (whole ? oldest : until - this.#slideMs)) this.#drop(this.#running, t, node)
    }
    for (const [t, node] of this.#suffixes) if (t <= oldest) this.#drop(this.#suffixes, t, node)
  }

  #drop(from: Map<number, Node>, time: number, node: Node): void {
    from.delete(time)
    if (this.#own.delete(node)) this.graph.unpersist(node)
  }

  typical(): Node | undefined {
    const node = this.parents[0]!.typical()
    return node && this.#reduce(unionNode([node, node]))
  }
}
