import { type Column, TupleColumn } from '../../memory/column.js'
import type { WantedKeys } from '../../plan/ops.js'
import { hashKeys, KeyFilter } from '../keyed/key-filter.js'
import { Keys } from '../keyed/keys.js'
import { GroupValues } from '../keyed/values.js'
import { pair } from '../pairs.js'
import { take } from '../take.js'
import type { Task } from '../task.js'
import type { Side } from './side.js'
import { inChunks } from './source.js'

/** A side so many times larger than another is worth being read through the other's keys. */
const MUCH_LARGER = 4

/** For each key the values of each side, one array a side; keys in the order of the sides. */
export function* cogrouped(
  sides: readonly Side[],
  wanted: WantedKeys,
  label: string,
  task: Task,
): Generator<Column> {
  const arena = task.scratch()
  const scratch = task.scratch()
  const filtered = filteredSide(sides, wanted)
  const filter = filtered && keysOf(filtered.by, label, task)
  task.expectedRows = sides.reduce((n, side) => n + (side === filtered?.side ? 0 : side.rows), 0)
  const keys = new Keys(task, 0, arena)
  const values = sides.map(() => new GroupValues(task, arena))
  for (const [s, side] of sides.entries()) {
    for (const [key, value, hashes] of side.pairs(label)) {
      if (filter === undefined || side !== filtered!.side) {
        values[s]!.add(keys.ids(key, hashes), value)
        continue
      }
      scratch.reset()
      const rows = filter.select(hashKeys(key, task, scratch), scratch)
      if (rows.length === 0) continue
      const [some, theirs] = [key, value].map(column => take(column, rows, task.kernels, scratch))
      values[s]!.add(keys.ids(some!), theirs!)
    }
  }
  const { count } = keys
  if (count === 0) return
  const lists = values.map(side => side.finish(count))
  yield* inChunks(pair(keys.finish(), new TupleColumn(count, lists)), task)
}

/** The one of two sides of which only those keys are wanted that the other has, if the other is much smaller. */
function filteredSide(
  [first, second]: readonly Side[],
  wanted: WantedKeys,
): { side: Side; by: Side } | undefined {
  if (wanted === 'any' || first === undefined || second === undefined) return undefined
  const bySecond = wanted === 'second' || (wanted === 'both' && second.rows < first.rows)
  const [side, by] = bySecond ? [first, second] : [second, first]
  return by.again && side.rows >= MUCH_LARGER * by.rows ? { side, by } : undefined
}

function keysOf(side: Side, label: string, task: Task): KeyFilter {
  const filter = new KeyFilter(side.rows, task.scratch())
  const scratch = task.scratch()
  for (const [keys] of side.pairs(label)) {
    scratch.reset()
    filter.enter(hashKeys(keys, task, scratch))
  }
  return filter
}
