import type { Capture, UserFunction } from '../functions/user-function.js'
import { encodeValue } from '../memory/structured.js'
import { mapExchange, mapFunctions, mapSink, type Op } from './ops.js'
import type { Input, Plan } from './stages.js'

/** Larger values are not compared: each counts as one of its own. */
const LARGEST_CAPTURE = 1024

/**
 * Equal for plans that differ in their data only: the same operators with the same functions, in the same order. Streams
 * run the same plan every batch, and programs the same action again and again; neither should be compiled twice.
 */
export function programKey(plan: Plan): string {
  return plan.stages
    .map(({ branches, sink }) => {
      const chains = branches.map(({ input, ops, preceding }) => {
        const chain = ops.map((op, k) => `${preceding[k]}${opKey(op)}`)
        return `${input.kind === 'source' ? '' : inputKey(input)}:${chain.join('')}`
      })
      return `${chains.join('|')}>${keyOf(sink, () => mapSink(sink, functionKey))}`
    })
    .join('/')
}

const opKey = (op: Op<UserFunction>): string => keyOf(op, () => mapFunctions(op, functionKey))

function inputKey({ exchange, sides }: Input<UserFunction> & { kind: 'exchange' }): string {
  const from = sides.map(side =>
    side.kind === 'sent'
      ? `${side.stage}`
      : `[${side.runs.map(run => `(${run.ops.map(opKey).join('')})`).join('')}]`,
  )
  return `${from.join(';')}${keyOf(exchange, () => mapExchange(exchange, functionKey))}`
}

// Operators are made once and used in many plans.
const keys = new WeakMap<object, string>()

function keyOf(part: object, data: () => unknown): string {
  let key = keys.get(part)
  if (key === undefined) {
    // The holder has the zero value as it is; a Date would be handed over as text.
    key = JSON.stringify(data(), function (this: { zero?: unknown }, name, value) {
      return name === 'zero' ? exact(this.zero) : value
    })
    keys.set(part, key)
  }
  return key
}

// Read once: what is only equal to itself stays equal to itself.
const functionKeys = new WeakMap<UserFunction, string>()

/** Equal for functions that cannot be told apart by what they do. The place is part of it, for error messages. */
function functionKey(fn: UserFunction): string {
  let key = functionKeys.get(fn)
  if (key === undefined) {
    const captures = [...fn.captures].map(([name, capture]) => `${name}=${captureKey(capture)}`)
    key = `${fn.location}\n${fn.source}\n${captures.join('\n')}`
    functionKeys.set(fn, key)
  }
  return key
}

function captureKey(capture: Capture): string {
  if (capture.kind === 'function') return functionKey(capture.fn)
  if (capture.kind === 'job') return 'job'
  return capture.kind === 'value' && isSimple(capture.value) ? exact(capture.value) : unique()
}

/** True for what is told by its bytes alone: no objects, which may be more than they show. */
function isSimple(value: unknown, depth = 10): boolean {
  if (Array.isArray(value)) return depth > 0 && value.every(item => isSimple(item, depth - 1))
  return typeof value !== 'object' || value === null
}

/** A value as text; of a large one, a text that is equal to no other. */
function exact(value: unknown): string {
  const bytes = encodeValue(value)
  return bytes.length > LARGEST_CAPTURE ? unique() : Buffer.from(bytes).toString('latin1')
}

let nextId = 0
/** What is only equal to itself. */
const unique = (): string => `#${nextId++}`
