import { MillraceError } from '../core/errors.js'
import type { Arena } from './arena.js'
import {
  BigIntColumn,
  BoolColumn,
  type Column,
  ConstColumn,
  DictColumn,
  ListColumn,
  NumberColumn,
  SpanColumn,
  StructColumn,
  TupleColumn,
} from './column.js'
import type { Heap } from './heap.js'
import { decodeValue, encodeValue } from './structured.js'

/**
 * A block is a column whose description lies in the heap beside its data, so that one number, its offset, hands
 * it to another thread. The description is a row of doubles: kind, length, place of the validity bytes (0 when
 * there are none), then what the kind says, then the children.
 */
const KINDS = [
  'f64',
  'i32',
  'i64',
  'bool',
  'utf8',
  'binary',
  'any',
  'dict',
  'list',
  'tuple',
  'struct',
  'const',
] as const

/**
 * Describes a column in the arena and gives the block's offset. The column's data must lie in the same heap and
 * live as long as the block; it is not copied.
 */
export function writeBlock(arena: Arena, column: Column): number {
  const words: number[] = []
  describe(arena, column, words)
  const out = arena.f64(words.length)
  out.set(words)
  return out.byteOffset
}

/** The words of a column's description. */
export function describe(arena: Arena, column: Column, words: number[]): void {
  words.push(KINDS.indexOf(column.kind), column.length, column.valid?.byteOffset ?? 0)
  switch (column.kind) {
    case 'f64':
    case 'i32':
    case 'i64':
    case 'bool':
      words.push(column.values.byteOffset)
      return
    case 'utf8':
    case 'binary':
    case 'any':
      words.push(
        column.bytes.byteOffset,
        column.bytes.length,
        column.starts.byteOffset,
        column.ends.byteOffset,
      )
      return
    case 'dict':
      words.push(column.codes.byteOffset)
      return describe(arena, column.words, words)
    case 'list':
      words.push(column.starts.byteOffset, column.ends.byteOffset)
      return describe(arena, column.child, words)
    case 'tuple':
      words.push(column.children.length)
      for (const child of column.children) describe(arena, child, words)
      return
    case 'struct': {
      words.push(column.children.length, ...copied(arena, column.names))
      for (const child of column.children) describe(arena, child, words)
      return
    }
    case 'const':
      words.push(...copied(arena, column.value))
  }
}

function copied(arena: Arena, value: unknown): [offset: number, length: number] {
  const bytes = encodeValue(value)
  const out = arena.u8(bytes.length)
  out.set(bytes)
  return [out.byteOffset, out.length]
}

/** The column of the block at `offset`: views, no copy. */
export function readBlock(heap: Heap, offset: number): Column {
  return new BlockReader(heap.buffer, offset).column()
}

class BlockReader {
  readonly #buffer: SharedArrayBuffer
  readonly #words: Float64Array
  #next = 0

  constructor(buffer: SharedArrayBuffer, offset: number) {
    this.#buffer = buffer
    // The description's length shows while reading; a view of more than it needs costs nothing.
    this.#words = new Float64Array(buffer, offset, Math.floor((buffer.byteLength - offset) / 8))
  }

  column(): Column {
    const buffer = this.#buffer
    const kind = KINDS[this.#word()]
    const length = this.#word()
    const validAt = this.#word()
    const valid = validAt === 0 ? undefined : new Uint8Array(buffer, validAt, length)
    switch (kind) {
      case 'f64':
        return new NumberColumn(new Float64Array(buffer, this.#word(), length), valid)
      case 'i32':
        return new NumberColumn(this.#i32(length), valid)
      case 'i64':
        return new BigIntColumn(new BigInt64Array(buffer, this.#word(), length), valid)
      case 'bool':
        return new BoolColumn(new Uint8Array(buffer, this.#word(), length), valid)
      case 'utf8':
      case 'binary':
      case 'any':
        return new SpanColumn(kind, this.#u8(), this.#i32(length), this.#i32(length), valid)
      case 'dict':
        return new DictColumn(this.#i32(length), this.column() as SpanColumn, valid)
      case 'list': {
        const starts = this.#i32(length)
        const ends = this.#i32(length)
        return new ListColumn(this.column(), starts, ends, valid)
      }
      case 'tuple':
        return new TupleColumn(length, this.#children(this.#word()), valid)
      case 'struct': {
        const count = this.#word()
        const names = decodeValue(this.#u8(), 0) as string[]
        return new StructColumn(length, names, this.#children(count), valid)
      }
      case 'const':
        return new ConstColumn(length, decodeValue(this.#u8(), 0))
      default:
        throw new MillraceError('MILLRACE_INTERNAL', 'a block without a known kind')
    }
  }

  #word(): number {
    return this.#words[this.#next++]!
  }
  #i32(length: number): Int32Array {
    return new Int32Array(this.#buffer, this.#word(), length)
  }
  #u8(): Uint8Array {
    const offset = this.#word()
    return new Uint8Array(this.#buffer, offset, this.#word())
  }
  #children(count: number): Column[] {
    return Array.from({ length: count }, () => this.column())
  }
}
