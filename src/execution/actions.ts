import { readBlock } from '../memory/block.js'
import { recordsAt } from '../memory/placed.js'
import { type Node, partitionCount } from '../plan/nodes.js'
import { hasExchange } from '../plan/operators.js'
import type { Source } from '../plan/source.js'
import { decodeBlocks } from './decode.js'
import type { Engine } from './engine.js'
import type { Selection } from './prepare.js'

/** The records of a plan, at most `limit` of each partition; of some partitions only, if they are given. */
export async function collectRecords<T>(
  engine: Engine,
  node: Node,
  limit?: number,
  partitions?: readonly number[],
): Promise<T[]> {
  const result = await engine.run(node, { kind: 'collect', limit }, partitions && { partitions })
  try {
    return (await decodeBlocks(engine.heap, result.blocks)) as T[]
  } finally {
    result.release()
  }
}

/** The first `n` records: from as few partitions as will do, unless the others must be computed anyway. */
export async function firstRecords<T>(engine: Engine, node: Node, n: number): Promise<T[]> {
  if (hasExchange(node)) return (await collectRecords<T>(engine, node, n)).slice(0, n)
  const total = partitionCount(node)
  let found: T[] = []
  for (let from = 0, width = 1; from < total && found.length < n; from += width, width *= 4) {
    const partitions = Array.from({ length: Math.min(width, total - from) }, (_, i) => from + i)
    found = found.concat(await collectRecords<T>(engine, node, n - found.length, partitions))
  }
  return found.slice(0, n)
}

/** The number of records. */
export async function countRecords(engine: Engine, node: Node, selection?: Selection): Promise<number> {
  const source = keptSource(node)
  if (source !== undefined) return countKept(engine, source)
  return (await countPartitions(engine, node, selection)).reduce((n, rows) => n + rows, 0)
}

/** The number of records of each partition. */
export async function countPartitions(engine: Engine, node: Node, selection?: Selection): Promise<number[]> {
  const result = await engine.run(node, { kind: 'count' }, selection)
  try {
    return result.blocks.map(block => readBlock(engine.heap, block).get(0) as number)
  } finally {
    result.release()
  }
}

/** The source whose records are as many, if they need not be looked at for that. */
function keptSource(node: Node): Source | undefined {
  if (node.storage !== undefined) return node.storage.kept && node.storage
  // Records that were divided by key are pairs, and can be rearranged.
  const at = node.kind === 'narrow' && node.op.kind === 'project' ? node.parent : node
  if (at.kind !== 'source' || at.storage !== undefined || !at.source.kept) return undefined
  return at === node || at.source.dividedInto !== undefined ? at.source : undefined
}

async function countKept(engine: Engine, source: Source): Promise<number> {
  engine.checkRunning()
  const { partitions, release } = await source.open()
  try {
    return partitions.reduce(
      (n, at) => n + (at.kind === 'block' ? recordsAt(engine.heap, at.offset).length : 0),
      0,
    )
  } finally {
    release()
  }
}
