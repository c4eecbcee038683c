import type { Arena } from '../../memory/arena.js'
import type { SpanColumn } from '../../memory/column.js'
import { utf8Bytes } from '../../memory/text.js'
import type { Sign } from '../../plan/ops.js'
import type { Task } from '../task.js'
import { RadixSort } from './radix.js'

/** Bytes of a text that are looked at together. */
const TOGETHER = 8
/** What stands for the length of what is left, where it is more than that. */
const MORE = TOGETHER + 1
/** Fewer texts than these are compared one by one. */
const FEW = 64

/**
 * JavaScript orders texts by code units, which puts surrogates, the characters of four bytes, before those from U+E000 on. Bytes
 * give the same order once their first bytes, f0 to f4 and ee to ef, have changed places.
 */
const RANKS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0xf0 && byte <= 0xf4 ? byte - 2 : byte === 0xee || byte === 0xef ? byte + 5 : byte,
)

/** The bytes of a text, as they are compared. */
export function rankedBytes(text: string): Uint8Array {
  return utf8Bytes(text).map(byte => RANKS[byte]!)
}

/** Compares the text of some bytes with one whose ranked bytes are given: less than 0, 0, or more than 0. */
export function compareRanked(bytes: Uint8Array, from: number, to: number, ranked: Uint8Array): number {
  const length = Math.min(to - from, ranked.length)
  for (let i = 0; i < length; i++) {
    const order = RANKS[bytes[from + i]!]! - ranked[i]!
    if (order !== 0) return order
  }
  return to - from - ranked.length
}

/** Rows that are equal in their first bytes, so many of them. */
interface Group {
  rows: Int32Array
  equal: number
}

/** The rows in the order of their texts: eight bytes at a time, and behind these only those that are equal so far. */
export function textsInOrder(texts: SpanColumn, sign: Sign, task: Task, arena: Arena): Int32Array {
  const rows = arena.i32(texts.length)
  for (let row = 0; row < rows.length; row++) rows[row] = row
  const sort = new RadixSort(rows.length, arena, () => task.checkCancelled())
  const prefixes = new Prefixes(texts, sign, arena)
  const groups: Group[] = [{ rows, equal: 0 }]
  for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
    if (group.rows.length < FEW) {
      comparedInOrder(texts, group.rows, sign)
      continue
    }
    const order = sort.order(prefixes.read(group))
    for (let k = 0; k < order.length; k++) order[k] = group.rows[order[k]!]!
    group.rows.set(order)
    groups.push(...prefixes.unfinished(group))
  }
  return rows
}

function comparedInOrder(texts: SpanColumn, rows: Int32Array, sign: Sign): void {
  const known = Array.from(rows, row => ({ row, text: texts.at(row) as string }))
  known.sort((a, b) => (a.text === b.text ? 0 : a.text < b.text ? -sign : sign))
  for (const [k, { row }] of known.entries()) rows[k] = row
}

/** The bytes of texts behind those that are equal, as numbers that go up, or down, with them. */
class Prefixes {
  readonly #texts: SpanColumn
  readonly #sign: Sign
  /** How many bytes are left, up to one more than fit; and these, the first bytes in the last word. */
  readonly #words: [left: Int32Array, low: Int32Array, high: Int32Array]

  constructor(texts: SpanColumn, sign: Sign, arena: Arena) {
    const n = texts.length
    this.#texts = texts
    this.#sign = sign
    this.#words = [arena.i32(n), arena.i32(n), arena.i32(n)]
  }

  /** The words of a group's rows, the lowest first. */
  read({ rows, equal }: Group): Int32Array[] {
    const { bytes, starts, ends } = this.#texts
    const n = rows.length
    const [left, low, high] = this.#words
    const turned = this.#sign < 0 ? -1 : 0
    for (let k = 0; k < n; k++) {
      const from = starts[rows[k]!]! + equal
      const length = Math.min(ends[rows[k]!]! - from, MORE)
      let [first, second] = [0, 0]
      for (let i = 0; i < 4; i++) first = (first << 8) | (i < length ? RANKS[bytes[from + i]!]! : 0)
      for (let i = 4; i < TOGETHER; i++) second = (second << 8) | (i < length ? RANKS[bytes[from + i]!]! : 0)
      high[k] = first ^ turned
      low[k] = second ^ turned
      left[k] = length ^ turned
    }
    return this.#words.map(word => word.subarray(0, n))
  }

  /** Of a group in order: the groups of rows that are still equal and have more bytes. */
  *unfinished(group: Group): Generator<Group> {
    const { rows, equal } = group
    const [left, low, high] = this.read(group) as [Int32Array, Int32Array, Int32Array]
    const more = this.#sign < 0 ? ~MORE : MORE
    for (let from = 0, to = 1; from < rows.length; from = to++) {
      if (left[from] !== more) continue
      while (to < rows.length && left[to] === more && low[to] === low[from] && high[to] === high[from]) to++
      if (to - from === 1) continue
      const all = to - from === rows.length
      const common = all ? this.#common(rows, equal + TOGETHER) : equal + TOGETHER
      yield { rows: rows.subarray(from, to), equal: common }
    }
  }

  /** How many first bytes all rows have in common, of which `equal` are known. */
  #common(rows: Int32Array, equal: number): number {
    const { bytes, starts, ends } = this.#texts
    const first = starts[rows[0]!]!
    let most = ends[rows[0]!]! - first
    for (const row of rows) {
      const start = starts[row]!
      most = Math.min(most, ends[row]! - start)
      let length = equal
      while (length < most && bytes[first + length] === bytes[start + length]) length++
      most = length
    }
    return most
  }
}
