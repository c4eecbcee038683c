import { readBlock } from '../../memory/block.js'
import type { Column } from '../../memory/column.js'
import { failedAt } from '../failure.js'
import { pair } from '../pairs.js'
import { take } from '../take.js'
import type { Task } from '../task.js'

/** Pairs of the records at the same places of two partitions, as columns. */
export function* readZip(
  left: Generator<Column>,
  right: Generator<Column>,
  location: string,
  task: Task,
): Generator<Column> {
  const sides = [new Side(left), new Side(right)] as const
  try {
    for (;;) {
      const rows = Math.min(...sides.map(side => side.ahead()))
      if (rows === 0) break
      yield pair(sides[0].next(rows), sides[1].next(rows))
    }
    const [one, other] = sides.map(side => side.readToEnd())
    if (one === other) return
    const error = new RangeError(
      `Can only zip RDDs with same number of elements in each partition, but one has ${one} and the other ${other}`,
    )
    throw failedAt(error, location, task, undefined)
  } finally {
    left.return(undefined)
    right.return(undefined)
  }
}

/** A partition that is read in pieces of another's size. */
class Side {
  readonly #chunks: Generator<Column>
  #chunk: Column | undefined
  #at = 0
  #passed = 0

  constructor(chunks: Generator<Column>) {
    this.#chunks = chunks
  }

  /** How many rows can be had at once, 0 at the end. */
  ahead(): number {
    while (this.#chunk === undefined || this.#at === this.#chunk.length) {
      const { done, value } = this.#chunks.next()
      if (done) return 0
      this.#chunk = value
      this.#at = 0
    }
    return this.#chunk.length - this.#at
  }

  next(rows: number): Column {
    const from = this.#at
    this.#at += rows
    this.#passed += rows
    return this.#chunk!.slice(from, this.#at)
  }

  /** @returns how many records there were */
  readToEnd(): number {
    for (let rows = this.ahead(); rows > 0; rows = this.ahead()) {
      this.#at += rows
      this.#passed += rows
    }
    return this.#passed
  }
}

/** All pairs of a record of one block and one of the other, the first one's slowest. */
export function* readProduct(
  { left, right, rows: all }: { left: number; right: number; rows: number },
  task: Task,
): Generator<Column> {
  const [lefts, rights] = [readBlock(task.heap, left), readBlock(task.heap, right)]
  const scratch = task.scratch()
  const size = task.chunkSizes()
  for (let from = 0, rows = 0; from < all; from += rows) {
    task.checkCancelled()
    scratch.reset()
    rows = Math.min(size(), all - from)
    const [ofLeft, ofRight] = [scratch.i32(rows), scratch.i32(rows)]
    for (let i = 0; i < rows; i++) {
      ofLeft[i] = Math.floor((from + i) / rights.length)
      ofRight[i] = (from + i) % rights.length
    }
    task.rowsRead += rows
    yield pair(take(lefts, ofLeft, task.kernels, scratch), take(rights, ofRight, task.kernels, scratch))
  }
}
