import { BatchScope } from '../inside-batch.js'

/**
 * The hand-over of batches to an async iterator. A batch waits until its consumer asks for the next one, so that nothing
 * piles up and the batch's memory stays while it is in use.
 */
export class BatchQueue<B> {
  readonly #graph: object
  /** The loop of the consumer. */
  readonly #scope = new BatchScope()
  readonly #asking: ((result: IteratorResult<B, undefined>) => void)[] = []
  #offered: { batch: B; done: () => void } | undefined
  /** Ends the wait of the batch that the consumer has. */
  #taken: (() => void) | undefined
  #closed = false

  constructor(graph: object) {
    this.#graph = graph
  }

  /** Offers a batch; resolves when the consumer is done with it. */
  offer(batch: B): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise(done => {
      this.#offered = { batch, done }
      this.#handOver()
    })
  }

  /** No more batches. */
  close(): void {
    this.#closed = true
    this.#letGo()
    this.#offered?.done()
    this.#offered = undefined
    for (const give of this.#asking.splice(0)) give({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): AsyncIterator<B, undefined> {
    return {
      next: () => {
        this.#scope.enter()
        this.#letGo()
        if (this.#closed) return Promise.resolve({ done: true, value: undefined })
        return new Promise(give => {
          this.#asking.push(give)
          this.#handOver()
        })
      },
      return: () => {
        this.close()
        return Promise.resolve({ done: true, value: undefined })
      },
    }
  }

  #handOver(): void {
    if (this.#offered === undefined) return
    const give = this.#asking.shift()
    if (give === undefined) return
    const { batch, done } = this.#offered
    this.#offered = undefined
    this.#taken = done
    this.#scope.waiting(this.#graph)
    give({ done: false, value: batch })
    if (this.#asking.length > 0) this.#letGo() // asked for the next one already
  }

  #letGo(): void {
    this.#taken?.()
    this.#taken = undefined
    this.#scope.waiting(undefined)
  }
}
