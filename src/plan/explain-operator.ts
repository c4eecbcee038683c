import { conditionOf, type Meaning, meaningOf, NotUnderstood } from '../functions/meaning.js'
import { snippet } from '../functions/refusals.js'
import type { UserFunction } from '../functions/user-function.js'
import type { Op } from './ops.js'
import { type RecordType, UNKNOWN } from './source.js'

/** One line of an explanation: what runs, and which way it goes. */
export interface Line {
  operator: string
  way: string
}

/** What is done to records, and what becomes of them. */
export interface Explained {
  lines: Line[]
  type: RecordType
}

export function explainOps(ops: readonly Op<UserFunction>[], { lines, type }: Explained): Explained {
  const all = [...lines]
  let out = type
  for (const op of ops) {
    const step = explainOp(op, out)
    all.push(step.line)
    out = step.type
  }
  return { lines: all, type: out }
}

function explainOp(op: Op<UserFunction>, type: RecordType): { line: Line; type: RecordType } {
  const operator = 'fn' in op ? written(op.label, op.fn) : op.label
  switch (op.kind) {
    case 'glom':
      return { line: { operator, way: 'generic: makes one array of each partition' }, type: UNKNOWN }
    case 'mapPartitions':
      return { line: { operator, way: 'generic: the function gets the whole partition' }, type: UNKNOWN }
    case 'number':
      return {
        line: { operator, way: 'native: a column of numbers' },
        type: { kind: 'tuple', items: [type, { kind: 'number' }] },
      }
    case 'match':
      return { line: { operator, way: 'native: rows of both sides beside each other' }, type: UNKNOWN }
    case 'sort':
    case 'first':
      return { line: { operator, way: orderWay(type) }, type }
    case 'sampleKeys':
      return { line: { operator: 'some of the keys', way: 'native: evenly spread' }, type: UNKNOWN }
    case 'project':
      return {
        line: { operator, way: 'native: columns are rearranged' },
        type: typeOf(op.meaning, type) ?? UNKNOWN,
      }
    case 'filter': {
      const meaning = op.meaning ?? conditionOf(op.fn)
      if (meaning instanceof NotUnderstood) return { line: { operator, way: fused(meaning) }, type }
      const way =
        meaning.kind === 'nonEmpty'
          ? nativeFor(meaning.text, type, 'text', 'rows that are not empty')
          : 'fused: the condition is not about a text'
      return { line: { operator, way }, type }
    }
    default:
      return explainMap(op, operator, type)
  }
}

function orderWay(type: RecordType): string {
  const key = type.kind === 'tuple' ? type.items[0]! : UNKNOWN
  if (key.kind === 'number' || key.kind === 'text') return 'native: by the digits of the keys'
  return key.kind === 'unknown'
    ? 'native where keys are numbers or texts: by their digits; else generic'
    : 'generic: keys are compared one by one'
}

/** The user's function in one of the library's that stands for an operator. */
function usersFunction(fn: UserFunction): UserFunction | undefined {
  for (const capture of fn.captures.values())
    if (capture.kind === 'function' && capture.users) return capture.fn
  return undefined
}

/** An operator and its function, as the user wrote them. */
export function written(label: string, fn: UserFunction): string {
  const users = usersFunction(fn)
  const operator = users === undefined ? label : fn.location.split(' ')[0]!
  return `${operator} ${snippet((users ?? fn).source, 42 - operator.length)}`
}

