import { hashSpan } from '../../kernels/js/hash.js'
import { numberPart, wholePart } from '../../kernels/js/partition.js'
import type { Arena } from '../../memory/arena.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import { CanonicalBuilder } from '../../memory/build/spans.js'
import { type Column, type DictColumn, NumberColumn, SpanColumn } from '../../memory/column.js'
import { canonicalKey } from '../../memory/structured.js'
import { utf8Bytes } from '../../memory/text.js'
import type { Task } from '../task.js'
import { type DenseRange, NumberTable, SpanTable } from './key-table.js'
import { partsOf, type Shape, Structures } from './structures.js'

/** How keys are found: as numbers, as text, by the parts of a structure, or by the canonical bytes of any value. */
type Form = 'i32' | 'f64' | 'text' | Shape | 'canonical'

/**
 * The distinct keys of a stream of chunks. Every key gets a dense id in the order of its first appearance. Keys of
 * one type are found by a kernel, those of one structure by their parts; when types mix, by their canonical bytes.
 */
export class Keys {
  readonly #task: Task
  readonly #arena: Arena
  readonly #scratch: Arena
  readonly #least: number
  #form: Form | undefined
  #numbers: NumberTable | undefined
  #spans: SpanTable | undefined
  #structures: Structures | undefined
  /** In canonical form: the keys as they came, by id. */
  #originals: RowBuilder | undefined
  /** The dictionary seen last, and the id of each of its words, -1 where not yet known. */
  #dictionary: { words: SpanColumn; ids: Int32Array } | undefined

  /**
   * @param least at least so many distinct keys will come
   * @param arena where they lie
   */
  constructor(task: Task, least: number, arena: Arena) {
    this.#task = task
    this.#arena = arena
    this.#scratch = task.scratch()
    this.#least = least
  }

  get count(): number {
    return this.#numbers?.count ?? this.#spans?.count ?? this.#structures?.count ?? 0
  }

