/**
 * The state of one key, as the function of mapWithState sees it. Methods and the words of their errors are those of Spark's
 * `State`. One object serves all keys of a task, one after the other.
 */
export class KeyState {
  #exists = false
  #value: unknown
  #removed = false
  #timingOut = false

  /** Stands for the next key. */
  wrap(exists: boolean, value: unknown, timingOut = false): void {
    this.#exists = exists
    this.#value = value
    this.#removed = false
    this.#timingOut = timingOut
  }

  /** What there is; to be asked for if it exists only. */
  get value(): unknown {
    return this.#value
  }

  exists(): boolean {
    return this.#exists
  }

  get(): unknown {
    if (!this.#exists) throw new Error('State is not set')
    return this.#value
  }

  getOption(): unknown {
    return this.#exists ? this.#value : undefined
  }

  update(next: unknown): void {
    if (this.#removed) throw new Error('Cannot update the state after it has been removed')
    if (this.#timingOut) throw new Error('Cannot update the state that is timing out')
    if (next === undefined || next === null)
      throw new TypeError(`expected a state for update but received ${next}; remove() gives a state up`)
    this.#value = next
    this.#exists = true
  }

  remove(): void {
    if (this.#timingOut) throw new Error('Cannot remove the state that is timing out')
    if (this.#removed) throw new Error('Cannot remove the state that has already been removed')
    this.#exists = false
    this.#value = undefined
    this.#removed = true
  }

  isTimingOut(): boolean {
    return this.#timingOut
  }

  toString(): string {
    return this.#exists ? String(this.#value) : '<state not set>'
  }
}
