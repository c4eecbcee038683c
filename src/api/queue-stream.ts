import { expect } from '../core/options.js'
import type { Queued, QueueInput } from '../streaming/inputs/queue.js'
import type { Stream } from '../streaming/stream.js'
import type { Context } from './context.js'
import { DStream } from './dstream.js'
import { RDD } from './rdd.js'
import { expectOwn, NODE } from './rdd-core.js'
import type { StreamingContext } from './streaming-context.js'

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

/** The stream of a queue, which can be added to while the context runs. */
export class QueueStream<T> extends DStream<T> {
  readonly #input: QueueInput

  constructor(context: StreamingContext, stream: Stream, input: QueueInput) {
    super(context, stream)
    this.#input = input
  }

  /** Adds an RDD, or a list of records, to the end of the queue. */
  push(rdd: RDDOrItems<T>): void {
    this.#input.push(queued(rdd, this.context.context))
  }
}
