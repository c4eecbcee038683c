import path from 'node:path'
import { MillraceError } from '../../core/errors.js'
import type { Files } from '../../core/files.js'
import type { InputPartition, OpenSource, RecordType, Source } from '../../plan/source.js'
import { isVisible, pathsOf } from './glob.js'

/** The most bytes of a line, unless an option says otherwise. */
export const MAX_LINE_BYTES = 16_777_216

/** A file is cut into pieces of at most this size, so that its parts can be read at once. */
const LARGEST_SPLIT = 33_554_432
/** Smaller pieces are not worth a task, unless more partitions were asked for. */
const SMALLEST_SPLIT = 65_536
/** A rest of up to a tenth of a split stays with the split before it, as in Hadoop's FileInputFormat. */
const SLOP = 1.1

export interface FileSize {
  path: string
  size: number
}

/**
 * UTF-8 lines of a file, of the files in a directory, or of those that a glob names. Files and sizes are looked up
 * once; the bytes are read by the tasks, and never all at once.
 */
export class TextFileSource implements Source {
  readonly label: string
  readonly recordType: RecordType = { kind: 'text' }
  readonly onDisk = true
  readonly #files: Files
  readonly #path: string
  readonly #minPartitions: number
  readonly #exact: boolean
  #found: FileSize[] | undefined

  /** @param exact `minPartitions` was asked for by the user */
  constructor(files: Files, pattern: string, minPartitions: number, exact: boolean) {
    this.label = `textFile(${JSON.stringify(pattern)})`
    this.#files = files
    this.#path = pattern
    this.#minPartitions = minPartitions
    this.#exact = exact
  }

  partitionCount(): number {
    this.#found ??= findFiles(this.#path, this.#files)
    return splits(this.#found, this.#minPartitions, this.#exact, MAX_LINE_BYTES).length
  }

  async open(): Promise<OpenSource> {
    this.#found ??= findFiles(this.#path, this.#files)
    return {
      partitions: splits(this.#found, this.#minPartitions, this.#exact, MAX_LINE_BYTES),
      release: () => {},
    }
  }
}

/** The same for files whose names and sizes are known. */
export class FileListSource implements Source {
  readonly label: string
  readonly recordType: RecordType = { kind: 'text' }
  readonly onDisk = true
  readonly #partitions: InputPartition[]
  onRead?: (records: number) => void

  constructor(label: string, files: readonly FileSize[], minPartitions: number, maxLineBytes: number) {
    this.label = label
    this.#partitions = splits(files, minPartitions, false, maxLineBytes)
  }
  partitionCount(): number {
    return this.#partitions.length
  }
  async open(): Promise<OpenSource> {
    return { partitions: this.#partitions, release: () => {} }
  }
}

function splits(
  files: readonly FileSize[],
  minPartitions: number,
  exact: boolean,
  limit: number,
): InputPartition[] {
  const total = files.reduce((n, f) => n + f.size, 0)
  const goal = Math.ceil(total / Math.max(1, minPartitions))
  const size = Math.max(1, Math.min(exact ? goal : Math.max(goal, SMALLEST_SPLIT), LARGEST_SPLIT))
  const partitions: InputPartition[] = []
  for (const { path: file, size: bytes } of files) {
    let start = 0
    for (; (bytes - start) / size > SLOP; start += size)
      partitions.push({ kind: 'file', path: file, start, end: start + size, limit })
    if (start < bytes) partitions.push({ kind: 'file', path: file, start, end: bytes, limit })
  }
  return partitions.length > 0 ? partitions : [{ kind: 'empty' }]
}

/**
 * The files that a path or a glob names: themselves, and those that lie in the directories it names.
 *
 * @throws MILLRACE_INPUT when nothing is there or it cannot be read
 */
export function findFiles(pattern: string, files: Files): FileSize[] {
  let matches: string[]
  try {
    matches = pathsOf(pattern, files)
  } catch (cause) {
    throw notThere(pattern, cause)
  }
  const found: FileSize[] = []
  for (const match of matches) {
    try {
      const info = files.statSync(match)
      if (info.isFile) found.push({ path: match, size: info.size })
      else if (info.isDirectory) {
        for (const name of files.listSync(match).filter(isVisible)) {
          const inner = files.statSync(path.join(match, name))
          if (inner.isFile) found.push({ path: path.join(match, name), size: inner.size })
        }
      }
    } catch (cause) {
      throw notThere(pattern, cause)
    }
  }
  if (matches.length === 0) throw notThere(pattern, new Error(`Input Pattern ${pattern} matches 0 files`))
  return found
}

function notThere(pattern: string, cause: unknown): MillraceError {
  return new MillraceError(
    'MILLRACE_INPUT',
    `Input path does not exist, or cannot be read: ${pattern} (${(cause as Error).message})`,
    { cause },
  )
}
