import type { Column } from '../../memory/column.js'
import type { TotalValue } from '../total.js'

/** Where the chunks of a task end. */
export interface TaskSink {
  /** What all records become here, if they become one value. */
  readonly total?: TotalValue
  /** Takes a chunk, which is void afterwards. @returns false when it needs no more */
  add(chunk: Column): boolean
  /** The place of the result in the heap, 0 for none. */
  finish(): number | Promise<number>
}
