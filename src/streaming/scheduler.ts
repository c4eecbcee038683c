import type { Clock } from '../core/clock.js'

/**
 * The batch grid. Batches are due at multiples of the batch duration since the epoch, each computed from the grid and
 * never by adding to the time at hand, so there is no drift; a tick that comes late comes, and none is left out.
 */
export class Scheduler {
  readonly #clock: Clock
  readonly #batchMs: number
  readonly #tick: (time: number) => Promise<void>
  #next: number | undefined
  #cancel: (() => void) | undefined

  /** @param tick makes a batch; a manual clock waits for its promise */
  constructor(clock: Clock, batchMs: number, tick: (time: number) => Promise<void>) {
    this.#clock = clock
    this.#batchMs = batchMs
    this.#tick = tick
  }

  /** Starts the grid, strictly behind the present, and gives its zero: the first batch is one duration later. */
  start(): number {
    const zero = Math.floor(this.#clock.now() / this.#batchMs) * this.#batchMs
    this.#next = zero + this.#batchMs
    this.#arm()
    return zero
  }

  get hasStarted(): boolean {
    return this.#next !== undefined
  }

  /** No more ticks. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  /** Makes the batches that are due but whose ticks have not come yet. */
  catchUp(): void {
    while (this.#next! <= this.#clock.now()) void this.tickNow()
  }

  /** Makes the next batch now, ahead of its time. */
  tickNow(): Promise<void> {
    const time = this.#next!
    this.#next = time + this.#batchMs
    return this.#tick(time)
  }

  #arm(): void {
    this.#cancel = this.#clock.at(this.#next!, () => {
      const done = this.tickNow()
      if (this.#cancel !== undefined) this.#arm()
      return done
    })
  }
}
