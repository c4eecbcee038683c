import type { Arena } from '../../memory/arena.js'
import type { Sign } from '../../plan/ops.js'
import type { Task } from '../task.js'
import { RadixSort } from './radix.js'

/** The rows in the order of their numbers: NaN is greater than all others, -0 equals 0. */
export function numbersInOrder(
  values: Int32Array | Float64Array,
  sign: Sign,
  task: Task,
  arena: Arena,
): Int32Array {
  const words = values instanceof Int32Array ? wholeWords(values, arena) : doubleWords(values, arena)
  if (sign < 0) for (const word of words) for (let row = 0; row < word.length; row++) word[row] = ~word[row]!
  return new RadixSort(values.length, arena, () => task.checkCancelled()).order(words)
}

const SIGN = 0x80000000 | 0

function wholeWords(values: Int32Array, arena: Arena): Int32Array[] {
  const word = arena.i32(values.length)
  for (let row = 0; row < word.length; row++) word[row] = values[row]! ^ SIGN
  return [word]
}

/** The bits of doubles go up with their values, but for the sign; of negative ones they go down. */
function doubleWords(values: Float64Array, arena: Arena): Int32Array[] {
  const n = values.length
  const [low, high] = [arena.i32(n), arena.i32(n)]
  const bits = new Int32Array(values.buffer, values.byteOffset, 2 * n)
  for (let row = 0; row < n; row++) {
    const value = values[row]!
    if (value === 0) {
      low[row] = 0
      high[row] = SIGN
    } else if (Number.isNaN(value)) {
      low[row] = -1
      high[row] = -1
    } else {
      const negative = bits[2 * row + 1]! >> 31
      low[row] = bits[2 * row]! ^ negative
      high[row] = bits[2 * row + 1]! ^ (negative | SIGN)
    }
  }
  return [low, high]
}
