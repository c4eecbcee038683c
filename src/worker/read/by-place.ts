import type { CarriedFunction } from '../../functions/carry.js'
import type { Arena } from '../../memory/arena.js'
import { PlacedPairs } from '../../memory/placed.js'
import type { Exchange } from '../../plan/ops.js'
import { reducePlaced } from '../keyed/places.js'
import type { Task } from '../task.js'
import type { Side } from './side.js'
import { slidPlaced } from './slide-by-place.js'

/**
 * What an exchange gives, where all that comes lies by place and can be joined so.
 *
 * @param arena where the result lies
 * @returns undefined if it must be read as records
 */
export function exchangedByPlace(
  exchange: Exchange<CarriedFunction>,
  sides: readonly Side[],
  task: Task,
  arena: Arena,
): PlacedPairs | undefined {
  if (task.ways !== 'auto' || exchange.kind !== 'key') return undefined
  const { combine, parts } = exchange
  if (combine?.kind === 'slide') return slidPlaced(combine, sides, parts, task, arena)
  if (combine?.kind !== 'reduce' || combine.fold === undefined) return undefined
  const { lying } = sides[0]!
  if (!lying?.every(pairs => pairs instanceof PlacedPairs)) return undefined
  return reducePlaced(combine.fold, lying, parts, task, arena)
}
