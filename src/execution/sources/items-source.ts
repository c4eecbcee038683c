import { TimeSlice } from '../../core/time-slice.js'
import { itemsLoop } from '../../functions/loops.js'
import type { Arena } from '../../memory/arena.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import type { Column } from '../../memory/column.js'
import type { RecordType } from '../../plan/source.js'
import { EncodedSource, type SourceHome } from './encoded-source.js'
import { typeOfRecord } from './record-type.js'

/** Records that are encoded between two looks at the clock. */
const STRETCH = 1024
const PROBE = 16

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
    return rows.finish()
  }
}
