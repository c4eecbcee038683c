import { writeBlock } from '../../memory/block.js'
import { NumberColumn } from '../../memory/column.js'
import { hashKeys } from '../keyed/key-filter.js'
import { indexOf } from '../keyed/key-index.js'
import { asPairs } from '../pairs.js'
import type { Task } from '../task.js'
import type { TaskSink } from './sink.js'

/** An index of the records by the hash of their key. */
export function indexSink(task: Task): TaskSink {
  const scratch = task.scratch()
  const parts: Int32Array[] = []
  const ofChunk = task.scratch()
  return {
    add(chunk) {
      ofChunk.reset()
      const hashes = hashKeys(asPairs(chunk, 'join', ofChunk).children[0]!, task, ofChunk)
      const kept = scratch.i32(hashes.length)
      kept.set(hashes)
      parts.push(kept)
      return true
    },
    finish() {
      const hashes = scratch.i32(parts.reduce((n, part) => n + part.length, 0))
      let at = 0
      for (const part of parts) {
        hashes.set(part, at)
        at += part.length
      }
      return writeBlock(task.out, new NumberColumn(indexOf(hashes, task.kernels, task.out, scratch)))
    },
  }
}
