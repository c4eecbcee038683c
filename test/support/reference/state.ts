import { Groups } from './groups.js'
import type { ReferenceRDD } from './rdd.js'

type Entries = readonly (readonly [unknown, unknown])[]

/** The state after each batch: for every key with a state or with new values, what the function makes of both. */
export function updatedStates(
  batches: readonly ReferenceRDD[],
  fn: (values: unknown[], state: unknown) => unknown,
  initial: Entries,
): Entries[] {
  let state = new Groups<unknown>()
  for (const [key, value] of initial) state.set(key, value)
  return batches.map(rdd => {
    const values = new Groups<unknown[]>()
    for (const [key] of state.entries()) values.set(key, [])
    for (const [key, value] of rdd.collect() as [unknown, unknown][])
      values.set(key, [...(values.has(key) ? values.get(key) : []), value])
    const next = new Groups<unknown>()
    for (const [key, list] of values.entries()) {
      const made = fn(list, state.has(key) ? state.get(key) : undefined)
      if (made !== undefined && made !== null) next.set(key, made)
    }
    state = next
    return state.entries()
  })
}

/** What mapWithState is asked for; a time-out is in batches. */
export interface ReferenceSpec {
  fn: (key: unknown, value: unknown, state: ReferenceState) => unknown
  initial: Entries
  timeout: number | undefined
}

/** The state of a key, as the function of mapWithState sees it. */
export class ReferenceState {
  readonly #timingOut: boolean
  value: unknown

  constructor(value: unknown, timingOut: boolean) {
    this.value = value
    this.#timingOut = timingOut
  }
  exists(): boolean {
    return this.value !== undefined
  }
  get(): unknown {
    return this.value
  }
  getOption(): unknown {
    return this.value
  }
  update(value: unknown): void {
    this.value = value
  }
  remove(): void {
    this.value = undefined
  }
  isTimingOut(): boolean {
    return this.#timingOut
  }
}

/** What mapWithState gives in each batch, and the states after it. Batches have numbers from 1. */
export function mappedStates(
  batches: readonly ReferenceRDD[],
  { fn, initial, timeout }: ReferenceSpec,
): { mapped: unknown[]; states: Entries }[] {
  const kept = new Groups<{ value: unknown; touched: number }>()
  for (const [key, value] of initial) kept.set(key, { value, touched: 1 })
  return batches.map((rdd, i) => {
    const now = i + 1
    const mapped: unknown[] = []
    const call = (key: unknown, value: unknown, timingOut: boolean): ReferenceState => {
      const state = new ReferenceState(kept.has(key) ? kept.get(key).value : undefined, timingOut)
      const made = fn(key, value, state)
      if (made !== undefined && made !== null) mapped.push(made)
      return state
    }
    const records = rdd.collect() as [unknown, unknown][]
    // Of keys that are the same, such as 0 and -0, all are shown as the first.
    const shown = new Groups<unknown>()
    for (const [key] of [...kept.entries(), ...records]) shown.set(key, shown.has(key) ? shown.get(key) : key)
    for (const [given, value] of records) {
      const key = shown.get(given)
      const state = call(given, value, false)
      if (state.exists()) kept.set(key, { value: state.value, touched: now })
      else kept.delete(key)
    }
    for (const [key, { touched }] of kept.entries()) {
      if (timeout === undefined || touched >= now - timeout) continue
      call(key, undefined, true)
      kept.delete(key)
    }
    return { mapped, states: kept.entries().map(([key, { value }]) => [key, value] as const) }
  })
}
