import { TimeSlice } from '../core/time-slice.js'
import { rowReader } from '../functions/loops.js'
import { readBlock } from '../memory/block.js'
import type { Column } from '../memory/column.js'
import type { Heap } from '../memory/heap.js'

const ROWS = 256

/** The records of blocks, in order, as values; yields to the event loop between stretches. */
export async function decodeBlocks(heap: Heap, blocks: readonly number[]): Promise<unknown[]> {
  const slice = new TimeSlice()
  const records: unknown[] = []
  for (const block of blocks) {
    if (block === 0) continue
    const column = readBlock(heap, block)
    for (let from = 0; from < column.length; from += ROWS) {
      if (slice.over()) await slice.rest()
      append(
        records,
        column.length <= ROWS ? column : column.slice(from, Math.min(from + ROWS, column.length)),
      )
    }
  }
  return records
}

function append(records: unknown[], column: Column): void {
  const read = rowReader(column)
  for (let i = 0; i < column.length; i++) records.push(read(i))
}
