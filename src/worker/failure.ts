import { inspect } from 'node:util'
import { type ErrorCode, type ErrorDetails, isMillraceError, MillraceError } from '../core/errors.js'
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
  if (error instanceof Cancelled || error instanceof TaskFailure) return error
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

/** A failure on its way through the worker: the user's error, and where it happened. */
export class TaskFailure extends Error {
  readonly details: ErrorDetails

  constructor(cause: unknown, details: ErrorDetails) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.details = details
  }
}

/** A failure as data. Errors do not cross threads intact, so what matters is carried by name. */
export interface FailureReport {
  name: string
  message: string
  stack: string | undefined
  code: string | undefined
  /** Other own properties that are plain. */
  extra: Record<string, string | number | boolean>
  details: ErrorDetails
}

export function report(error: unknown): FailureReport {
  const details = error instanceof TaskFailure ? error.details : {}
  const cause = error instanceof TaskFailure ? error.cause : error
  if (!(cause instanceof Error)) {
    return {
      name: 'Error',
      message: typeof cause === 'string' ? cause : inspect(cause),
      stack: undefined,
      code: undefined,
      extra: {},
      details,
    }
  }
  const extra: FailureReport['extra'] = {}
  for (const [name, value] of Object.entries(cause)) {
    if (['string', 'number', 'boolean'].includes(typeof value) && name !== 'code') extra[name] = value
  }
  const code = (cause as { code?: unknown }).code
  return {
    name: cause.name,
    message: cause.message,
    stack: cause.stack,
    code: typeof code === 'string' ? code : undefined,
    extra,
    details,
  }
}

/** The error as the driver throws it: the user's own as `cause`, or millrace's own as it was. */
export function restore(
  { name, message, stack, code, extra, details }: FailureReport,
  context: ErrorDetails,
): MillraceError {
  const all = { ...details, ...context }
  const where = details.operator === undefined ? '' : ` in ${details.operator}`
  const record = details.record === undefined ? '' : `, at the record ${details.record}`
  const partition = details.partition === undefined ? '' : ` (partition ${details.partition}${record})`
  if (name === 'MillraceError' && code !== undefined) {
    const place = where === '' ? '' : ` It happened${where}${partition}.`
    const error = new MillraceError(code as ErrorCode, message.replace(`${code}: `, '') + place, {
      ...all,
      retryable: extra.retryable === true,
    })
    if (stack !== undefined) error.stack = stack
    return error
  }
  const cause = Object.assign(new Error(message), extra, code === undefined ? {} : { code })
  cause.name = name
  if (stack !== undefined) cause.stack = stack
  return new MillraceError('MILLRACE_TASK', `${name}: ${message}${where}${partition}`, { ...all, cause })
}
