/** Milliseconds that the driver works at a stretch before the host's event loop gets its turn. */
const SLICE_MS = 0.7

/**
 * Keeps long work on the driver's thread from holding the event loop: `if (slice.over()) await slice.rest()`.
 * Look about every hundred records.
 */
export class TimeSlice {
  #start = performance.now()

  over(): boolean {
    return performance.now() - this.#start > SLICE_MS
  }
  async rest(): Promise<void> {
    await new Promise(setImmediate)
    this.#start = performance.now()
  }
}