  /**
   * The id of each row's key. The result is void at the next call.
   *
   * @param hashes of the rows, if they are known and the rows are text
   */
  ids(column: Column, hashes?: Int32Array): Int32Array {
    this.#scratch.reset()
    const form = widest(this.#form, formOf(column))
    if (form !== this.#form) this.#become(form, column)
    const ids = this.#scratch.i32(column.length)
    this.#group(column, hashes, ids)
    return ids
  }

  /** The keys by id; nothing more may be entered. */
  finish(): Column {
    this.#numbers?.close()
    this.#spans?.close()
    this.#structures?.close()
    this.#dictionary = undefined
    return this.#keys()
  }

  /** Hashes by id that a later stage may use again; for text only. */
  get hashes(): Int32Array | undefined {
    return this.#form === 'text' ? this.#spans!.hashes : undefined
  }

  /** The range of the keys, if they are whole numbers found by their place. */
  get range(): DenseRange | undefined {
    return this.#numbers?.range
  }

  #keys(): Column {
    if (this.#originals !== undefined) return this.#originals.finish()
    return (
      this.#numbers?.keys() ??
      this.#spans?.keys() ??
      this.#structures?.keys() ??
      new NumberColumn(this.#arena.i32(0))
    )
  }

  /** Enters the keys known so far into a table of a wider form: the ids stay, since they are entered in order. */
  #become(form: Form, column: Column): void {
    const known = this.count > 0 ? this.#keys() : undefined
    const { kernels } = this.#task
    this.#numbers =
      form === 'i32' || form === 'f64'
        ? new NumberTable(kernels, this.#arena, form === 'i32', this.#least, this.#task.expectedRows)
        : undefined
    this.#spans =
      form === 'text' || form === 'canonical' ? new SpanTable(kernels, this.#arena, this.#least) : undefined
    this.#structures =
      this.#numbers === undefined && this.#spans === undefined ? this.#structuresLike(column) : undefined
    this.#originals = form === 'canonical' ? new RowBuilder(this.#arena) : undefined
    this.#form = form
    this.#dictionary = undefined
    if (known !== undefined) this.#group(known, undefined, this.#scratch.i32(known.length))
  }

  #group(column: Column, hashes: Int32Array | undefined, ids: Int32Array): void {
    if (this.#form === 'canonical') return this.#groupCanonical(column, ids)
    if (column.kind === 'const') {
      const one = new RowBuilder(this.#scratch)
      one.push(column.value)
      this.#group(one.finish(), undefined, ids.subarray(0, 1))
      ids.fill(ids[0]!)
      return
    }
    if (this.#structures !== undefined) {
      this.#structures.group(column, partsOf(column)!.columns, ids)
      return
    }
    if (column.kind === 'dict') return this.#groupDictionary(column, ids)
    if (column.kind === 'utf8') return this.#groupSpans(column, hashes, ids)
    const { values } = column as NumberColumn
    if (this.#numbers!.whole || values instanceof Float64Array) return this.#numbers!.group(values, ids)
    const doubles = this.#scratch.f64(values.length)
    doubles.set(values)
    this.#numbers!.group(doubles, ids)
  }

  #structuresLike(column: Column): Structures {
    const { length } = partsOf(column)!.columns
    return new Structures(length, arena => new Keys(this.#task, 0, arena), this.#task, this.#arena)
  }

  #groupSpans(rows: SpanColumn, known: Int32Array | undefined, ids: Int32Array): void {
    let hashes = known
    if (hashes === undefined) {
      hashes = this.#scratch.i32(rows.length)
      this.#task.kernels.hashUtf8(rows, hashes)
    }
    this.#spans!.group(rows, hashes, ids)
  }

  /** Words are entered when a row first uses them; the rows themselves only look up their code. */
  #groupDictionary({ codes, words }: DictColumn, ids: Int32Array): void {
    let dictionary = this.#dictionary
    if (dictionary?.words !== words)
      dictionary = this.#dictionary = { words, ids: new Int32Array(words.length).fill(-1) }
    const known = dictionary.ids
    const fresh: number[] = []
    for (let i = 0; i < codes.length; i++) {
      if (known[codes[i]!] !== -1) continue
      known[codes[i]!] = -2
      fresh.push(codes[i]!)
    }
    if (fresh.length > 0) {
      const starts = this.#scratch.i32(fresh.length)
      const ends = this.#scratch.i32(fresh.length)
      fresh.forEach((code, i) => {
        starts[i] = words.starts[code]!
        ends[i] = words.ends[code]!
      })
      const freshIds = this.#scratch.i32(fresh.length)
      this.#groupSpans(new SpanColumn('utf8', words.bytes, starts, ends), undefined, freshIds)
      fresh.forEach((code, i) => {
        known[code] = freshIds[i]!
      })
    }
    for (let i = 0; i < codes.length; i++) ids[i] = known[codes[i]!]!
  }

  #groupCanonical(column: Column, ids: Int32Array): void {
    const values = Array.from({ length: column.length }, (_, i) => column.get(i))
    const rows = canonicalRows(values, this.#scratch)
    let fresh = this.#spans!.count
    this.#groupSpans(rows, undefined, ids)
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] !== fresh) continue
      this.#originals!.push(values[i])
      fresh++
    }
  }
}

/** The partition of each row's key: a whole number of 32 bits goes to key mod parts, anything else by its hash. */
export function targetsOf(
  keys: Column,
  parts: number,
  task: Task,
  scratch: Arena,
  known?: Int32Array,
): Int32Array {
  const { kernels } = task
  const targets = scratch.i32(keys.length)
  if (keys.kind === 'const') return targets.fill(keys.length === 0 ? 0 : partOf(keys.value, parts))
  switch (formOf(keys)) {
    case 'i32':
      kernels.partitionI32((keys as NumberColumn).values as Int32Array, parts, targets)
      return targets
    case 'f64':
      kernels.partitionF64((keys as NumberColumn).values as Float64Array, parts, targets)
      return targets
    case 'text': {
      if (keys.kind === 'dict') {
        const words = targetsOf(keys.words, parts, task, scratch)
        kernels.gather(words, keys.codes, targets)
        return targets
      }
      const hashes = known ?? scratch.i32(keys.length)
      if (known === undefined) kernels.hashUtf8(keys as SpanColumn, hashes)
      kernels.partitionHashes(hashes, parts, targets)
      return targets
    }
    default:
      for (let i = 0; i < keys.length; i++) targets[i] = partOf(keys.get(i), parts)
      return targets
  }
}

/** The partition of one key, the same as if it stood in a column of its own type. */
export function partOf(key: unknown, parts: number): number {
  if (typeof key === 'number') return numberPart(key, parts)
  if (typeof key === 'bigint') return wholePart(Number(key % BigInt(parts)), parts)
  const bytes = typeof key === 'string' && key.isWellFormed() ? utf8Bytes(key) : canonicalKey(key)
  return (hashSpan(bytes, 0, bytes.length) >>> 0) % parts
}

function formOf(column: Column): Form {
  if (column.valid !== undefined) return 'canonical'
  if (column.kind === 'const') return formOfValue(column.value)
  if (column.kind === 'i32' || column.kind === 'f64') return column.kind
  if (column.kind === 'utf8' || column.kind === 'dict') return 'text'
  return partsOf(column)?.shape ?? 'canonical'
}

function formOfValue(value: unknown): Form {
  if (typeof value === 'number') return (value | 0) === value && !Object.is(value, -0) ? 'i32' : 'f64'
  return typeof value === 'string' && value.isWellFormed() ? 'text' : 'canonical'
}

function widest(a: Form | undefined, b: Form): Form {
  if (a === undefined || a === b) return b
  const numbers = (form: Form): boolean => form === 'i32' || form === 'f64'
  return numbers(a) && numbers(b) ? 'f64' : 'canonical'
}

function canonicalRows(values: unknown[], scratch: Arena): SpanColumn {
  const builder = new CanonicalBuilder(scratch, values.length)
  for (const value of values) builder.push(value)
  return builder.finish()
}
