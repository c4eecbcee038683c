/** What ends a thread in a test of {@link beforeStep}. */
export class Ended extends Error {}

const NAMES = ['load', 'store', 'add', 'compareExchange'] as const

/**
 * Runs an action and, just before its `step`-th look at shared memory, something else: another thread's work, or the
 * thread's end, which is an {@link Ended} thrown. True if the action came to its end without getting as far.
 */
export function beforeStep(step: number, other: () => void, action: () => void): boolean {
  const atomics = Atomics as unknown as Record<string, (...args: unknown[]) => unknown>
  const whole = NAMES.map(name => atomics[name]!)
  const restore = (): void => NAMES.forEach((name, i) => (atomics[name] = whole[i]!))
  let left = step
  NAMES.forEach((name, i) => {
    atomics[name] = (...args) => {
      if (left-- === 0) {
        restore()
        other()
      }
      return whole[i]!(...args)
    }
  })
  try {
    action()
    return left >= 0
  } catch (error) {
    if (error instanceof Ended) return false
    throw error
  } finally {
    restore()
  }
}

/** Runs an action in a thread that ends just before its `step`-th look at shared memory; true if it came to its end. */
export function endedAt(step: number, action: () => void): boolean {
  return beforeStep(
    step,
    () => {
      throw new Ended()
    },
    action,
  )
}
