import type { CarriedFunction } from '../../functions/carry.js'
import type { Column } from '../../memory/column.js'
import type { Combine, Exchange } from '../../plan/ops.js'
import { Combiner } from '../keyed/combine.js'
import { pair } from '../pairs.js'
import type { LoadedProgram } from '../program.js'
import { initialStates, type States, statesIn } from '../state/states.js'
import { trackStates } from '../state/track.js'
import type { Task } from '../task.js'
import { TotalValue } from '../total.js'
import { cogrouped } from './cogroup.js'
import type { Side } from './side.js'
import { slid } from './slide.js'
import { inChunks } from './source.js'

/**
 * The reading side of an exchange: what has come to a partition on each side, in the order in which it came, combined if the
 * exchange combines.
 */
export function* readExchange(
  exchange: Exchange<CarriedFunction>,
  sides: readonly Side[],
  program: LoadedProgram,
  task: Task,
): Generator<Column> {
  const side = sides[0]!
  if (exchange.kind === 'total') {
    const value = new TotalValue(exchange.total, true, program, task)
    for (const block of side.blocks) value.add(block)
    const result = value.finish()
    if (result.length > 0) yield result
  } else if (exchange.kind !== 'key' || exchange.combine === undefined) {
    yield* side.chunks()
  } else if (exchange.combine.kind === 'track') {
    yield tracked(exchange.combine, sides, program, task)
  } else if (exchange.combine.kind === 'slide') {
    yield* slid(exchange.combine, sides, exchange.label, program, task)
  } else if (exchange.combine.kind === 'cogroup') {
    yield* cogrouped(sides, exchange.combine.keys, exchange.label, task)
  } else {
    yield* combined(exchange.combine, side, exchange.label, program, task)
  }
}

/** One pair for each key. */
function* combined(
  combine: Combine<CarriedFunction>,
  side: Side,
  label: string,
  program: LoadedProgram,
  task: Task,
): Generator<Column> {
  task.expectedRows = side.rows
  // Blocks that were combined have every key once.
  const leastKeys = combine.kind === 'group' ? 0 : Math.max(0, ...side.blocks.map(block => block.length))
  const combiner = new Combiner(combine, side.aligned ? 'both' : 'merge', leastKeys, program, task)
  for (const [keys, values, hashes] of side.pairs(label)) combiner.add(keys, values, hashes)
  const [keys, values] = combiner.finish()
  task.expectedRows = keys.length
  if (keys.length > 0) yield* inChunks(pair(keys, values), task)
}

/** The states before, or what they begin with, and behind them the batch's records. */
function tracked(
  combine: Combine<CarriedFunction> & { kind: 'track' },
  sides: readonly Side[],
  program: LoadedProgram,
  task: Task,
): Column {
  let states: States | undefined
  if (combine.before === 'states') for (const record of sides[0]!.chunks()) states = statesIn(record)
  states ??= initialStates(combine.before === 'pairs' ? sides[0] : undefined, combine.timeout !== null, task)
  return trackStates(combine, states, sides.at(-1)!.blocks, program, task)
}
