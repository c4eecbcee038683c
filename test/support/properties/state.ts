import fc from 'fast-check'
import { DStream, StateSpec } from 'millrace'
import { Groups } from '../reference/groups.js'
import type { ReferenceSpec, ReferenceState } from '../reference/state.js'
import type { Property } from './prove.js'
import { anyOrder, callsOn, sameStreams } from './streams.js'

const keys = fc.constantFrom<unknown>('a', 'b', 0, -0, Number.NaN, [1, 'x'], null)
const pairs = fc.tuple(keys, fc.integer({ min: -3, max: 3 }))
const parts = fc.integer({ min: 1, max: 3 })
/** A state for each of some keys. */
const initial = fc.array(fc.tuple(keys, fc.integer({ min: 0, max: 3 })), { maxLength: 4 }).map(entries => {
  const once = new Groups<number>()
  for (const [key, n] of entries) once.set(key, n)
  return once.entries()
})

const update = fc.constantFrom(
  (values: number[], state: number | number[] = []) => [state, values].flat(),
  (values: number[], state = 0) => {
    const sum = values.reduce((a, b) => a + b, state)
    return sum > 4 ? undefined : sum
  },
  (values: number[], state: number | undefined) => (values.length === 0 ? null : (state ?? 0) + 1),
)

type MapFn = (key: unknown, value: number | undefined, state: ReferenceState) => unknown
const mapped = fc.constantFrom<MapFn[]>(
  (key, value, state) => {
    if (state.isTimingOut()) return [key, 'gone', state.get()]
    const n = ((state.getOption() as number | undefined) ?? 0) + value!
    if (n > 4) {
      if (state.exists()) state.remove()
    } else state.update(n)
    return [key, value, n]
  },
  (key, value, state) => {
    if (value === undefined) return [key, state.isTimingOut()]
    if (!state.exists()) state.update([value])
    else if (value === 0) state.remove()
    else if (value > 0) state.update([state.get(), value].flat())
    return value < 0 ? null : { key, state: state.getOption() }
  },
)
const timeouts = fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined })

/** The same for both: millrace takes it as a StateSpec. */
// biome-ignore lint/suspicious/noExplicitAny: the library's stream or the reference's
function mapWithState(stream: any, spec: ReferenceSpec, n: number): any {
  if (!(stream instanceof DStream)) return stream.mapWithState(spec)
  let made = StateSpec.function(spec.fn as never)
    .initialState(spec.initial as never)
    .numPartitions(n)
  if (spec.timeout !== undefined) made = made.timeout(`${spec.timeout}s`)
  return stream.mapWithState(made as never)
}

/** State that goes from batch to batch. */
export const STATE_PROPERTIES: Property[] = [
  sameStreams(
    'updateStateByKey asks for every key with a state or with values',
    callsOn(pairs, fc.tuple(update, parts, initial), (s, [fn, n, initial]) =>
      s.updateStateByKey(fn, n, initial),
    ),
    anyOrder,
  ),
  sameStreams(
    'states over windows: a batch is what the window is',
    callsOn(pairs, fc.tuple(update, parts, parts), (s, [fn, n, length]) =>
      s.window(`${length}s`, '1s').updateStateByKey(fn, n),
    ),
    anyOrder,
  ),
]

/** State that a function of each record changes. */
export const TRACKED_STATE_PROPERTIES: Property[] = [
  sameStreams(
    'mapWithState calls for every record, and for every key that timed out',
    callsOn(pairs, fc.tuple(mapped, initial, timeouts, parts), (s, [fn, initial, timeout, n]) =>
      mapWithState(s, { fn: fn as never, initial, timeout }, n),
    ),
    parts => anyOrder([parts.flat()]),
  ),
]

/** What it shows. */
export const SNAPSHOT_PROPERTIES: Property[] = [
  sameStreams(
    'stateSnapshots shows all states',
    callsOn(pairs, fc.tuple(mapped, initial, timeouts, parts), (s, [fn, initial, timeout, n]) =>
      mapWithState(s, { fn: fn as never, initial, timeout }, n).stateSnapshots(),
    ),
    parts => anyOrder([parts.flat()]),
  ),
]
