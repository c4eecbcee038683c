import type { Clock } from '../core/clock.js'
import { type Duration, milliseconds } from '../core/durations.js'

interface Timer {
  time: number
  action: () => unknown
}

/**
 * A clock that stands still until it is moved. It starts at 0.
 *
 * @example
 * const clock = new ManualClock()
 * const sc = new Context({ clock })
 * …
 * await clock.advance('3s')   // fires every batch that falls due, in order, and waits until they are done
 */
export class ManualClock implements Clock {
  #now = 0
  readonly #timers: Timer[] = []
  #advancing: Promise<void> = Promise.resolve()

  now(): number {
    return this.#now
  }

  at(time: number, action: () => unknown): () => void {
    const timer = { time, action }
    const cancel = (): void => {
      const at = this.#timers.indexOf(timer)
      if (at >= 0) this.#timers.splice(at, 1)
    }
    this.#timers.push(timer)
    if (time <= this.#now) {
      setImmediate(() => {
        if (!this.#timers.includes(timer)) return
        cancel()
        action()
      })
    }
    return cancel
  }

  /**
   * Moves time on, stopping at everything that falls due on the way. Resolves when all that is done, whether it succeeded
   * or not: failures are for `awaitTermination`.
   */
  advance(duration: Duration): Promise<void> {
    const ms = milliseconds(duration, 'the duration of advance')
    this.#advancing = this.#advancing.then(() => this.#advanceTo(this.#now + ms))
    return this.#advancing
  }

  async #advanceTo(target: number): Promise<void> {
    for (let next = this.#due(target); next !== undefined; next = this.#due(target)) {
      this.#now = Math.max(this.#now, next.time)
      try {
        await next.action()
      } catch {}
    }
    this.#now = target
    // What the actions left to the event loop has its turn before the caller goes on.
    await new Promise(setImmediate)
  }

  /** Takes the earliest timer up to a time; of several at one time, the one set first. */
  #due(target: number): Timer | undefined {
    const earliest = this.#timers.reduce<Timer | undefined>(
      (best, t) => (t.time <= target && (best === undefined || t.time < best.time) ? t : best),
      undefined,
    )
    if (earliest !== undefined) this.#timers.splice(this.#timers.indexOf(earliest), 1)
    return earliest
  }
}
