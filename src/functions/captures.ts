import { MillraceError, shown } from '../core/errors.js'
import type { CarriedFunction } from './carry.js'

/**
 * The method by which a Broadcast or Accumulator tells what to carry in its place. It fails if that is no longer possible,
 * or if the engine it is given is not its own.
 */
export const CARRIED: unique symbol = Symbol.for('millrace.carried')

/** The property by which a Context, RDD or DStream says that it lives on the driver; its value is the class's name. */
export const DRIVER_ONLY: unique symbol = Symbol.for('millrace.driver-only')

/** What stands for a broadcast or an accumulator in a function that was carried to another thread. */
export type Carried =
  /** `offset`: where the value's structured bytes begin in the heap. */
  | { kind: 'broadcast'; id: number; offset: number; length: number }
  /** `zero`: where each task begins; `add`: how terms are added, numbers by +. */
  | { kind: 'accumulator'; id: number; zero: unknown; add: CarriedFunction | undefined }

/** Outside names of a function, with the values they stand for. */
export type Captures = Record<string, unknown>

/**
 * Spark's words, because that is what its users search for.
 *
 * @throws MILLRACE_CONTEXT_CAPTURED if the value is, or holds, an object of the driver
 */
export function refuseDriverObjects(name: string, value: unknown, depth = 3): void {
  if (typeof value !== 'object' || value === null) return
  const owner = (value as { [DRIVER_ONLY]?: string })[DRIVER_ONLY]
  if (owner !== undefined) throw contextCaptured(name, owner)
  if (depth === 0 || ArrayBuffer.isView(value)) return
  for (const item of Array.isArray(value) ? value.slice(0, 100) : Object.values(value))
    refuseDriverObjects(name, item, depth - 1)
}

function contextCaptured(name: string, owner: string): MillraceError {
  const text =
    owner === 'DStream'
      ? `Object of DStream is being serialized possibly as a part of closure of an RDD operation. This is because the DStream object is being referred to from within the closure ('${name}').`
      : owner === 'RDD'
        ? `It appears that you are attempting to broadcast an RDD or reference an RDD from an action or transformation ('${name}'). RDD transformations and actions can only be invoked by the driver, not inside of other transformations; see SPARK-5063.`
        : `It appears that you are attempting to reference SparkContext from a broadcast variable, action, or transformation ('${name}' is a ${owner}). The context can only be used on the driver, not in code that it runs on workers; see SPARK-5063.`
  return new MillraceError(
    'MILLRACE_CONTEXT_CAPTURED',
    `${text} Collect what the function needs first, and hand over the data.`,
  )
}

/** The error for a broadcast or an accumulator in a job of a context that did not make it. */
export function ofAnotherContext(what: string): MillraceError {
  return new MillraceError(
    'MILLRACE_CAPTURE',
    `expected the ${what} to be of the Context that runs the function but it is of another. Make one with each Context that uses it.`,
  )
}

/** A captured value, copied once, so that later changes on the driver do not reach the workers. */
export function copyCapture(name: string, value: unknown): unknown {
  refuseDriverObjects(name, value)
  try {
    return structuredClone(value)
  } catch (cause) {
    throw new MillraceError(
      'MILLRACE_CAPTURE',
      `the capture '${name}' (${shown(value)}) cannot be copied to another thread: ${(cause as Error).message} ` +
        `Hand over plain data, a Broadcast or an Accumulator; hand over functions one by one, as captures of their own.`,
      { cause },
    )
  }
}
