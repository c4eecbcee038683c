import { type Node, narrowNode, unionNode } from '../../plan/nodes.js'
import { Stream } from '../stream.js'

/**
 * The batches of a parent that lie in a window: at time T, those after T - window, the oldest first. Before the stream has
 * run for a whole window, those that there are.
 */
export class WindowStream extends Stream {
  readonly #windowMs: number
  readonly #slideMs: number

  /** @param windowMs a multiple of the parent's slide, as is `slideMs` */
  constructor(parent: Stream, windowMs: number, slideMs: number) {
    super(parent.graph, [parent])
    this.#windowMs = windowMs
    this.#slideMs = slideMs
    // A batch that lies in several windows is computed once.
    if (windowMs > slideMs) parent.persistComputed()
    parent.remember(windowMs)
  }

  override get slide(): number {
    return this.#slideMs
  }

  /** A window has nothing of its own to keep: the batches that lie in it are kept. */
  override persist(): void {
    this.parents[0]!.persist()
  }

  protected override neededOfParent(ms: number): number {
    return ms + this.#windowMs
  }

  protected compute(time: number): Node {
    return unionNode(nodesBetween(this.parents[0]!, time - this.#windowMs, time))
  }

  protected override lasts(): boolean {
    return this.parents.every(parent => parent.lasting)
  }

  typical(): Node | undefined {
    const node = this.parents[0]!.typical()
    return (
      node &&
      narrowNode(node, {
        kind: 'project',
        label: `window of ${this.#windowMs} ms every ${this.#slideMs} ms`,
        meaning: { kind: 'input' },
      })
    )
  }
}

/** The plans of the batches of a stream after `begin`, up to `end`. */
export function nodesBetween(stream: Stream, begin: number, end: number): Node[] {
  const { slide, graph } = stream
  const nodes: Node[] = []
  for (let time = Math.max(begin, graph.zeroTime) + slide; time <= end; time += slide) {
    const node = stream.at(time)
    if (node !== undefined) nodes.push(node)
  }
  return nodes
}
