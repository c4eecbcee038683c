import type { Arena } from '../../memory/arena.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import type { Column } from '../../memory/column.js'
import { packed, take } from '../take.js'
import type { Task } from '../task.js'
import { NumberTable } from './key-table.js'

/** The parts of a structure that all rows of a column have: the items of a tuple, or the fields of an object by name. */
export interface Parts {
  shape: Shape
  columns: readonly Column[]
}

/** Equal for structures that have the same parts, whatever these are. */
export type Shape = `[${number}]` | `{${string}}`

/** @returns undefined for columns of another type, and for those with nulls */
export function partsOf(column: Column): Parts | undefined {
  if (column.valid !== undefined) return undefined
  if (column.kind === 'tuple') return { shape: `[${column.children.length}]`, columns: column.children }
  if (column.kind !== 'struct') return undefined
  const { names, children } = column
  const order = names.map((_, k) => k).sort((a, b) => (names[a]! < names[b]! ? -1 : 1))
  return {
    shape: `{${JSON.stringify(order.map(k => names[k]))}}`,
    columns: order.map(k => children[k]!),
  }
}

/** Gives ids to the values of a column; see Keys. */
interface Ids {
  ids(column: Column): Int32Array
}

/**
 * Distinct keys of one structure, found by their parts: each part has an id among its like, and two ids together are a number
 * that has one, too. No key is made a JavaScript value.
 */
export class Structures {
  readonly #task: Task
  readonly #scratch: Arena
  /** What only finding keys needs. */
  readonly #tables: Arena
  readonly #parts: Ids[]
  /** For each part but the first, the ids of all parts up to it. */
  readonly #joined: NumberTable[]
  /** The keys as they first came, by id. */
  readonly #keys: RowBuilder
  #count = 0

  /**
   * @param parts how many there are
   * @param idsIn makes what finds the values of one, in some memory
   * @param arena where the keys lie
   */
  constructor(parts: number, idsIn: (arena: Arena) => Ids, task: Task, arena: Arena) {
    const tables = task.scratch()
    this.#task = task
    this.#scratch = task.scratch()
    this.#tables = tables
    this.#parts = Array.from({ length: parts }, () => idsIn(tables))
    this.#joined = this.#parts
      .slice(1)
      .map(() => new NumberTable(task.kernels, tables, false, 0, task.expectedRows))
    this.#keys = new RowBuilder(arena)
  }

  get count(): number {
    return this.#count
  }

  keys(): Column {
    return this.#keys.finish()
  }

  /** Finds or enters each row of a column of these parts, and writes its id. */
  group(column: Column, parts: readonly Column[], ids: Int32Array): void {
    const scratch = this.#scratch
    scratch.reset()
    ids.set(this.#parts[0]!.ids(parts[0]!))
    const both = scratch.f64(this.#joined.length > 0 ? ids.length : 0)
    const words = new Int32Array(both.buffer, both.byteOffset, 2 * both.length)
    for (const [k, table] of this.#joined.entries()) {
      const next = this.#parts[k + 1]!.ids(parts[k + 1]!)
      // Two ids are the words of a double; none is large enough to make it NaN.
      for (let row = 0; row < ids.length; row++) {
        words[2 * row] = next[row]!
        words[2 * row + 1] = ids[row]!
      }
      table.group(both, ids)
    }
    this.#note(column, ids)
  }

  /** Gives up what only finding keys needs. */
  close(): void {
    this.#tables.reset()
  }

  /** Keeps the keys that have come for the first time. */
  #note(column: Column, ids: Int32Array): void {
    const rows = this.#scratch.i32(ids.length)
    const before = this.#count
    for (let row = 0; row < ids.length; row++)
      if (ids[row] === this.#count) rows[this.#count++ - before] = row
    if (this.#count === before) return
    const fresh = take(column, rows.subarray(0, this.#count - before), this.#task.kernels, this.#scratch)
    this.#keys.append(packed(fresh, this.#task.kernels, this.#scratch))
  }
}
