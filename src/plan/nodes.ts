import type { UserFunction } from '../functions/user-function.js'
import type { Exchange, Op } from './ops.js'
import type { Source } from './source.js'

/**
 * The plan of an RDD: a lazy graph of four kinds of node. Nodes do not change once made, but for `storage` and
 * the name a user gives.
 */
export type Node = SourceNode | NarrowNode | UnionNode | ExchangeNode

interface Common {
  readonly id: number
  /** Set by setName. */
  name?: string | undefined
  /** Set by persist: computes the node once and keeps it; the node's parents are then not looked at. */
  storage?: Source | undefined
  /** What the job that computes the node may as well compute, for later ones: a job more costs more than a stage more. */
  also?: readonly Source[]
}

export interface SourceNode extends Common {
  readonly kind: 'source'
  readonly source: Source
}

export interface NarrowNode extends Common {
  readonly kind: 'narrow'
  readonly parent: Node
  readonly op: Op<UserFunction>
}

export interface UnionNode extends Common {
  readonly kind: 'union'
  readonly parents: readonly Node[]
}

export interface ExchangeNode extends Common {
  readonly kind: 'exchange'
  /** One; for a cogroup, one for each of its sides. */
  readonly parents: readonly Node[]
  readonly exchange: Exchange<UserFunction>
}

let nextId = 0

export const sourceNode = (source: Source): SourceNode => ({ kind: 'source', id: nextId++, source })
export const narrowNode = (parent: Node, op: Op<UserFunction>): NarrowNode => ({
  kind: 'narrow',
  id: nextId++,
  parent,
  op,
})
export const unionNode = (parents: readonly Node[]): UnionNode => ({ kind: 'union', id: nextId++, parents })
export const exchangeNode = (parents: readonly Node[], exchange: Exchange<UserFunction>): ExchangeNode => ({
  kind: 'exchange',
  id: nextId++,
  parents,
  exchange,
})

/** The number of partitions of a node's RDD. */
export function partitionCount(node: Node): number {
  if (node.storage !== undefined) return node.storage.partitionCount()
  switch (node.kind) {
    case 'source':
      return node.source.partitionCount()
    case 'narrow':
      return partitionCount(node.parent)
    case 'union':
      return node.parents.reduce((n, parent) => n + partitionCount(parent), 0)
    case 'exchange':
      return node.exchange.kind === 'total' ? 1 : node.exchange.parts
  }
}
