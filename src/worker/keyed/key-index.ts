import type { Kernels } from '../../kernels/kernels.js'
import type { Arena } from '../../memory/arena.js'

/** Of a partition's rows, in `2^n` buckets by hash: where each bucket begins, and behind all of them the rows of each, in order. */
export function indexOf(hashes: Int32Array, kernels: Kernels, out: Arena, scratch: Arena): Int32Array {
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, hashes.length)))
  const index = out.i32(buckets + 1 + hashes.length)
  const targets = scratch.i32(hashes.length)
  kernels.partitionHashes(hashes, buckets, targets)
  kernels.bucket(targets, index.subarray(0, buckets + 1), index.subarray(buckets + 1))
  return index
}

/** The rows whose keys may be among some others, found by an index: no look at the rest. */
export class FoundRows {
  readonly #bounds: Int32Array
  readonly #order: Int32Array
  readonly #seen: Int32Array
  readonly #found: Int32Array

  /** @param rows of the partition that the index is of */
  constructor(index: Int32Array, rows: number, kernels: Kernels, scratch: Arena) {
    this.#bounds = index.subarray(0, index.length - rows)
    this.#order = index.subarray(index.length - rows)
    this.#seen = scratch.i32(Math.ceil(this.#bounds.length / 32))
    this.#found = scratch.i32(Math.ceil(rows / 32))
    kernels.zero(this.#seen)
    kernels.zero(this.#found)
  }

  /** Enters the hashes of wanted keys. */
  enter(hashes: Int32Array): void {
    const [bounds, order, seen, found] = [this.#bounds, this.#order, this.#seen, this.#found]
    const last = bounds.length - 2
    for (let i = 0; i < hashes.length; i++) {
      const bucket = hashes[i]! & last
      if ((seen[bucket >>> 5]! >>> bucket) & 1) continue
      seen[bucket >>> 5]! |= 1 << bucket
      for (let at = bounds[bucket]!; at < bounds[bucket + 1]!; at++) {
        const row = order[at]!
        found[row >>> 5]! |= 1 << row
      }
    }
  }

  /** All that were found, in order. */
  rows(scratch: Arena): Int32Array {
    const found = this.#found
    let count = 0
    for (let word = 0; word < found.length; word++) count += ones(found[word]!)
    const rows = scratch.i32(count)
    let next = 0
    for (let word = 0; word < found.length; word++) {
      for (let bits = found[word]!; bits !== 0; bits &= bits - 1)
        rows[next++] = word * 32 + 31 - Math.clz32(bits & -bits)
    }
    return rows
  }
}

function ones(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count++
  return count
}
