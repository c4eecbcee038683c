import { type Column, NumberColumn } from '../../memory/column.js'
import { PlacedPairs, recordsAt } from '../../memory/placed.js'
import type { InputPartition } from '../../plan/source.js'
import { recordsOf } from '../keyed/places.js'
import type { Task } from '../task.js'
import { readDocuments, readRecords } from './binary.js'
import { FileWindow } from './file-window.js'
import { readLines, type TextWindow, WINDOW } from './lines.js'
import { readProduct, readZip } from './paired.js'

/** The records of one partition of a source, in chunks. A chunk is void when the next one is asked for. */
export function* readPartition(partition: InputPartition, task: Task): Generator<Column> {
  switch (partition.kind) {
    case 'empty':
      return
    case 'block': {
      const records = recordsAt(task.heap, partition.offset)
      task.rowsRead += records.length
      task.expectedRows = records.length
      yield* chunksOf(records, task)
      return
    }
    case 'range':
      yield* readRange(partition, task)
      return
    case 'file': {
      const window = FileWindow.open(task.files, partition.path, partition.start, task.scratch())
      try {
        // The first line is the first split's, even if that ends within a byte order mark.
        const end = partition.start === 0 ? Math.max(partition.end, window.position + 1) : partition.end
        yield* readLines(window, end, partition.limit, task)
      } finally {
        window.close()
      }
      return
    }
    case 'records':
      yield* readRecords(partition, task)
      return
    case 'documents':
      yield* readDocuments(partition, task)
      return
    case 'zip': {
      const [left, right] = [readPartition(partition.left, task), readPartition(partition.right, task)]
      yield* readZip(left, right, partition.location, task)
      return
    }
    case 'product':
      yield* readProduct(partition, task)
      return
    case 'text': {
      const bytes = new Uint8Array(task.heap.buffer, partition.offset, partition.length)
      const window = new HeapWindow(partition.name, partition.position, bytes)
      yield* readLines(window, bytes.length, partition.limit, task)
    }
  }
}

/** Records of a block in chunks. */
export function chunksOf(records: Column | PlacedPairs, task: Task): Generator<Column> {
  return records instanceof PlacedPairs ? recordsOf(records, task) : inChunks(records, task)
}

/** A column in slices of a chunk each. */
export function* inChunks<C extends Column>(column: C, task: Task): Generator<C> {
  const size = task.chunkSizes()
  for (let from = 0, to = 0; from < column.length; from = to) {
    task.checkCancelled()
    to = Math.min(from + size(), column.length)
    yield to - from === column.length ? column : (column.slice(from, to) as C)
  }
}

function* readRange(
  { start, step, count }: { start: number; step: number; count: number },
  task: Task,
): Generator<Column> {
  const scratch = task.scratch()
  const last = start + (count - 1) * step
  const whole = [start, step, last].every(x => Number.isInteger(x) && Math.abs(x) < 2 ** 31)
  const size = task.chunkSizes()
  for (let from = 0, rows = 0; from < count; from += rows) {
    task.checkCancelled()
    scratch.reset()
    rows = Math.min(size(), count - from)
    const values = whole ? scratch.i32(rows) : scratch.f64(rows)
    for (let i = 0; i < rows; i++) values[i] = start + (from + i) * step
    task.rowsRead += rows
    yield new NumberColumn(values)
  }
}

/** A window over text that lies in the heap already. */
class HeapWindow implements TextWindow {
  readonly name: string
  readonly origin: number
  readonly #text: Uint8Array
  bytes: Uint8Array
  position = 0
  last: boolean

  constructor(name: string, origin: number, text: Uint8Array) {
    this.name = name
    this.origin = origin
    this.#text = text
    this.bytes = text.subarray(0, WINDOW)
    this.last = text.length <= WINDOW
  }
  advance(used: number, size: number): void {
    this.position += used
    const end = Math.min(this.#text.length, this.position + Math.max(size, this.bytes.length - used))
    this.bytes = this.#text.subarray(this.position, end)
    this.last = end === this.#text.length
  }
}
