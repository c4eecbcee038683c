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

/**
 * As a capture, the numbers that the job at hand was given, by name: what differs from job to job while its functions stay the
 * same, so that they need not be compiled anew.
 */
export const JOB: Readonly<Record<string, number>> = Object.freeze({})

/** Outside names of a function, with the values they stand for. */
export type Captures = Record<string, unknown>

/**
 * A user's function as a capture of one of the library's: it has captures of its own, and is checked, shown and spoken of as
 * the function of its operator.
 */
export class UsersFunction {
  readonly fn: Function
  readonly captures: Captures | undefined
  readonly location: string

  constructor({ fn, captures, location }: Pick<UsersFunction, 'fn' | 'captures' | 'location'>) {
    this.fn = fn
    this.captures = captures
    this.location = location
  }
}

/**
 * Refuses what would not arrive on another thread as it is here, and what would arrive as something else without an
 * error: objects of the driver, and objects that lose their methods.
 *
 * @param name as messages call the value: `the capture 'table'`
 * @throws MILLRACE_CONTEXT_CAPTURED, MILLRACE_CAPTURE
 */
export function refuseUncarried(name: string, value: unknown): void {
  const seen = new Set<object>()
  const left = [value]
  while (left.length > 0) {
    const item = left.pop()
    if (typeof item !== 'object' || item === null || seen.has(item)) continue
    seen.add(item)
    const owner = (item as { [DRIVER_ONLY]?: string })[DRIVER_ONLY]
    if (owner !== undefined) throw contextCaptured(name, owner)
    refuseLoss(name, item)
    if (ArrayBuffer.isView(item)) continue
    if (item instanceof Map) for (const pair of item) left.push(...pair)
    else for (const part of item instanceof Set ? item : Object.values(item)) left.push(part)
  }
}

/** The structured clone leaves out prototypes: `config.limit`, a getter, would be undefined there. */
function refuseLoss(name: string, value: object): void {
  const refuse = (why: string, fix: string): never => {
    throw new MillraceError('MILLRACE_CAPTURE', `${name} ${why}. ${fix}`)
  }
  if (Buffer.isBuffer(value))
    refuse(
      'is or holds a Buffer, which would arrive on another thread as a Uint8Array',
      'Hand over new Uint8Array(buffer), and call Buffer.from(bytes) in the function where it needs a Buffer.',
    )
  let prototype: object | null = Object.getPrototypeOf(value)
  if (prototype === null)
    refuse(
      `is or holds an object without a prototype (${shown(value)}), which would get one on the way to another thread, and with it properties such as 'constructor'`,
      'Hand over a Map, or a copy of it: { ...object }.',
    )
  while (prototype !== null && !isBuiltIn(prototype)) {
    const lost = Reflect.ownKeys(prototype).filter(key => key !== 'constructor')
    if (lost.length > 0)
      refuse(
        `is or holds an instance of the class ${prototype.constructor?.name || 'without a name'}, which would lose its methods on the way to another thread: ${lost.slice(0, 3).map(String).join(', ')}${lost.length > 3 ? ', …' : ''}`,
        'Hand over what the function needs of it as plain data, or put the function into a module, see moduleFunction.',
      )
    prototype = Object.getPrototypeOf(prototype)
  }
}

/** True for a prototype of the language, of whichever realm. */
function isBuiltIn(prototype: object): boolean {
  const maker: unknown = Object.hasOwn(prototype, 'constructor') ? prototype.constructor : undefined
  return (
    typeof maker === 'function' && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(maker))
  )
}

/** Spark's words, because that is what its users search for. */
function contextCaptured(name: string, owner: string): MillraceError {
  const text =
    owner === 'DStream'
      ? `Object of DStream is being serialized possibly as a part of closure of an RDD operation. This is because the DStream object is being referred to from within the closure.`
      : owner === 'RDD'
        ? `It appears that you are attempting to broadcast an RDD or reference an RDD from an action or transformation. RDD transformations and actions can only be invoked by the driver, not inside of other transformations; see SPARK-5063.`
        : `It appears that you are attempting to reference SparkContext from a broadcast variable, action, or transformation. The context can only be used on the driver, not in code that it runs on workers; see SPARK-5063.`
  return new MillraceError(
    'MILLRACE_CONTEXT_CAPTURED',
    `${text} Here ${name} is or holds ${owner === 'RDD' ? 'an' : 'a'} ${owner}: collect what the function needs first, and hand over the data.`,
  )
}

/** The error for a broadcast or an accumulator in a job of a context that did not make it. */
export function ofAnotherContext(what: string): MillraceError {
  return new MillraceError(
    'MILLRACE_CAPTURE',
    `expected the ${what} to be of the Context that runs the function but it is of another. Make one with each Context that uses it.`,
  )
}

/**
 * A captured value, copied once, so that later changes on the driver do not reach the workers.
 *
 * @param name as messages call the value: `the capture 'table'`
 */
export function copyCapture(name: string, value: unknown): unknown {
  refuseUncarried(name, value)
  try {
    return structuredClone(value)
  } catch (cause) {
    throw new MillraceError(
      'MILLRACE_CAPTURE',
      `${name} (${shown(value)}) cannot be copied to another thread: ${(cause as Error).message} ` +
        `Hand over plain data, a Broadcast or an Accumulator; hand over functions one by one, as captures of their own.`,
      { cause },
    )
  }
}
