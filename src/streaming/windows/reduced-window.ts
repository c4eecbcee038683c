import { type Node, unionNode } from '../../plan/nodes.js'
import type { Transform } from '../../plan/operators.js'
import { Stream } from '../stream.js'
import { nodesBetween } from './window-stream.js'

/**
 * A reduction by key over a window, without an inverse: two stacks of partial results. `front` holds, for each slide's
 * beginning up to a boundary, the reduction from there to the boundary; `back` one running reduction of all slices since. A
 * window is one of the front and the back, so that a slide costs the same whatever the window's length. When the front is
 * used up, the slices of the window at hand become the new front, once per window. Older values stay left throughout.
 */
export class ReducedWindowStream extends Stream {
  readonly #windowMs: number
  readonly #slideMs: number
  readonly #reduce: Transform
  /** By the time before their first slice. */
  readonly #front = new Map<number, Node>()
  /** By the time of their last slice. */
  readonly #back = new Map<number, Node>()
  /** The nodes of both that are kept for this stream, and not slices of the parent. */
  readonly #own = new Set<Node>()
  #boundary: number | undefined
  #last = 0

  /**
   * @param slices the parent's batches, reduced by key
   * @param reduce makes one pair of all the pairs of a key, the older value left
   */
  constructor(slices: Stream, windowMs: number, slideMs: number, reduce: Transform) {
    super(slices.graph, [slices])
    this.#windowMs = windowMs
    this.#slideMs = slideMs
    this.#reduce = reduce
    if (windowMs > slideMs) slices.persistComputed()
    slices.remember(windowMs)
  }

  override get slide(): number {
    return this.#slideMs
  }

  protected override neededOfParent(ms: number): number {
    return ms + this.#windowMs
  }

  protected compute(time: number): Node {
    const begin = time - this.#windowMs
    // Two stacks are worth their while from three slides on.
    if (this.#windowMs <= 2 * this.#slideMs || time < this.#last)
      return this.#merge(this.#slices(begin, time))
    this.#last = time
    this.#boundary ??= this.graph.zeroTime
    if (begin >= this.#boundary) this.#turn(begin, time)
    const front = this.#front.get(begin)
    const back = this.#backAt(time)
    const parts = [front, back].filter(node => node !== undefined)
    return parts.length === 1 ? parts[0]! : this.#merge(parts)
  }

  /** Makes the slices after `begin` the front: the suffixes of the window, the shortest first. */
  #turn(begin: number, boundary: number): void {
    this.#boundary = boundary
    let from = begin + Math.floor((boundary - begin - 1) / this.#slideMs) * this.#slideMs
    let suffix: Node | undefined
    for (let end = boundary; from >= begin; end = from, from -= this.#slideMs) {
      const slices = this.#slices(from, end)
      suffix = this.#stored([...slices, ...(suffix === undefined ? [] : [suffix])])
      this.#front.set(from, suffix)
    }
  }

  /** The slices after the boundary, reduced; undefined if there are none. */
  #backAt(time: number): Node | undefined {
    const boundary = this.#boundary!
    if (time <= boundary) return undefined
    const known = this.#back.get(time)
    if (known !== undefined) return known
    const before = time - this.#slideMs
    const last = before > boundary ? this.#back.get(before) : undefined
    const parts = last === undefined ? this.#slices(boundary, time) : [last, ...this.#slices(before, time)]
    const back = this.#stored(parts)
    this.#back.set(time, back)
    return back
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
    this.graph.persist(node)
    this.#own.add(node)
    return node
  }

  override done(time: number): void {
    super.done(time)
    const until = time - this.kept
    // The back goes into that of the next slide; a front is for one window only.
    for (const [t, node] of this.#back) if (t <= until - this.#slideMs) this.#drop(this.#back, t, node)
    for (const [t, node] of this.#front) if (t + this.#windowMs <= until) this.#drop(this.#front, t, node)
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
