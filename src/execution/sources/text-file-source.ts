import path from 'node:path'
import { MillraceError } from '../../core/errors.js'
import type { Files } from '../../core/files.js'
import type { InputPartition, OpenSource, RecordType, Source } from '../../plan/source.js'
import { isVisible, pathsOf, patternsOf } from './glob.js'

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
    this.#found ??= findTexts(this.#path, this.#files)
    return splits(this.#found, this.#minPartitions, this.#exact, MAX_LINE_BYTES).length
  }

  async open(): Promise<OpenSource> {
    this.#found ??= findTexts(this.#path, this.#files)
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
 * The files that paths or globs, parted by commas, name: themselves, and those that lie in the directories they name.
 *
 * @throws MILLRACE_INPUT when nothing is there or it cannot be read
 */
export function findFiles(paths: string, files: Files): FileSize[] {
  const found: FileSize[] = []
  try {
    for (const pattern of patternsOf(paths, files)) {
      const matches = pathsOf(pattern, files)
      if (matches.length === 0) throw new Error(`Input Pattern ${pattern} matches 0 files`)
      for (const match of matches) found.push(...filesAt(match, files))
    }
  } catch (cause) {
    throw new MillraceError(
      'MILLRACE_INPUT',
      `Input path does not exist, or cannot be read: ${paths} (${(cause as Error).message})`,
      { cause },
    )
  }
  return found
}

/** A file, or the visible files of a directory. */
function filesAt(match: string, files: Files): FileSize[] {
  const info = files.statSync(match)
  if (info.isFile) return [{ path: match, size: info.size }]
  if (!info.isDirectory) return []
  return files
    .listSync(match)
    .filter(isVisible)
    .map(name => ({ path: path.join(match, name), info: files.statSync(path.join(match, name)) }))
    .filter(inner => inner.info.isFile)
    .map(inner => ({ path: inner.path, size: inner.info.size }))
}

/** What Hadoop would decompress, by the ends of names, and other archives. */
const COMPRESSED = /\.(gz|bz2|zst|xz|lz4|snappy|deflate|zip)$/i

/** The same, of texts. @throws MILLRACE_INPUT for a compressed file, whose bytes are no text */
export function findTexts(paths: string, files: Files): FileSize[] {
  const found = findFiles(paths, files)
  const compressed = found.find(file => COMPRESSED.test(file.path))
  if (compressed === undefined) return found
  throw new MillraceError(
    'MILLRACE_INPUT',
    `the file ${compressed.path} is compressed, by its name, and is not read as text. Decompress it first, as gunzip does, or name the files that are texts with a glob.`,
  )
}
