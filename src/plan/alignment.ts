import type { UserFunction } from '../functions/user-function.js'
import type { Node } from './nodes.js'
import type { Op } from './ops.js'
import type { Source } from './source.js'

/**
 * Pairs that lie where an exchange by key would send them: kept results of an exchange into as many partitions. They need not be
 * sent, each task of the reading side takes its own partition of them. Spark calls that a narrow dependency between RDDs with
 * the same partitioner.
 */

/** Sources that go through the same operators. */
export interface Run<F> {
  ops: Op<F>[]
  sources: Source[]
}

/** A node's records by the sources where they lie, in order; undefined if some are not divided by key into `parts` partitions. */
export function alignedRuns(node: Node, parts: number): Run<UserFunction>[] | undefined {
  const runs: Run<UserFunction>[] = []
  return collect(node, []) ? runs : undefined

  function collect(at: Node, ops: Op<UserFunction>[]): boolean {
    if (at.storage !== undefined) return dividedInto(at) === parts && add(at.storage, ops)
    switch (at.kind) {
      case 'source':
        return at.source.dividedInto === parts && add(at.source, ops)
      case 'narrow':
        return keepsKeys(at.op) && collect(at.parent, [at.op, ...ops])
      case 'union':
        return at.parents.every(parent => collect(parent, ops))
      case 'exchange':
        return false
    }
  }

  function add(source: Source, ops: Op<UserFunction>[]): true {
    const last = runs.at(-1)
    if (last?.ops.length === ops.length && last.ops.every((op, k) => op === ops[k])) last.sources.push(source)
    else runs.push({ ops, sources: [source] })
    return true
  }
}

/** The number of partitions among which a node's pairs are divided by the hash of their keys; undefined if they are not. */
function dividedInto(node: Node): number | undefined {
  switch (node.kind) {
    case 'source':
      return node.source.dividedInto
    case 'narrow':
      return keepsKeys(node.op) ? dividedInto(node.parent) : undefined
    case 'union':
      return undefined
    case 'exchange': {
      const { exchange } = node
      if (exchange.kind !== 'key' || exchange.partitioner !== undefined) return undefined
      return exchange.combine?.kind === 'track' ? undefined : exchange.parts
    }
  }
}

function keepsKeys(op: Op<UserFunction>): boolean {
  switch (op.kind) {
    case 'filter':
    case 'mapValues':
    case 'flatMapValues':
      return true
    case 'project': {
      const { meaning } = op
      if (meaning.kind !== 'tuple' || meaning.items.length !== 2) return false
      const [key] = meaning.items
      return key!.kind === 'field' && key.of.kind === 'input' && key.name === 0
    }
    default:
      return false
  }
}
