import type { Arena } from '../memory/arena.js'
import { type Column, ConstColumn, type ListColumn, TupleColumn } from '../memory/column.js'
import type { Op } from '../plan/ops.js'
import { pair } from './pairs.js'
import { take } from './take.js'
import { CHUNK_ROWS, type Task } from './task.js'

type MatchOp = Op<never> & { kind: 'match' }

/**
 * What a join makes of the sides of a cogroup: rows of both beside each other, without a look at a value. A chunk is void when the
 * next one is asked for.
 */
export function* matched(op: MatchOp, chunks: Generator<Column>, task: Task): Generator<Column> {
  const rows = new Rows(task.scratch())
  const scratch = task.scratch()
  for (const chunk of chunks) {
    const [keys, sides] = (chunk as TupleColumn).children as [Column, TupleColumn]
    const [left, right] = sides.children as [ListColumn, ListColumn]
    for (let key = 0; key < chunk.length; key++) {
      const [firstLeft, firstRight] = [left.starts[key]!, right.starts[key]!]
      const lefts = left.ends[key]! - firstLeft
      const rights = right.ends[key]! - firstRight
      const [across, down] = timesOf(op, lefts, rights)
      for (let l = 0; l < down; l++) {
        for (let r = 0; r < across; r++) {
          rows.note(key, lefts > 0 ? firstLeft + l : -1, rights > 0 ? firstRight + r : -1)
          if (rows.count < CHUNK_ROWS) continue
          task.checkCancelled()
          scratch.reset()
          yield rows.taken(op, keys, left, right, task, scratch)
        }
      }
    }
    if (rows.count === 0) continue
    scratch.reset()
    yield rows.taken(op, keys, left, right, task, scratch)
  }
}

/** How often a key's values on the right are gone through, and those on the left. */
function timesOf({ gives, keys }: MatchOp, lefts: number, rights: number): [across: number, down: number] {
  switch (gives) {
    case 'pairs': {
      const alone = (side: 'first' | 'second'): number => (keys === 'any' || keys === side ? 1 : 0)
      return [rights || alone('first'), lefts || alone('second')]
    }
    case 'unmatched':
      return [rights === 0 ? 1 : 0, lefts]
    case 'key':
      return lefts > 0 && rights > 0 ? [1, 1] : [0, 0]
  }
}

/** Rows that come to lie beside each other, up to a chunk of them. */
class Rows {
  readonly #keys: Int32Array
  readonly #left: SideRows
  readonly #right: SideRows
  count = 0

  constructor(arena: Arena) {
    this.#keys = arena.i32(CHUNK_ROWS)
    this.#left = new SideRows(arena)
    this.#right = new SideRows(arena)
  }

  /** Of a side that has no row, -1. */
  note(key: number, left: number, right: number): void {
    this.#keys[this.count] = key
    this.#left.note(this.count, left)
    this.#right.note(this.count, right)
    this.count++
  }

  /** The records of the rows noted, of which there are none afterwards. */
  taken(
    { gives }: MatchOp,
    keys: Column,
    left: ListColumn,
    right: ListColumn,
    task: Task,
    arena: Arena,
  ): Column {
    const { count } = this
    const values =
      gives === 'key'
        ? new ConstColumn(count, null)
        : gives === 'unmatched'
          ? this.#left.taken(count, left.child, task, arena)
          : new TupleColumn(count, [
              this.#left.taken(count, left.child, task, arena),
              this.#right.taken(count, right.child, task, arena),
            ])
    this.count = 0
    return pair(take(keys, this.#keys.subarray(0, count), task.kernels, arena), values)
  }
}

/** Rows of one side. */
class SideRows {
  readonly #rows: Int32Array
  /** For each a byte, 0 if the side has none. */
  readonly #there: Uint8Array

  constructor(arena: Arena) {
    this.#rows = arena.i32(CHUNK_ROWS)
    this.#there = arena.u8(CHUNK_ROWS)
  }

  note(at: number, row: number): void {
    this.#rows[at] = row < 0 ? 0 : row
    this.#there[at] = row < 0 ? 0 : 1
  }

  taken(count: number, values: Column, { kernels }: Task, arena: Arena): Column {
    const noted = this.#there.subarray(0, count)
    const all = !noted.includes(0)
    if (!all && !noted.includes(1)) return new ConstColumn(count, null)
    const rows = this.#rows.subarray(0, count)
    if (all) return take(values, rows, kernels, arena)
    const there = arena.u8(count)
    there.set(noted)
    return take(values, rows, kernels, arena, there)
  }
}