function explainMap(
  op: Op<UserFunction> & { fn: UserFunction; meaning: Meaning | undefined },
  operator: string,
  type: RecordType,
): { line: Line; type: RecordType } {
  const onValues = op.kind === 'mapValues' || op.kind === 'flatMapValues'
  const [key, value] = type.kind === 'tuple' && type.items.length === 2 ? type.items : [UNKNOWN, UNKNOWN]
  const input = onValues ? value! : type
  const meaning = op.meaning ?? meaningOf(op.fn)
  const paired = (out: RecordType): RecordType =>
    onValues
      ? { kind: 'tuple', items: [key!, out] }
      : op.kind === 'keyBy'
        ? { kind: 'tuple', items: [out, type] }
        : out
  if (meaning instanceof NotUnderstood)
    return { line: { operator, way: fusedFor(op.fn, meaning) }, type: paired(UNKNOWN) }
  if (op.kind === 'flatMap' && meaning.kind === 'split') {
    return { line: { operator, way: nativeFor(meaning.text, type, 'text', 'split') }, type: { kind: 'text' } }
  }
  if (op.kind === 'flatMap' && meaning.kind === 'field')
    return {
      line: { operator, way: 'native where it is a list: its items are taken as they lie; else fused' },
      type: UNKNOWN,
    }
  if (op.kind === 'flatMap' || op.kind === 'flatMapValues')
    return { line: { operator, way: 'fused: the items come from the function' }, type: paired(UNKNOWN) }
  if (!isRearrangement(meaning))
    return { line: { operator, way: 'fused: the result is not one of its columns' }, type: paired(UNKNOWN) }
  const out = typeOf(meaning, input)
  const way =
    out !== undefined
      ? 'native: columns are rearranged'
      : input.kind === 'unknown' || mayHaveFields(input)
        ? 'native where all records have these fields: columns are rearranged; else fused'
        : 'fused: the records have no such field'
  return { line: { operator, way }, type: paired(out ?? UNKNOWN) }
}

const fused = (why: NotUnderstood): string => `fused, because of \`${why.construct}\``

/** The reason is told of what the user wrote only. */
export const fusedFor = (fn: UserFunction, why: NotUnderstood): string =>
  usersFunction(fn) === undefined ? fused(why) : 'fused: your function, beside what the operator does'

/** Native if what the meaning names is of a kind; says what it depends on where that is not known. */
function nativeFor(meaning: Meaning, type: RecordType, kind: RecordType['kind'], what: string): string {
  const of = typeOf(meaning, type)
  if (of?.kind === kind) return `native: ${what}`
  return of === undefined || of.kind === 'unknown'
    ? `native where records are ${kind}: ${what}; else fused`
    : `fused: the records are not ${kind}`
}

function isRearrangement(meaning: Meaning): boolean {
  switch (meaning.kind) {
    case 'input':
    case 'const':
      return true
    case 'field':
      return isRearrangement(meaning.of)
    case 'tuple':
    case 'record':
      return meaning.items.every(isRearrangement)
    default:
      return false
  }
}

/** The type of an expression's value; undefined where a field is not certain to be there. */
function typeOf(meaning: Meaning, input: RecordType): RecordType | undefined {
  switch (meaning.kind) {
    case 'input':
      return input
    case 'const':
      return typeof meaning.value === 'number'
        ? { kind: 'number' }
        : typeof meaning.value === 'string'
          ? { kind: 'text' }
          : { kind: 'other' }
    case 'field': {
      const of = typeOf(meaning.of, input)
      if (of?.kind === 'tuple' && typeof meaning.name === 'number') return of.items[meaning.name]
      if (of?.kind === 'record' && typeof meaning.name === 'string')
        return of.items[of.names.indexOf(meaning.name)]
      return undefined
    }
    case 'tuple':
    case 'record': {
      const items = meaning.items.map(item => typeOf(item, input))
      if (items.includes(undefined)) return undefined
      return meaning.kind === 'tuple'
        ? { kind: 'tuple', items: items as RecordType[] }
        : { kind: 'record', names: meaning.names, items: items as RecordType[] }
    }
    default:
      return undefined
  }
}

const mayHaveFields = (type: RecordType): boolean =>
  type.kind === 'tuple' || type.kind === 'record' || type.kind === 'other'

export function sameType(a: RecordType, b: RecordType): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
