import type { Column } from '../../memory/column.js'

/** Where the chunks of a task end. */
export interface TaskSink {
  /** Takes a chunk, which is void afterwards. @returns false when it needs no more */
  add(chunk: Column): boolean
  /** The place of the result in the heap, 0 for none. */
  finish(): number | Promise<number>
}
