import path from 'node:path'
import type { Clock } from '../../core/clock.js'
import type { Files } from '../../core/files.js'
import { directoriesOf, isVisible } from '../../execution/sources/glob.js'
import type { FileSize } from '../../execution/sources/text-file-source.js'
import { type Node, sourceNode } from '../../plan/nodes.js'
import type { RecordType, Source } from '../../plan/source.js'
import type { Input, InputContext } from './input.js'

export interface FileStreamOptions {
  /** Take only files that appear after the stream was made (the default); otherwise every file that is there. */
  newFilesOnly?: boolean
  /** The most bytes of a line; default 16 MiB. */
  maxLineBytes?: number
}

/** How long a file may take to show up after it was last changed, in milliseconds: Spark's minRememberDuration. */
const REMEMBER_MS = 60_000

/** How much older than the stream a file may seem that came after it: file systems take the time of the last clock tick. */
const CLOCK_LAG_MS = 20

/** Names that tools use while they write. */
const UNFINISHED = /\.(tmp|part|crdownload|_COPYING_)$/

/**
 * textFileStream, binaryRecordsStream: the files that appear in a directory, or in the directories a glob names. A file belongs to the first
 * batch whose time is not before the file's modification time; later changes of it are not seen, so it must be moved into
 * place when it is complete.
 */
export class FilesInput implements Input {
  readonly name: string
  readonly recordType: RecordType
  readonly lasting = true
  readonly #directory: string
  readonly #files: Files
  readonly #source: (files: readonly FileSize[]) => Source
  readonly #newOnly: boolean
  readonly #rememberMs: number
  readonly #since: number
  /** Files taken, with their modification times. */
  readonly #taken = new Map<string, number>()
  /** The files that were there before the stream. */
  readonly #before: ReadonlySet<string>
  readonly #batches = new Map<number, { files: FileSize[]; records: number | undefined }>()
  /** What was said of directories that cannot be listed. */
  readonly #warned = new Map<string, string>()
  #context: InputContext | undefined

  /** @param source what the files of a batch are read by */
  constructor(
    name: string,
    directory: string,
    newFilesOnly: boolean,
    source: (files: readonly FileSize[]) => Source,
    clock: Clock,
    files: Files,
    batchMs: number,
  ) {
    this.name = name
    this.recordType = source([]).recordType
    this.#source = source
    this.#directory = path.resolve(directory)
    this.#files = files
    this.#newOnly = newFilesOnly
    this.#rememberMs = Math.ceil(REMEMBER_MS / batchMs) * batchMs
    this.#since = newFilesOnly ? clock.now() : Number.NEGATIVE_INFINITY
    this.#before = new Set(newFilesOnly ? this.#present() : [])
  }

  start(context: InputContext): void {
    this.#context = context
  }

  async allocate(time: number): Promise<void> {
    const found: FileSize[] = []
    for (const directory of this.#directories()) {
      for (const name of await this.#list(directory)) {
        const file = path.join(directory, name)
        if (!isVisible(name) || UNFINISHED.test(name) || this.#taken.has(file)) continue
        const info = await this.#files.stat(file).catch(() => undefined) // gone again
        if (!info?.isFile || info.modified <= this.#oldest(file, time) || info.modified > time) continue
        this.#taken.set(file, info.modified)
        found.push({ path: file, size: info.size })
      }
    }
    if (this.#newOnly)
      for (const [file, modified] of this.#taken)
        if (modified <= time - this.#rememberMs) this.#taken.delete(file)
    this.#batches.set(time, { files: found, records: found.length === 0 ? 0 : undefined })
  }

  compute(time: number): Node {
    const batch = this.#batches.get(time)
    const source = this.#source(batch?.files ?? [])
    source.onRead = records => {
      if (batch !== undefined) batch.records = records
    }
    return sourceNode(source)
  }

  forget(time: number): void {
    for (const t of this.#batches.keys()) if (t <= time) this.#batches.delete(t)
  }

  recordsAt(time: number): number | undefined {
    return this.#batches.get(time)?.records
  }

  metadata(time: number): { files: string[] } {
    return { files: (this.#batches.get(time)?.files ?? []).map(file => file.path) }
  }

  describe(time: number): string | undefined {
    return this.metadata(time).files.join('\n') || undefined
  }

  /** The latest modification time that makes a file too old for a batch. */
  #oldest(file: string, time: number): number {
    if (!this.#newOnly) return this.#since
    const since = this.#before.has(file) ? this.#since : this.#since - CLOCK_LAG_MS
    return Math.max(since, time - this.#rememberMs)
  }

  /** The files that are there already. */
  #present(): string[] {
    return this.#directories().flatMap(directory => {
      try {
        return this.#files.listSync(directory).map(name => path.join(directory, name))
      } catch {
        return [] // not there yet
      }
    })
  }

  #directories(): string[] {
    return directoriesOf(this.#directory, this.#files)
  }

  async #list(directory: string): Promise<string[]> {
    try {
      const names = await this.#files.list(directory)
      this.#warned.delete(directory)
      return names
    } catch (cause) {
      // The directory may come, or come back: say it once, and go on.
      const text = `No directory to scan: ${directory} (${(cause as Error).message}). It is looked for again at every batch.`
      if (text !== this.#warned.get(directory)) {
        this.#warned.set(directory, text)
        process.emitWarning(text, 'MillraceWarning')
        this.#context?.failed(new Error(text, { cause }))
      }
      return []
    }
  }
}
