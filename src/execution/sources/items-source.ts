import { TimeSlice } from '../../core/time-slice.js'
import { itemsLoop } from '../../functions/loops.js'
import { writerKey } from '../../functions/write-rows.js'
import type { Arena } from '../../memory/arena.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import type { Column } from '../../memory/column.js'
import type { Heap } from '../../memory/heap.js'
import type { RecordType } from '../../plan/source.js'
import { EncodedSource, type SourceHome } from './encoded-source.js'
import { typeOfRecord } from './record-type.js'

/** Records that are encoded between two looks at the clock. */
const STRETCH = 1024
const PROBE = 16

/**
 * For each heap the builder of each type that was filled last. V8 keeps the hidden classes that optimised code stands
 * on only while there are objects of them: with no builder left, garbage collection throws the encoding loop's code
 * away, and list after list is encoded by slow code.
 */
const filled = new WeakMap<Heap, Map<string, RowBuilder>>()
const MOST_FILLED = 100

/** A list of any records. */
export class ItemsSource extends EncodedSource {
  readonly label: string
  readonly #items: readonly unknown[]

  constructor(home: SourceHome, items: readonly unknown[], slices: number, label = 'parallelize') {
    super(home, slices)
    this.label = label
    this.#items = items
  }

  get length(): number {
    return this.#items.length
  }
  get recordType(): RecordType {
    return typeOfRecord(this.#items[0])
  }

  protected async encode(arena: Arena, from: number, to: number): Promise<Column> {
    const rows = new RowBuilder(arena, to - from, true)
    const slice = new TimeSlice()
    // The first records show the type that the loop is made for.
    for (let at = from, stretch = PROBE; at < to; at = Math.min(at + stretch, to), stretch = STRETCH) {
      itemsLoop(rows)(this.#items, at, Math.min(at + stretch, to), rows)
      if (slice.over()) await slice.rest()
    }
    const column = rows.finish()
    this.#keep(rows)
    return column
  }

  #keep(rows: RowBuilder): void {
    const { heap } = this.home
    let last = filled.get(heap)
    if (last === undefined) filled.set(heap, (last = new Map()))
    if (last.size >= MOST_FILLED) last.clear()
    last.set(writerKey(rows), rows)
  }
}
