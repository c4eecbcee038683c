import * as assert from 'uvu/assert'
import type { Captures } from '../../src/functions/captures.js'
import { pack, unpack } from '../../src/functions/carry.js'
import { NotUnderstood } from '../../src/functions/meaning.js'
import type { Form } from '../../src/functions/refusals.js'
import { readFunction, type UserFunction } from '../../src/functions/user-function.js'

/** The place that functions of these tests are read at. */
export const PLACE = 'map at app.js:12'

/** A value out of source text as it stands: what a tool wrote is not compiled once more with the test. */
// biome-ignore lint/security/noGlobalEval: these texts are the test's own
export const evaluated = <T = Function>(text: string): T => globalThis.eval(`(${text}\n)`) as T

/** Reads a function, or a text that is one. */
export function reading(fn: Function | string, captures?: Captures, form?: Form): UserFunction {
  return readFunction(typeof fn === 'string' ? evaluated(fn) : fn, captures, PLACE, form)
}

/** The function as another thread would get it, without any outside but its captures. */
export function carried<F = (...args: unknown[]) => unknown>(fn: Function | string, captures?: Captures): F {
  const nowhere = (): never => {
    throw new Error('nothing is carried or imported in this test')
  }
  const data = structuredClone(pack(reading(fn, captures)))
  return unpack(data, { job: {}, resolve: nowhere, module: nowhere }) as F
}

/** The construct that stopped the reader; fails for what it understood. */
export function constructOf(meaning: unknown): string {
  assert.instance(meaning, NotUnderstood, `this was understood: ${JSON.stringify(meaning)}`)
  return (meaning as NotUnderstood).construct
}
