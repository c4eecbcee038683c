import { hashSpan, mix32, tagF64 } from '../../kernels/js/hash.js'
import type { Arena } from '../../memory/arena.js'
import type { Column, NumberColumn, SpanColumn } from '../../memory/column.js'
import { canonicalKey } from '../../memory/structured.js'
import { utf8Bytes } from '../../memory/text.js'
import type { Task } from '../task.js'

/** A hash of each key; the same for keys that are the same, whatever columns they lie in. */
export function hashKeys(keys: Column, task: Task, scratch: Arena): Int32Array {
  const { kernels } = task
  const hashes = scratch.i32(keys.length)
  if (keys.kind === 'const') return hashes.fill(keys.length === 0 ? 0 : hashKey(keys.value))
  if (keys.valid === undefined) {
    switch (keys.kind) {
      case 'i32': {
        const values = keys.values as Int32Array
        for (let i = 0; i < values.length; i++) hashes[i] = mix32(values[i]!)
        return hashes
      }
      case 'f64':
        kernels.tagsF64((keys as NumberColumn).values as Float64Array, hashes)
        return hashes
      case 'utf8':
        kernels.hashUtf8(keys as SpanColumn, hashes)
        return hashes
      case 'dict':
        kernels.gather(hashKeys(keys.words, task, scratch), keys.codes, hashes)
        return hashes
    }
  }
  for (let i = 0; i < hashes.length; i++) hashes[i] = hashKey(keys.get(i))
  return hashes
}

function hashKey(key: unknown): number {
  if (typeof key === 'number') return tagF64(key)
  const bytes = typeof key === 'string' && key.isWellFormed() ? utf8Bytes(key) : canonicalKey(key)
  return hashSpan(bytes, 0, bytes.length)
}

/** Bits for each key; more make fewer keys pass that were not entered. */
const BITS = 16

/** A set of hashes that may say yes to others too, to about one in so many: a Bloom filter with one hash. */
export class KeyFilter {
  readonly #bits: Int32Array
  readonly #shift: number

  /** @param keys that will be entered, at most */
  constructor(keys: number, scratch: Arena) {
    const log = Math.min(31, Math.max(5, Math.ceil(Math.log2(keys * BITS + 1))))
    this.#shift = 32 - log
    this.#bits = scratch.i32(2 ** (log - 5)).fill(0)
  }

  enter(hashes: Int32Array): void {
    const bits = this.#bits
    const shift = this.#shift
    for (let i = 0; i < hashes.length; i++) {
      const place = Math.imul(hashes[i]!, 0x9e3779b1) >>> shift
      bits[place >>> 5]! |= 1 << place
    }
  }

  /** The rows whose hash may have been entered, in order. */
  select(hashes: Int32Array, scratch: Arena): Int32Array {
    const bits = this.#bits
    const shift = this.#shift
    const rows = scratch.i32(hashes.length + 1)
    let count = 0
    for (let i = 0; i < hashes.length; i++) {
      const place = Math.imul(hashes[i]!, 0x9e3779b1) >>> shift
      // Written always, kept if found: there is no branch to guess.
      rows[count] = i
      count += (bits[place >>> 5]! >>> place) & 1
    }
    return rows.subarray(0, count)
  }
}
