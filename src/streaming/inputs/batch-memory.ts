import { MillraceError } from '../../core/errors.js'
import type { InputPartition, OpenSource } from '../../plan/source.js'

/**
 * The memory of what a batch received. It goes when the batch is done; a job that reads it then, because nobody awaited it,
 * still reads it to its end, and a later one gets an error instead of what has come to lie there.
 */
export class BatchMemory {
  readonly #name: string
  readonly #time: number
  readonly #free: () => void
  #jobs = 0
  #over = false

  /** @param free gives the memory back */
  constructor(name: string, time: number, free: () => void) {
    this.#name = name
    this.#time = time
    this.#free = free
  }

  /** Opens partitions for a job. @throws MILLRACE_STATE when the batch is over */
  open(partitions: () => InputPartition[]): OpenSource {
    if (this.#over) {
      throw new MillraceError(
        'MILLRACE_STATE',
        `what ${this.#name} received for batch ${this.#time} ms is gone: an RDD of received records lasts until the outputs of its batch are done. ` +
          'Await its actions inside foreachRDD, or keep what they give.',
      )
    }
    const opened = partitions()
    this.#jobs++
    let open = true
    return {
      partitions: opened,
      release: () => {
        if (!open) return
        open = false
        this.#jobs--
        this.#freeIfDone()
      },
    }
  }

  /** The batch is over. */
  end(): void {
    this.#over = true
    this.#freeIfDone()
  }

  #freeIfDone(): void {
    if (this.#over && this.#jobs === 0) this.#free()
  }
}
