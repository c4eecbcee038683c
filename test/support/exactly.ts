import { inspect } from 'node:util'
import type { ErrorCode, MillraceError } from 'millrace'
import * as assert from 'uvu/assert'

/** A value as text that tells apart all that a record may be: -0 from 0, NaN, `null` from `undefined`, 1 from '1', 1n. */
export const asText = (value: unknown): string =>
  inspect(value, { ...WHOLE, maxArrayLength: 200, maxStringLength: 2000 })

/** The same, however long it gets. */
export const asWholeText = (value: unknown): string => inspect(value, WHOLE)

const ALL = Number.POSITIVE_INFINITY
const WHOLE = { depth: ALL, maxArrayLength: ALL, maxStringLength: ALL, breakLength: 100, compact: 3 }

/** Equal to the bit, the order of properties included. uvu's `equal` takes 0 for -0. */
export function exactly(actual: unknown, expected: unknown, hint = ''): void {
  // Long lists are compared in stretches, so that the difference in the report is one that can be read.
  if (Array.isArray(actual) && Array.isArray(expected) && expected.length > 200) {
    assert.is(actual.length, expected.length, `${hint} has ${actual.length} items`)
    for (let at = 0; at < expected.length; at += 100) {
      const part = (list: unknown[]): string => asText(list.slice(at, at + 100))
      assert.is(part(actual), part(expected), `${hint} from item ${at}:\n${part(actual)}\n${part(expected)}`)
    }
    return
  }
  const [a, b] = [asText(actual), asText(expected)]
  assert.is(a, b, `${hint} expected ${b} but received ${a}`)
}

/** Fails with an error of this code, now or as a promise, whose message matches all patterns; gives the error. */
export async function fails(
  action: Promise<unknown> | (() => unknown),
  code: ErrorCode,
  ...patterns: RegExp[]
): Promise<MillraceError> {
  let error: MillraceError | undefined
  try {
    await (typeof action === 'function' ? action() : action)
  } catch (e) {
    error = e as MillraceError
  }
  assert.ok(error, `nothing failed, but ${code} was expected`)
  assert.is(error.code, code, `${code} was expected, but this came: ${error.stack}`)
  assert.is(error.name, 'MillraceError')
  assert.ok(error.message.startsWith(`${code}: `), error.message)
  for (const pattern of patterns) assert.match(error.message, pattern)
  return error
}
