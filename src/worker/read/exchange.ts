import type { CarriedFunction } from '../../functions/carry.js'
import { readBlock } from '../../memory/block.js'
import type { Column, NumberColumn, TupleColumn } from '../../memory/column.js'
import type { Exchange } from '../../plan/ops.js'
import { Combiner } from '../keyed/combine.js'
import { pair } from '../pairs.js'
import type { LoadedProgram } from '../program.js'
import type { Task } from '../task.js'
import { TotalValue } from '../total.js'
import { inChunks } from './source.js'

/**
 * The reading side of an exchange: what all tasks of the stage before have sent to this partition, in the order of
 * the tasks, combined if the exchange combines.
 *
 * @param results of the stage before, one a task
 * @param target the partition that reads
 */
export function* readExchange(
  exchange: Exchange<CarriedFunction>,
  results: readonly number[],
  target: number,
  program: LoadedProgram,
  task: Task,
): Generator<Column> {
  const blocks: Column[] = []
  for (const result of results) {
    const offset = new Float64Array(task.heap.buffer, result + target * 8, 1)[0]!
    if (offset !== 0) blocks.push(readBlock(task.heap, offset))
  }
  if (exchange.kind === 'total') {
    const value = new TotalValue(exchange.total, true, program, task)
    for (const block of blocks) value.add(block)
    const result = value.finish()
    if (result.length > 0) yield result
    return
  }
  if (exchange.kind === 'spread' || exchange.combine === undefined) {
    for (const block of blocks) yield* inChunks(block, task)
    return
  }
  task.expectedRows = blocks.reduce((n, block) => n + block.length, 0)
  // Blocks that were combined have every key once.
  const leastKeys = exchange.combine.kind === 'group' ? 0 : Math.max(0, ...blocks.map(block => block.length))
  const combiner = new Combiner(exchange.combine, 'merge', leastKeys, program, task)
  for (const block of blocks) {
    for (const chunk of inChunks(block, task) as Generator<TupleColumn>) {
      combiner.add(
        chunk.children[0]!,
        chunk.children[1]!,
        (chunk.children[2] as NumberColumn | undefined)?.values as Int32Array | undefined,
      )
    }
  }
  const [keys, values] = combiner.finish()
  if (keys.length > 0) yield* inChunks(pair(keys, values), task)
}
