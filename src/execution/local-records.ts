import { rowReader } from '../functions/loops.js'
import { readBlock } from '../memory/block.js'
import { type Node, partitionCount } from '../plan/nodes.js'
import { hasExchange } from '../plan/operators.js'
import type { Engine } from './engine.js'

/** The memory that an iterator reads from at the moment. */
interface Held {
  release(): void
}

const NOTHING: Held = { release: () => {} }
/** Rows that are read as values together. */
const ROWS = 1024
/** The memory of iterators that were neither read to their end nor left goes when they do. */
const forgotten = new FinalizationRegistry<{ held: Held }>(({ held }) => held.release())

/**
 * The records of a plan one by one, a job for each partition when it is its turn. If the plan exchanges records, all of it
 * is one job: a part would cost as much as the whole, again and again.
 */
export function localRecords<T>(engine: Engine, node: Node): AsyncGenerator<T, void, undefined> {
  const holder = { held: NOTHING }
  const records = read<T>(engine, node, holder)
  forgotten.register(records, holder)
  return records
}

async function* read<T>(
  engine: Engine,
  node: Node,
  holder: { held: Held },
): AsyncGenerator<T, void, undefined> {
  const selections = hasExchange(node)
    ? [{}]
    : Array.from({ length: partitionCount(node) }, (_, i) => ({ partitions: [i] }))
  for (const selection of selections) {
    const result = await engine.run(node, undefined, selection)
    holder.held = result
    try {
      for (const block of result.blocks) {
        if (block === 0) continue
        const column = readBlock(engine.heap, block)
        for (let from = 0; from < column.length; from += ROWS) {
          const chunk = column.slice(from, Math.min(from + ROWS, column.length))
          const value = rowReader(chunk)
          for (let k = 0; k < chunk.length; k++) yield value(k) as T
        }
      }
    } finally {
      holder.held = NOTHING
      result.release()
    }
  }
}
