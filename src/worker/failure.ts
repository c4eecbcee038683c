import { inspect } from 'node:util'
import { type ErrorCode, type ErrorDetails, isError, isMillraceError, MillraceError } from '../core/errors.js'
import { Cancelled, type Task } from './task.js'

/**
 * An error of a user's function with what is known about where it happened. An error of millrace itself, a full
 * heap for instance, stays as it is.
 *
 * @param record gives the record at hand
 */
export function failedAt(
  error: unknown,
  operator: string | undefined,
  task: Task,
  record: (() => unknown) | undefined,
): Error {
  if (isError(error) && (error instanceof Cancelled || error instanceof TaskFailure)) return error
  if (isMillraceError(error) && (error.code === 'MILLRACE_HEAP_FULL' || error.code === 'MILLRACE_INPUT'))
    return error
  let shownRecord: string | undefined
  try {
    shownRecord =
      record &&
      inspect(record(), {
        depth: 3,
        breakLength: Number.POSITIVE_INFINITY,
        maxStringLength: 160,
        maxArrayLength: 12,
      })
  } catch {}
  const details: ErrorDetails = { partition: task.partition }
  if (operator !== undefined) details.operator = operator
  if (shownRecord !== undefined)
    details.record = shownRecord.length > 200 ? `${shownRecord.slice(0, 199)}…` : shownRecord
  return new TaskFailure(error, details)
}

/** A failure on its way through the worker: what the user's function threw, and where. */
export class TaskFailure extends Error {
  readonly details: ErrorDetails

  constructor(cause: unknown, details: ErrorDetails) {
    super('a task failed', { cause })
    this.details = details
  }
}

/** A failure as data. */
export interface FailureReport {
  error: ErrorReport
  details: ErrorDetails
}

/** An error as data. Errors do not cross threads intact, so what matters is carried by name. */
interface ErrorReport {
  name: string
  message: string
  stack: string | undefined
  code: string | undefined
  /** Other own properties that are plain. */
  extra: Record<string, string | number | boolean>
  cause: ErrorReport | undefined
}

/** What is carried of a text: a message may hold a record of any size. */
const LONGEST = 16_384
const CAUSES = 4

/** Never throws, whatever was thrown: anything can be, and its properties may be getters that throw as well. */
export function report(failure: unknown): FailureReport {
  return isError(failure) && failure instanceof TaskFailure
    ? { error: errorReport(failure.cause, CAUSES), details: failure.details }
    : { error: errorReport(failure, CAUSES), details: {} }
}

function errorReport(error: unknown, causes: number): ErrorReport {
  if (!isError(error)) {
    const message = typeof error === 'string' ? error : attempted(() => inspect(error))
    return {
      name: 'Error',
      message: cut(message ?? 'something that cannot be shown'),
      stack: undefined,
      code: undefined,
      extra: {},
      cause: undefined,
    }
  }
  const text = (name: string): string | undefined => {
    const value = attempted(() => (error as unknown as Record<string, unknown>)[name])
    return typeof value === 'string' ? cut(value) : undefined
  }
  const cause = causes === 0 ? undefined : attempted(() => error.cause)
  return {
    name: text('name') ?? 'Error',
    message: text('message') ?? 'an error without a readable message',
    stack: text('stack'),
    code: text('code'),
    extra: attempted(() => plainProperties(error)) ?? {},
    cause: cause === undefined ? undefined : errorReport(cause, causes - 1),
  }
}

function attempted<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function plainProperties(error: Error): ErrorReport['extra'] {
  const extra: ErrorReport['extra'] = {}
  for (const [name, value] of Object.entries(error)) {
    if (['code', 'name', 'message', 'stack', 'cause'].includes(name)) continue
    if (typeof value === 'string') extra[name] = cut(value)
    else if (typeof value === 'number' || typeof value === 'boolean') extra[name] = value
  }
  return extra
}

/** Both ends of a text that is too long: a stack begins with the message. */
function cut(text: string): string {
  if (text.length <= LONGEST) return text
  return `${text.slice(0, LONGEST / 2)} … ${text.slice(-LONGEST / 2)}`
}

/** The error as the driver throws it: the user's own as `cause`, or millrace's own as it was. */
export function restore({ error, details }: FailureReport): MillraceError {
  const { name, message, stack, code, extra } = error
  const where = details.operator === undefined ? '' : ` in ${details.operator}`
  const record = details.record === undefined ? '' : `, at the record ${details.record}`
  const partition = details.partition === undefined ? '' : ` (partition ${details.partition}${record})`
  if (name === 'MillraceError' && code !== undefined) {
    const place = where === '' ? '' : ` It happened${where}${partition}.`
    const own = new MillraceError(code as ErrorCode, message.replace(`${code}: `, '') + place, {
      ...details,
      retryable: extra.retryable === true,
    })
    if (stack !== undefined) own.stack = stack
    return own
  }
  return new MillraceError('MILLRACE_TASK', `${name}: ${message}${where}${partition}`, {
    ...details,
    cause: restoredError(error),
  })
}

function restoredError({ name, message, stack, code, extra, cause }: ErrorReport): Error {
  const error = new Error(message, cause && { cause: restoredError(cause) })
  Object.assign(error, extra, code === undefined ? {} : { code })
  // Where this one was made says nothing.
  for (const [property, value] of [
    ['name', name],
    ['stack', stack ?? `${name}: ${message}`],
  ] as const)
    Object.defineProperty(error, property, { value, writable: true, configurable: true })
  return error
}
