import fs from 'node:fs'

/** A file open for reading, blocking: for worker threads. */
export interface OpenFile {
  /** Reads up to `into.length` bytes from `position` and gives their number, 0 at the end. */
  read(into: Uint8Array, position: number): number
  close(): void
}

/** What a directory entry or path is. */
export interface FileInfo {
  isFile: boolean
  isDirectory: boolean
  /** Bytes. */
  size: number
  /** Last change, epoch milliseconds. */
  modified: number
}

/**
 * The seam to the file system. Everything above it opens, lists and writes files through it, so that a test can
 * put faults in the way.
 */
export interface Files {
  openForReading(path: string): OpenFile
  stat(path: string): Promise<FileInfo>
  statSync(path: string): FileInfo
  /** Names in a directory, sorted. */
  list(path: string): Promise<string[]>
  listSync(path: string): string[]
  makeDirectory(path: string): Promise<void>
  /** Writes a file, in place of one that an earlier attempt left, and forces it to the disk; blocking, for worker threads. */
  writeSync(path: string, parts: Iterable<Uint8Array>): void
  /** Writes a new file and forces it to the disk. */
  write(path: string, content: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Forces a directory's entries to the disk. */
  syncDirectory(path: string): Promise<void>
  /** Removes a file or a whole directory; a missing one is fine. */
  remove(path: string): Promise<void>
  exists(path: string): Promise<boolean>
}

const info = (s: fs.Stats): FileInfo => ({
  isFile: s.isFile(),
  isDirectory: s.isDirectory(),
  size: s.size,
  modified: s.mtimeMs,
})

/** The files of the machine. */
export const systemFiles: Files = {
  openForReading(path) {
    const fd = fs.openSync(path, 'r')
    return {
      read: (into, position) => fs.readSync(fd, into, 0, into.length, position),
      close: () => fs.closeSync(fd),
    }
  },
  stat: async path => info(await fs.promises.stat(path)),
  statSync: path => info(fs.statSync(path)),
  list: async path => (await fs.promises.readdir(path)).sort(),
  listSync: path => fs.readdirSync(path).sort(),
  makeDirectory: async path => {
    await fs.promises.mkdir(path, { recursive: true })
  },
  writeSync(path, parts) {
    const fd = fs.openSync(path, 'w')
    try {
      for (const part of parts) {
        // A full disk shows as a short write first.
        for (let done = 0; done < part.length; ) done += fs.writeSync(fd, part, done, part.length - done)
      }
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  },
  async write(path, content) {
    const file = await fs.promises.open(path, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
  },
  rename: (from, to) => fs.promises.rename(from, to),
  async syncDirectory(path) {
    if (process.platform === 'win32') return // directories cannot be opened there
    const directory = await fs.promises.open(path, 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  },
  remove: path => fs.promises.rm(path, { recursive: true, force: true }),
  exists: path =>
    fs.promises.access(path).then(
      () => true,
      () => false,
    ),
}
