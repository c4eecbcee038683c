/**
 * The hand-over of batches to an async iterator. A batch waits until its consumer asks for the next one, so that nothing
 * piles up and the batch's memory stays while it is in use.
 */
export class BatchQueue<B> {
  #offered: { batch: B; done: () => void } | undefined
  #taken: (() => void) | undefined
  #asking: ((result: IteratorResult<B, undefined>) => void) | undefined
  #closed = false

  /** Offers a batch; resolves when the consumer is done with it. */
  offer(batch: B): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise(done => {
      if (this.#asking === undefined) {
        this.#offered = { batch, done }
        return
      }
      const give = this.#asking
      this.#asking = undefined
      this.#taken = done
      give({ done: false, value: batch })
    })
  }

  /** No more batches. */
  close(): void {
    this.#closed = true
    this.#taken?.()
    this.#offered?.done()
    this.#asking?.({ done: true, value: undefined })
    this.#taken = this.#offered = this.#asking = undefined
  }

  [Symbol.asyncIterator](): AsyncIterator<B, undefined> {
    return {
      next: () => {
        this.#taken?.()
        this.#taken = undefined
        if (this.#closed) return Promise.resolve({ done: true, value: undefined })
        if (this.#offered !== undefined) {
          const { batch, done } = this.#offered
          this.#offered = undefined
          this.#taken = done
          return Promise.resolve({ done: false, value: batch })
        }
        return new Promise(resolve => {
          this.#asking = resolve
        })
      },
      return: () => {
        this.close()
        return Promise.resolve({ done: true, value: undefined })
      },
    }
  }
}
