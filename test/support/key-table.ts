import { LAYOUT } from '../../src/kernels/layout.js'
import type { Memory } from './kernels.js'

/** How a key table is laid out by hand; `bytes` makes it one of texts, `range` a dense one. */
export interface TableShape {
  capacity: number
  keys?: 'i32' | 'f64'
  bytes?: number
  least?: number
  range?: number
}

/** A key table without the class that grows it: what the kernels see. */
export class RawTable {
  readonly header: Int32Array
  readonly keys: Int32Array | Float64Array
  readonly hashes: Int32Array
  readonly bytes: Uint8Array

  constructor(memory: Memory, shape: TableShape) {
    const { capacity, bytes = 0, least = 0, range = 0 } = shape
    const slots = 2 ** Math.ceil(Math.log2(capacity * 2))
    this.header = memory.i32(LAYOUT.T_WORDS).fill(0)
    this.header[LAYOUT.T_CAPACITY] = capacity
    this.header[LAYOUT.T_SHIFT] = 32 - Math.log2(slots)
    this.#point(LAYOUT.T_SLOTS, memory.i32(range > 0 ? range : slots * 2).fill(0))
    this.keys = shape.keys === 'f64' ? memory.f64(capacity) : memory.i32(capacity + 1)
    if (bytes > 0) this.keys[0] = 0
    this.#point(LAYOUT.T_KEYS, this.keys)
    this.hashes = memory.i32(capacity)
    this.bytes = memory.u8(bytes)
    if (bytes > 0) {
      this.#point(LAYOUT.T_HASHES, this.hashes)
      this.#point(LAYOUT.T_BYTES, this.bytes)
    }
    this.header[LAYOUT.T_BYTES_CAPACITY] = bytes
    this.header[LAYOUT.T_DENSE_MIN] = least
    this.header[LAYOUT.T_DENSE_RANGE] = range
  }
  get count(): number {
    return this.header[LAYOUT.T_COUNT]!
  }
  /** The keys of a table of texts, by id. */
  get texts(): string[] {
    return Array.from({ length: this.count }, (_, id) =>
      Buffer.from(this.bytes)
        .subarray(this.keys[id], this.keys[id + 1])
        .toString('latin1'),
    )
  }
  /** The keys of a table of numbers, by id. */
  get numbers(): number[] {
    return [...this.keys.subarray(0, this.count)]
  }
  #point(word: number, array: Int32Array | Float64Array | Uint8Array): void {
    this.header[word] = array.byteOffset / 64
  }
}

/** The dense ids and the distinct keys in order of first appearance; a Map takes -0 for 0 and NaN for NaN, too. */
export function plainGroups<K>(keys: Iterable<K>): { ids: number[]; distinct: K[] } {
  const found = new Map<K, { id: number; key: K }>()
  const ids: number[] = []
  for (const key of keys) {
    if (!found.has(key)) found.set(key, { id: found.size, key })
    ids.push(found.get(key)!.id)
  }
  return { ids, distinct: [...found.values()].map(({ key }) => key) }
}
