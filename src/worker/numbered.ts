import { type Column, ConstColumn, NumberColumn } from '../memory/column.js'
import type { Op } from '../plan/ops.js'
import { pair } from './pairs.js'
import type { Task } from './task.js'

/** Pairs of each record and a number, in a partition of this number. A chunk is void when the next one is asked for. */
export function* numbered(
  { firsts, step }: Op<never> & { kind: 'number' },
  partition: number,
  chunks: Generator<Column>,
  task: Task,
): Generator<Column> {
  const scratch = task.scratch()
  let next = firsts[partition]!
  for (const chunk of chunks) {
    scratch.reset()
    if (step === 0) {
      yield pair(chunk, new ConstColumn(chunk.length, next))
      continue
    }
    const whole = next + chunk.length * step < 2 ** 31
    const numbers = whole ? scratch.i32(chunk.length) : scratch.f64(chunk.length)
    for (let row = 0; row < numbers.length; row++, next += step) numbers[row] = next
    yield pair(chunk, new NumberColumn(numbers))
  }
}
