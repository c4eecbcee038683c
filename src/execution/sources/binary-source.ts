import { MillraceError } from '../../core/errors.js'
import type { Files } from '../../core/files.js'
import type { InputPartition, OpenSource, RecordType, Source } from '../../plan/source.js'
import { type FileSize, findTexts } from './text-file-source.js'

/** Smaller pieces of a file are not worth a task. */
const SMALLEST_SPLIT = 65_536

/** Records of one length, from files. */
export class BinarySource implements Source {
  readonly label: string
  readonly recordType: RecordType = { kind: 'other' }
  readonly onDisk = true
  readonly #find: () => readonly FileSize[]
  readonly #recordLength: number
  readonly #parts: number
  #found: readonly FileSize[] | undefined
  onRead?: (records: number) => void

  /** @param find the files; asked once */
  constructor(label: string, find: () => readonly FileSize[], recordLength: number, parts: number) {
    this.label = label
    this.#find = find
    this.#recordLength = recordLength
    this.#parts = parts
  }

  partitionCount(): number {
    return this.#splits().length
  }

  async open(): Promise<OpenSource> {
    const partitions = this.#splits()
    for (const { path, size } of this.#found!) {
      const rest = size % this.#recordLength
      if (rest === 0) continue
      throw new MillraceError(
        'MILLRACE_INPUT',
        `Byte array does not have correct length. ${rest} did not equal recordLength: ${this.#recordLength}, at the end of ${path}.`,
      )
    }
    return { partitions, release: () => {} }
  }

  #splits(): InputPartition[] {
    this.#found ??= this.#find()
    const recordLength = this.#recordLength
    const total = this.#found.reduce((sum, { size }) => sum + size, 0)
    const bytes = Math.max(SMALLEST_SPLIT, total / this.#parts)
    const step = Math.ceil(bytes / recordLength) * recordLength
    const splits: InputPartition[] = []
    for (const { path, size } of this.#found)
      for (let start = 0; start < size; start += step)
        splits.push({ kind: 'records', path, start, end: Math.min(start + step, size), recordLength })
    return splits.length > 0 ? splits : [{ kind: 'empty' }]
  }
}

/** Whole files, as pairs of path and text. */
export class DocumentsSource implements Source {
  readonly label: string
  readonly recordType: RecordType = { kind: 'tuple', items: [{ kind: 'text' }, { kind: 'text' }] }
  readonly onDisk = true
  readonly #files: Files
  readonly #path: string
  readonly #parts: number
  #found: readonly FileSize[] | undefined

  constructor(files: Files, pattern: string, parts: number) {
    this.label = `wholeTextFiles(${JSON.stringify(pattern)})`
    this.#files = files
    this.#path = pattern
    this.#parts = parts
  }

  partitionCount(): number {
    return this.#splits().length
  }

  async open(): Promise<OpenSource> {
    return { partitions: this.#splits(), release: () => {} }
  }

  #splits(): InputPartition[] {
    const found = (this.#found ??= findTexts(this.#path, this.#files))
    const parts = Math.max(1, Math.min(this.#parts, found.length))
    const cut = (i: number): number => Math.floor((i * found.length) / parts)
    return Array.from({ length: parts }, (_, i) => ({
      kind: 'documents',
      files: found.slice(cut(i), cut(i + 1)),
    }))
  }
}
