import type { Files, OpenFile } from '../../core/files.js'
import type { Arena } from '../../memory/arena.js'
import { type TextWindow, WINDOW } from './lines.js'
import { openFile } from './open-file.js'

const LF = 10
const CR = 13
/** What some editors put before UTF-8. It is no part of the first line. */
const BOM = [0xef, 0xbb, 0xbf]

/** A window over a file, read straight into the heap. Close it in any case. */
export class FileWindow implements TextWindow {
  readonly name: string
  readonly origin = 0
  bytes: Uint8Array
  position: number
  last = false
  readonly #file: OpenFile
  readonly #arena: Arena
  #buffer: Uint8Array

  private constructor(name: string, file: OpenFile, arena: Arena, position: number) {
    this.name = name
    this.#file = file
    this.#arena = arena
    this.position = position
    this.#buffer = arena.u8(WINDOW)
    this.bytes = this.#buffer.subarray(0, 0)
  }

  /**
   * Opens a file at the first line that begins at `start` or behind it.
   *
   * @throws MILLRACE_INPUT when the file cannot be opened or read
   */
  static open(files: Files, path: string, start: number, arena: Arena): FileWindow {
    const file = openFile(files, path)
    try {
      const window = new FileWindow(`file ${path}`, file, arena, Math.max(0, start - 1))
      window.advance(0, WINDOW)
      if (start > 0) window.#skipToLine()
      else if (BOM.every((byte, i) => window.bytes[i] === byte)) window.advance(BOM.length, WINDOW)
      return window
    } catch (error) {
      file.close()
      throw error
    }
  }

  close(): void {
    this.#file.close()
  }

  advance(used: number, size: number): void {
    const left = this.bytes.length - used
    const need = Math.max(size, left)
    if (need > this.#buffer.length) {
      const larger = this.#arena.u8(need)
      larger.set(this.bytes.subarray(used))
      this.#arena.release(this.#buffer)
      this.#buffer = larger
    } else {
      this.#buffer.copyWithin(0, used, this.bytes.length)
    }
    this.position += used
    let filled = left
    while (filled < need && !this.last) {
      const read = this.#file.read(this.#buffer.subarray(filled, need), this.position + filled)
      if (read === 0) this.last = true
      filled += read
    }
    this.bytes = this.#buffer.subarray(0, filled)
  }

  /** From the byte before a split to the first line that begins in it. */
  #skipToLine(): void {
    for (;;) {
      const { bytes } = this
      let at = 0
      while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++
      const known = this.last || at + 1 < bytes.length // what follows a CR decides where the line begins
      if (known || bytes[at] === LF) {
        const end = bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1
        return this.advance(Math.min(end, bytes.length), WINDOW)
      }
      this.advance(at, WINDOW)
    }
  }
}
