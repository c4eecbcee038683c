import { MillraceError } from '../../core/errors.js'
import { savedRecord } from '../../core/record-text.js'
import type { CarriedFunction } from '../../functions/carry.js'
import { eachLoop, type Place, rowReader } from '../../functions/loops.js'
import { writeBlock } from '../../memory/block.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import { type Column, ConstColumn } from '../../memory/column.js'
import { utf8Bytes } from '../../memory/text.js'
import type { Sink } from '../../plan/ops.js'
import { failedAt } from '../failure.js'
import type { LoadedProgram } from '../program.js'
import { packed } from '../take.js'
import type { Task } from '../task.js'
import type { TaskSink } from './sink.js'

/** Room for so many rows at most is made before they come: columns that grow from there on leave nothing behind. */
const FIRST_ROOM = 65_536

/** The records themselves, at most `limit`. */
export function collectSink(limit: number | undefined, task: Task): TaskSink {
  let rows: RowBuilder | undefined
  const scratch = task.scratch()
  let left = limit ?? Number.POSITIVE_INFINITY
  let complete: Column | undefined
  return {
    add(chunk) {
      if (chunk === task.complete && left >= chunk.length) {
        complete = chunk
        return true
      }
      scratch.reset()
      const part = chunk.length <= left ? chunk : chunk.slice(0, left)
      rows ??= new RowBuilder(task.out, Math.min(task.expectedRows, FIRST_ROOM))
      rows.append(packed(part, task.kernels, scratch))
      left -= part.length
      return left > 0
    },
    finish() {
      if (complete !== undefined) return writeBlock(task.out, complete)
      return rows === undefined || rows.length === 0 ? 0 : writeBlock(task.out, rows.finish())
    },
  }
}

/** The number of records. */
export function countSink(task: Task): TaskSink {
  let rows = 0
  return {
    add(chunk) {
      rows += chunk.length
      return true
    },
    finish: () => writeBlock(task.out, new ConstColumn(1, rows)),
  }
}

/** Calls a function for each record. */
export function foreachSink(fn: CarriedFunction, program: LoadedProgram, task: Task): TaskSink {
  const place: Place = { row: 0, step: 0, base: 0 }
  return {
    add(chunk) {
      const loop = program.loop(`each ${fn.id} ${chunk.type}`, () =>
        eachLoop(program.fn(fn), fn.reads, chunk),
      )
      try {
        loop(chunk, place)
      } catch (error) {
        throw failedAt(error, fn.location, task, () => chunk.get(place.row))
      }
      return true
    },
    finish: () => 0,
  }
}

/** One text file with a line for each record. */
export function saveTextSink(
  path: string,
  { format, label }: Pick<Sink<CarriedFunction> & { kind: 'saveText' }, 'format' | 'label'>,
  task: Task,
): TaskSink {
  const parts: Uint8Array[] = []
  return {
    add(chunk) {
      const read = rowReader(chunk)
      let text = ''
      let row = 0
      try {
        for (; row < chunk.length; row++)
          text += `${format === 'json' ? (JSON.stringify(read(row)) ?? 'null') : savedRecord(read(row))}\n`
      } catch (error) {
        throw failedAt(error, label, task, () => read(row))
      }
      parts.push(utf8Bytes(text))
      return true
    },
    finish() {
      try {
        task.files.writeSync(path, parts)
      } catch (cause) {
        throw new MillraceError(
          'MILLRACE_OUTPUT',
          `cannot write the file ${path}: ${(cause as Error).message}`,
          { cause },
        )
      }
      return 0
    },
  }
}
