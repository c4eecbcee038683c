import { type Column, TupleColumn } from '../../memory/column.js'
import type { WantedKeys } from '../../plan/ops.js'
import { hashKeys, KeyFilter } from '../keyed/key-filter.js'
import { FoundRows } from '../keyed/key-index.js'
import { Keys } from '../keyed/keys.js'
import { GroupValues } from '../keyed/values.js'
import { asPairs, pair } from '../pairs.js'
import { take } from '../take.js'
import { CHUNK_ROWS, type Task } from '../task.js'
import type { Pairs, Side } from './side.js'
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
  const filtered = filteredSide(sides, wanted)
  task.expectedRows = sides.reduce((n, side) => n + (side === filtered?.side ? 0 : side.rows), 0)
  const keys = new Keys(task, 0, arena)
  const values = sides.map(() => new GroupValues(task, arena))
  for (const [s, side] of sides.entries()) {
    const pairs = side === filtered?.side ? wantedPairs(side, filtered.by, label, task) : side.pairs(label)
    for (const [key, value, hashes] of pairs) values[s]!.add(keys.ids(key, hashes), value)
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

/** The pairs of a side whose keys another one may have: those that it has are among them. */
function* wantedPairs(side: Side, by: Side, label: string, task: Task): Generator<Pairs> {
  const scratch = task.scratch()
  const { kernels } = task
  if (side.indexed !== undefined) {
    const { column, index } = side.indexed
    const found = new FoundRows(index, column.length, kernels, task.scratch())
    enterKeys(found, by, label, task)
    const rows = found.rows(task.scratch())
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      task.checkCancelled()
      scratch.reset()
      const some = take(column, rows.subarray(from, from + CHUNK_ROWS), kernels, scratch)
      const { children } = asPairs(some, label, scratch)
      yield [children[0]!, children[1]!, undefined]
    }
    return
  }
  const filter = new KeyFilter(by.rows, task.scratch())
  enterKeys(filter, by, label, task)
  for (const [keys, values] of side.pairs(label)) {
    scratch.reset()
    const rows = filter.select(hashKeys(keys, task, scratch), scratch)
    if (rows.length === 0) continue
    const [some, theirs] = [keys, values].map(column => take(column, rows, kernels, scratch))
    yield [some!, theirs!, undefined]
  }
}

function enterKeys(into: { enter(hashes: Int32Array): void }, side: Side, label: string, task: Task): void {
  const scratch = task.scratch()
  for (const [keys] of side.pairs(label)) {
    scratch.reset()
    into.enter(hashKeys(keys, task, scratch))
  }
}
