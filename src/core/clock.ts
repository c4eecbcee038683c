/**
 * The seam to time. Everything that reads the time or waits in the streaming layer does it through a clock,
 * so that a test can move time by hand (`ManualClock` in `millrace/testing`).
 */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /**
   * Calls `action` once, when the clock has reached `time` (epoch milliseconds); at once (but never
   * synchronously) if it already has. A manual clock waits for the promise that `action` returns before it
   * moves on; the system clock ignores it.
   *
   * @returns a function that cancels the call if it has not begun
   */
  at(time: number, action: () => unknown): () => void
}

/** The time of the machine. A waiting call keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, action) {
    let handle: NodeJS.Timeout
    // A timer may fire up to a millisecond early, and cannot be set further ahead than 2^31 ms.
    const wait = (): void => {
      const left = time - Date.now()
      handle = setTimeout(left > 0 ? wait : action, Math.min(Math.max(left, 0), 2 ** 31 - 1))
    }
    wait()
    return () => clearTimeout(handle)
  },
}
