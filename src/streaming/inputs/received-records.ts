import { sliceBounds } from '../../execution/sources/encoded-source.js'
import type { Arena } from '../../memory/arena.js'
import { writeBlock } from '../../memory/block.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import type { Column } from '../../memory/column.js'
import {
  type InputPartition,
  type OpenSource,
  type RecordType,
  type Source,
  UNKNOWN,
} from '../../plan/source.js'
import type { BatchMemory } from './batch-memory.js'

/** Records that are encoded as they come. */
export class RecordLog {
  readonly arena: Arena
  readonly #columns: Column[] = []
  #rows: RowBuilder
  #sealed = 0

  constructor(arena: Arena) {
    this.arena = arena
    this.#rows = this.#builder()
  }

  get length(): number {
    return this.#sealed + this.#rows.length
  }

  /**
   * Adds a record.
   *
   * @throws MILLRACE_HEAP_FULL, MILLRACE_VALUE; what was added before stays whole
   */
  push(record: unknown): void {
    const rows = this.#rows
    const { length } = rows
    try {
      rows.push(record)
    } catch (error) {
      // Parts of the record may lie in the column already: nothing can follow them.
      this.#rows = this.#builder()
      if (length > 0) {
        this.#columns.push(rows.finish().slice(0, length))
        this.#sealed += length
      }
      throw error
    }
  }

  /** All records, as one column or several. */
  finish(): Column[] {
    return this.#rows.length === 0 ? this.#columns : [...this.#columns, this.#rows.finish()]
  }

  #builder(): RowBuilder {
    return new RowBuilder(this.arena, 0, true)
  }
}

/** The records of one batch, in the heap. */
export class ReceivedRecords implements Source {
  readonly label: string
  readonly recordType: RecordType = UNKNOWN
  readonly #log: RecordLog | undefined
  readonly #memory: BatchMemory
  readonly #parallelism: number
  #partitions: InputPartition[] | undefined

  constructor(name: string, memory: BatchMemory, log: RecordLog | undefined, parallelism: number) {
    this.label = name
    this.#log = log
    this.#memory = memory
    this.#parallelism = log === undefined ? 1 : parallelism
  }

  partitionCount(): number {
    return this.#parallelism
  }

  async open(): Promise<OpenSource> {
    return this.#memory.open(() => (this.#partitions ??= this.#cut()))
  }

  #cut(): InputPartition[] {
    const log = this.#log
    if (log === undefined) return [{ kind: 'empty' }]
    const columns = log.finish()
    return Array.from({ length: this.#parallelism }, (_, i): InputPartition => {
      const [from, to] = sliceBounds(i, log.length, this.#parallelism)
      if (from === to) return { kind: 'empty' }
      return { kind: 'block', offset: writeBlock(log.arena, slice(columns, from, to, log.arena)) }
    })
  }
}

/** Records `[from, to)` of columns one after the other. */
function slice(columns: readonly Column[], from: number, to: number, arena: Arena): Column {
  const parts: Column[] = []
  let start = 0
  for (const column of columns) {
    const [a, b] = [Math.max(from - start, 0), Math.min(to - start, column.length)]
    if (a < b) parts.push(column.slice(a, b))
    start += column.length
  }
  if (parts.length === 1) return parts[0]!
  const rows = new RowBuilder(arena, to - from)
  for (const part of parts) rows.append(part)
  return rows.finish()
}
