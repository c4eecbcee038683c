import { expect } from '../core/options.js'
import type { Queued } from '../streaming/inputs/queue.js'
import type { Context } from './context.js'
import { RDD } from './rdd.js'
import { expectOwn, NODE } from './rdd-core.js'

/** An RDD, or a list of its records. */
export type RDDOrItems<T> = RDD<T> | Iterable<T>

/** What a queue holds for it; a list is copied, so that the caller may go on with his own. */
export function queued(value: RDDOrItems<unknown>, context: Context): Queued {
  if (value instanceof RDD) {
    expectOwn(context, value, 'queueStream')
    return { node: value[NODE] }
  }
  expect(
    typeof value === 'object' && value !== null && typeof value[Symbol.iterator] === 'function',
    'an RDD or an array of records',
    'queueStream',
    value,
  )
  return { items: Array.from(value) }
}
