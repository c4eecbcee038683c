import { MillraceError } from '../../core/errors.js'
import type { Files, OpenFile } from '../../core/files.js'

/**
 * Opens a file for reading.
 *
 * @throws MILLRACE_INPUT, now and when it is read, that names the file
 */
export function openFile(files: Files, path: string): OpenFile {
  const failed = (cause: unknown): MillraceError =>
    new MillraceError(
      'MILLRACE_INPUT',
      `cannot read the file ${path}: ${(cause as Error).message} Check that it exists, stays in place until its batch is done, and can be read by this user.`,
      { cause },
    )
  const tried = <R>(action: () => R): R => {
    try {
      return action()
    } catch (cause) {
      throw failed(cause)
    }
  }
  const file = tried(() => files.openForReading(path))
  return {
    read: (into, position) => tried(() => file.read(into, position)),
    close: () => file.close(),
  }
}

/**
 * Reads a stretch of a file, all of it.
 *
 * @throws MILLRACE_INPUT if the file ends before
 */
export function readAll(file: OpenFile, path: string, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const read = file.read(into.subarray(done), position + done)
    if (read === 0)
      throw new MillraceError(
        'MILLRACE_INPUT',
        `the file ${path} has become shorter: move files into place when they are complete, and do not change them.`,
      )
    done += read
  }
}
