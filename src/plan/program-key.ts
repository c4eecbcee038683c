import type { Capture, UserFunction } from '../functions/user-function.js'
import { encodeValue } from '../memory/structured.js'
import { mapExchange, mapFunctions, mapSink } from './ops.js'
import type { Plan } from './stages.js'

/** Larger captured values are not compared: the function counts as one of its own. */
const LARGEST_CAPTURE = 1024

/**
 * Equal for plans that differ in their data only: the same operators with the same functions, in the same order. Streams
 * run the same plan every batch, and programs the same action again and again; neither should be compiled twice.
 */
export function programKey(plan: Plan): string {
  return plan.stages
    .map(({ branches, sink }) => {
      const chains = branches.map(({ input, ops }) => {
        const { exchange, stage } = input.kind === 'exchange' ? input : { exchange: undefined, stage: '' }
        const from = exchange && keyOf(exchange, () => mapExchange(exchange, functionKey))
        return `${stage}${from ?? ''}:${ops.map(op => keyOf(op, () => mapFunctions(op, functionKey))).join('')}`
      })
      return `${chains.join('|')}>${keyOf(sink, () => mapSink(sink, functionKey))}`
    })
    .join('/')
}

let nextId = 0
// Operators are made once and used in many plans.
const keys = new WeakMap<object, string>()

function keyOf(part: object, data: () => unknown): string {
  let key = keys.get(part)
  if (key === undefined) {
    key = JSON.stringify(data(), (name, value) => (name === 'zero' ? exact(value) || `#${nextId++}` : value))
    keys.set(part, key)
  }
  return key
}

/** Equal for functions that cannot be told apart by what they do. The place is part of it, for error messages. */
function functionKey(fn: UserFunction): string {
  const captures = [...fn.captures].map(([name, capture]) => `${name}=${captureKey(capture)}`)
  return captures.some(text => text.endsWith('='))
    ? `#${fn.id}`
    : `${fn.location}\n${fn.source}\n${captures.join('\n')}`
}

/** The empty text for a capture that is only equal to itself. */
function captureKey(capture: Capture): string {
  if (capture.kind === 'function') return functionKey(capture.fn)
  if (capture.kind === 'carried') return ''
  return typeof capture.value === 'object' && capture.value !== null && !Array.isArray(capture.value)
    ? ''
    : exact(capture.value)
}

/** The empty text for a value that is too large to compare. */
function exact(value: unknown): string {
  const bytes = encodeValue(value)
  return bytes.length > LARGEST_CAPTURE ? '' : Buffer.from(bytes).toString('latin1')
}
