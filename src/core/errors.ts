/**
 * The one error class, and the closed list of its codes.
 *
 * Match on `error.code`, never on the text. The README's table of codes is held equal to this list by a test.
 */
export const ERROR_CODES = {
  MILLRACE_OPTION: 'an argument or option is missing, unknown, or of the wrong kind',
  MILLRACE_DURATION: 'a duration without a unit, or one that does not fit the batch duration',
  MILLRACE_FUNCTION: 'a function that cannot be carried to another thread',
  MILLRACE_FREE_NAME: 'a function uses an outside name that was not handed over in `captures`',
  MILLRACE_CAPTURE: 'a captured value that cannot be carried to another thread',
  MILLRACE_CONTEXT_CAPTURED: 'a function refers to a Context, RDD or DStream',
  MILLRACE_VALUE: 'a record that cannot be stored, such as a function or a symbol',
  MILLRACE_TASK: 'a user function threw, or its worker was lost, in every attempt of a task',
  MILLRACE_TASK_TIMEOUT: 'a task ran longer than `taskTimeout` in every attempt',
  MILLRACE_WORKER: 'the worker threads cannot be started',
  MILLRACE_HEAP_FULL: 'the shared heap has no room for a batch',
  MILLRACE_EMPTY: 'an action that needs a record was called on an empty RDD',
  MILLRACE_STATE: 'a call that the life cycle does not allow at this moment',
  MILLRACE_STOPPED: 'the context was stopped before or during the call',
  MILLRACE_BATCH: 'the RDDs of a batch could not be generated',
  MILLRACE_INPUT: 'a source cannot be read: a file, a directory, a socket, an iterable',
  MILLRACE_LINE_TOO_LONG: 'a line is longer than the limit of its source',
  MILLRACE_OUTPUT: 'an output cannot be written',
  MILLRACE_NATIVE: 'the native kernels were required and cannot be loaded',
  MILLRACE_VERIFY: 'with MILLRACE_VERIFY=1, two ways of running a function gave different results',
  MILLRACE_INTERNAL: 'a defect in millrace itself',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** What is known about a failed batch beyond the message. */
export interface ErrorDetails {
  /** Batch time, epoch milliseconds. */
  batchTime?: number
  /** The operator whose function failed, such as `map at app.js:12`. */
  operator?: string
  partition?: number
  /** The record at hand, shortened for display. */
  record?: string
}

export interface ErrorOptions extends ErrorDetails {
  cause?: unknown
  /** True when the same call may succeed later without any change. */
  retryable?: boolean
}

/**
 * Every error that millrace itself raises.
 *
 * The message starts with the code, then says what was expected, what came, and what to do.
 *
 * @example
 * try { await rdd.reduce((a, b) => a + b) } catch (e) { if (e.code === 'MILLRACE_EMPTY') … }
 */
export class MillraceError extends Error implements ErrorDetails {
  override readonly name = 'MillraceError'
  readonly code: ErrorCode
  readonly retryable: boolean
  declare readonly batchTime?: number
  declare readonly operator?: string
  declare readonly partition?: number
  declare readonly record?: string

  constructor(code: ErrorCode, text: string, options: ErrorOptions = {}) {
    const { cause, retryable = false, ...details } = options
    super(`${code}: ${text}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.retryable = retryable
    Object.assign(this, details)
  }
}

/** True for an Error. Unlike `instanceof` it does not throw for a proxy that was revoked. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error
  } catch {
    return false
  }
}

/** True for a {@link MillraceError}, also one from another copy of the package or another thread. */
export function isMillraceError(value: unknown): value is MillraceError {
  try {
    const code = (value as { code?: unknown } | null)?.code
    return value instanceof Error && typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)
  } catch {
    return false // a user's error may have a getter that throws
  }
}

/** How a value is named in an error: short, on one line, never throwing. */
export function shown(value: unknown, limit = 80): string {
  let text: string
  try {
    text = typeof value === 'string' ? JSON.stringify(value) : display(value)
  } catch {
    text = className(value) ?? Object.prototype.toString.call(value)
  }
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text
}

/** The name of the class of what cannot be written out, such as a DStream. */
function className(value: unknown): string | undefined {
  try {
    const { name } = (value as object).constructor
    return name === 'Object' ? undefined : name || undefined
  } catch {
    return undefined
  }
}

function display(value: unknown): string {
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (typeof value === 'bigint') return `${value}n`
  if (value === null || typeof value !== 'object') return String(value)
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`
  const text = JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))
  const name = Array.isArray(value) || 'toJSON' in value ? undefined : className(value)
  return name === undefined ? text : text === '{}' ? name : `${name} ${text}`
}
