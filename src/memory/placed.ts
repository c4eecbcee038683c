import type { Arena } from './arena.js'
import { describe, readBlock } from './block.js'
import type { Column } from './column.js'
import type { Heap } from './heap.js'

/**
 * Pairs whose keys are whole numbers of a small range, and whose values lie at the places of their keys: place p is that of the key
 * `first + p * stride`. The keys of one partition of several lie as many apart as there are partitions.
 *
 * Pairs that lie so are joined with others by going from place to place, without a look at a key. Whoever wants them as records
 * goes by the list of the keys.
 */
export class PlacedPairs {
  /** In the order of the records. */
  readonly keys: Int32Array
  readonly first: number
  readonly stride: number
  /** By place, a byte: whether there is a value. */
  readonly marks: Uint8Array
  /** By place. */
  readonly values: Column
  /** Of the first number of all values, as Kernels.exactness has it; undefined if nobody has looked. */
  readonly exactness: number | undefined

  constructor(
    keys: Int32Array,
    first: number,
    stride: number,
    marks: Uint8Array,
    values: Column,
    exactness?: number,
  ) {
    this.keys = keys
    this.first = first
    this.stride = stride
    this.marks = marks
    this.values = values
    this.exactness = exactness
  }

  get length(): number {
    return this.keys.length
  }

  /** The record of row `i`. */
  get(i: number): [key: number, value: unknown] {
    const key = this.keys[i]!
    return [key, this.values.get((key - this.first) / this.stride)]
  }
}

/** In the place of a column's kind. */
const PLACED = -1
const WORDS = 7

/** Describes pairs in the arena and gives the block's offset, as writeBlock does for a column; nothing is copied. */
export function writePlaced(arena: Arena, pairs: PlacedPairs): number {
  const { keys, first, stride, marks, values, exactness = NaN } = pairs
  const words = [PLACED, keys.length, keys.byteOffset, first, stride, marks.byteOffset, exactness]
  describe(arena, values, words)
  const out = arena.f64(words.length)
  out.set(words)
  return out.byteOffset
}

/** The pairs of the block at `offset`; undefined if it is a column. */
export function readPlaced(heap: Heap, offset: number): PlacedPairs | undefined {
  const head = new Float64Array(heap.buffer, offset, WORDS)
  const [kind, length, keys, first, stride, marks, exactness] = head
  if (kind !== PLACED) return undefined
  const values = readBlock(heap, offset + WORDS * 8)
  return new PlacedPairs(
    new Int32Array(heap.buffer, keys!, length),
    first!,
    stride!,
    new Uint8Array(heap.buffer, marks!, values.length),
    values,
    Number.isNaN(exactness) ? undefined : exactness,
  )
}

/** What the block at `offset` holds. */
export function recordsAt(heap: Heap, offset: number): PlacedPairs | Column {
  return readPlaced(heap, offset) ?? readBlock(heap, offset)
}
