import type { CarriedFunction } from '../../functions/carry.js'
import { readBlock } from '../../memory/block.js'
import { type Column, type NumberColumn, TupleColumn } from '../../memory/column.js'
import type { Exchange } from '../../plan/ops.js'
import type { InputPartition } from '../../plan/source.js'
import { Combiner } from '../keyed/combine.js'
import { Keys } from '../keyed/keys.js'
import { GroupValues } from '../keyed/values.js'
import { pair } from '../pairs.js'
import type { LoadedProgram } from '../program.js'
import { initialStates, statesIn } from '../state/states.js'
import { trackStates } from '../state/track.js'
import type { Task } from '../task.js'
import { TotalValue } from '../total.js'
import { inChunks } from './source.js'

/**
 * The reading side of an exchange: what all tasks of the stage before have sent to this partition, in the order of
 * the tasks, combined if the exchange combines.
 *
 * @param results of the stages before, one a task
 * @param target the partition that reads
 * @param beside what lies in the partition beside that
 */
export function* readExchange(
  exchange: Exchange<CarriedFunction>,
  results: readonly (readonly number[])[],
  target: number,
  beside: InputPartition | undefined,
  program: LoadedProgram,
  task: Task,
): Generator<Column> {
  const sides = results.map(stage => blocksFor(target, stage, task))
  if (exchange.kind === 'key' && exchange.combine?.kind === 'track') {
    const states =
      beside?.kind === 'block'
        ? statesIn(readBlock(task.heap, beside.offset))
        : initialStates(sides.length > 1 ? sides[0]! : [], exchange.combine.timeout !== null, task)
    yield trackStates(exchange.combine, states, sides.at(-1)!, program, task)
    return
  }
  if (exchange.kind === 'key' && exchange.combine?.kind === 'cogroup') {
    yield* cogroup(sides, task)
    return
  }
  const blocks = sides[0]!
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
  task.expectedRows = keys.length
  if (keys.length > 0) yield* inChunks(pair(keys, values), task)
}

/** What the tasks of a stage have sent to a partition. */
function blocksFor(target: number, results: readonly number[], task: Task): Column[] {
  const blocks: Column[] = []
  for (const result of results) {
    const offset = new Float64Array(task.heap.buffer, result + target * 8, 1)[0]!
    if (offset !== 0) blocks.push(readBlock(task.heap, offset))
  }
  return blocks
}

/** For each key the values of each side, one array a side; keys in the order of the sides. */
function* cogroup(sides: Column[][], task: Task): Generator<Column> {
  task.expectedRows = sides.flat().reduce((n, block) => n + block.length, 0)
  const arena = task.scratch()
  const keys = new Keys(task, 0, arena)
  const values = sides.map(() => new GroupValues(task, arena))
  for (const [side, blocks] of sides.entries()) {
    for (const block of blocks) {
      for (const chunk of inChunks(block, task) as Generator<TupleColumn>)
        values[side]!.add(keys.ids(chunk.children[0]!), chunk.children[1]!)
    }
  }
  const { count } = keys
  if (count === 0) return
  const lists = values.map(side => side.finish(count))
  yield* inChunks(pair(keys.finish(), new TupleColumn(count, lists)), task)
}
