import type { Node } from '../plan/nodes.js'
import { DriverStream, type Stream } from './stream.js'

/** The batches of several streams, joined. */
export class JoinedStream extends DriverStream {
  readonly #join: (...sides: Node[]) => Node

  /** @throws MILLRACE_OPTION if the streams have different slide durations or contexts */
  constructor(parents: readonly Stream[], join: (...sides: Node[]) => Node) {
    super(parents, nodes => join(...nodes))
    this.#join = join
  }

  override typical(): Node | undefined {
    const nodes = this.parents.map(parent => parent.typical())
    return nodes.includes(undefined) ? undefined : this.#join(...(nodes as Node[]))
  }
}
