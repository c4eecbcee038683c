import type { Clock } from 'millrace/testing'

/** A clock that is moved by hand and, like the system's, does not wait for what it calls. */
export class FreeClock implements Clock {
  #now = 0
  readonly #timers = new Set<{ time: number; action: () => unknown }>()

  now(): number {
    return this.#now
  }

  /** How many calls wait for their time. */
  get waiting(): number {
    return this.#timers.size
  }

  at(time: number, action: () => unknown): () => void {
    const timer = { time, action }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lets milliseconds go by; with `ticks: false`, nothing that falls due has its turn yet, as when the loop is blocked. */
  pass(ms: number, { ticks = true } = {}): void {
    const target = this.#now + ms
    for (;;) {
      const due = [...this.#timers].filter(t => t.time <= target).sort((a, b) => a.time - b.time)[0]
      if (due === undefined || !ticks) break
      this.#timers.delete(due)
      this.#now = Math.max(this.#now, due.time)
      due.action()
    }
    this.#now = target
  }
}
