import type { InputPartition, OpenSource, RecordType, Source } from '../../plan/source.js'
import type { BatchMemory } from './batch-memory.js'
import type { TextRange } from './text-log.js'

/** Smaller pieces are not worth a task of their own. */
const SMALLEST_PIECE = 65_536
const LF = 10

/** Whole lines that were received: as they lie, large stretches cut into pieces so that several threads can read them. */
export class ReceivedText implements Source {
  readonly label: string
  readonly recordType: RecordType = { kind: 'text' }
  readonly #memory: BatchMemory
  readonly #partitions: InputPartition[]
  readonly onRead: (records: number) => void

  constructor(
    name: string,
    memory: BatchMemory,
    ranges: readonly TextRange[],
    parallelism: number,
    maxLineBytes: number,
    onRead: (records: number) => void,
  ) {
    this.label = name
    this.#memory = memory
    this.onRead = onRead
    const total = ranges.reduce((n, r) => n + r.length, 0)
    const goal = Math.max(SMALLEST_PIECE, Math.ceil(total / parallelism))
    this.#partitions = ranges.flatMap(range =>
      cut(range, goal).map(piece => ({ kind: 'text' as const, ...piece, name, limit: maxLineBytes })),
    )
    if (this.#partitions.length === 0) this.#partitions.push({ kind: 'empty' })
  }

  partitionCount(): number {
    return this.#partitions.length
  }
  async open(): Promise<OpenSource> {
    return this.#memory.open(() => this.#partitions)
  }
}

type Piece = Pick<TextRange, 'offset' | 'length' | 'position'>

function cut({ offset, length, position, segment }: TextRange, goal: number): Piece[] {
  const pieces: Piece[] = []
  const from = offset - segment.bytes.byteOffset
  const add = (start: number, end: number): void => {
    pieces.push({ offset: offset + start, length: end - start, position: position + start })
  }
  let start = 0
  while (length - start > goal * 1.5) {
    const end = segment.bytes.indexOf(LF, from + start + goal) + 1 - from
    if (end <= start || end >= length) break
    add(start, end)
    start = end
  }
  add(start, length)
  return pieces
}
