import type { InputPartition, OpenSource, RecordType, Source } from '../../plan/source.js'
import type { TextRange } from './text-log.js'

/** Smaller pieces are not worth a task of their own. */
const SMALLEST_PIECE = 65_536
const LF = 10

/** Whole lines that were received: as they lie, large stretches cut into pieces so that several threads can read them. */
export class ReceivedText implements Source {
  readonly label: string
  readonly recordType: RecordType = { kind: 'text' }
  readonly #partitions: InputPartition[]
  onRead?: (records: number) => void

  constructor(name: string, ranges: readonly TextRange[], parallelism: number, maxLineBytes: number) {
    this.label = name
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
    // The memory belongs to the batch, which outlives its jobs.
    return { partitions: this.#partitions, release: () => {} }
  }
}

function cut({ offset, length, segment }: TextRange, goal: number): { offset: number; length: number }[] {
  const pieces: { offset: number; length: number }[] = []
  const from = offset - segment.bytes.byteOffset
  let start = 0
  while (length - start > goal * 1.5) {
    const end = segment.bytes.indexOf(LF, from + start + goal) + 1 - from
    if (end <= start || end >= length) break
    pieces.push({ offset: offset + start, length: end - start })
    start = end
  }
  pieces.push({ offset: offset + start, length: length - start })
  return pieces
}
