import { type Column, SpanColumn, TupleColumn } from '../../memory/column.js'
import { utf8Bytes } from '../../memory/text.js'
import type { InputPartition } from '../../plan/source.js'
import { CHUNK_ROWS, type Task } from '../task.js'
import { WINDOW } from './lines.js'
import { openFile, readAll } from './open-file.js'

type Of<K extends InputPartition['kind']> = Extract<InputPartition, { kind: K }>

/** Records of one length, as bytes. */
export function* readRecords(
  { path, start, end, recordLength }: Of<'records'>,
  task: Task,
): Generator<Column> {
  const scratch = task.scratch()
  const most = Math.min(CHUNK_ROWS, Math.max(1, Math.floor(WINDOW / recordLength)))
  const file = openFile(task.files, path)
  try {
    const size = task.chunkSizes()
    for (let at = start, rows = 0; at < end; at += rows * recordLength) {
      task.checkCancelled()
      scratch.reset()
      rows = Math.min(most, size(), (end - at) / recordLength)
      const bytes = scratch.u8(rows * recordLength)
      readAll(file, path, bytes, at)
      const [starts, ends] = [scratch.i32(rows), scratch.i32(rows)]
      for (let i = 0; i < rows; i++) {
        starts[i] = i * recordLength
        ends[i] = (i + 1) * recordLength
      }
      task.rowsRead += rows
      yield new SpanColumn('binary', bytes, starts, ends)
    }
  } finally {
    file.close()
  }
}

/** Pairs of a file's path and its whole text. */
export function* readDocuments({ files }: Of<'documents'>, task: Task): Generator<Column> {
  const scratch = task.scratch()
  const one = (text: string): SpanColumn => {
    const encoded = utf8Bytes(text)
    const bytes = scratch.u8(encoded.length)
    bytes.set(encoded)
    const [starts, ends] = [scratch.i32(1), scratch.i32(1)]
    starts[0] = 0
    ends[0] = bytes.length
    return new SpanColumn('utf8', bytes, starts, ends)
  }
  for (const { path, size } of files) {
    task.checkCancelled()
    scratch.reset()
    const raw = new Uint8Array(size)
    const file = openFile(task.files, path)
    try {
      readAll(file, path, raw, 0)
    } finally {
      file.close()
    }
    task.rowsRead++
    yield new TupleColumn(1, [one(path), one(new TextDecoder('utf-8', { ignoreBOM: true }).decode(raw))])
  }
}
