import { foldOf } from '../functions/folds.js'
import { conditionOf, type Fold, type Meaning, meaningOf, NotUnderstood } from '../functions/meaning.js'
import { snippet } from '../functions/refusals.js'
import type { UserFunction } from '../functions/user-function.js'
import type { Combine, Exchange, Op, Total } from './ops.js'
import { type RecordType, UNKNOWN } from './source.js'
import type { Branch, Plan, Stage } from './stages.js'

/** One line of an explanation: what runs, and which way it goes. */
interface Line {
  operator: string
  way: string
}

/** What the words for the ways mean. */
const WAYS: Record<string, string> = {
  native: 'kernels over columns; no JavaScript value is made for a record',
  fused: 'your functions, in one loop that is generated for them and the types of the records',
  generic: 'your functions, over whole partitions of JavaScript values',
}

/** An explanation, and under it the meaning of the words that it uses. */
export function withLegend(text: string): string {
  const used = Object.keys(WAYS).filter(way => new RegExp(`\\b${way}\\b`).test(text))
  const legend = used.map(way => `${way.padEnd(8)} ${WAYS[way]}\n`).join('')
  return legend === '' ? text : `${text}\n${legend}`
}

/**
 * A plan as text: its stages, and for each function the way it runs and, where that is not native, the construct that
 * stopped it. Ways are told from what is known of the records; where that is not enough, the line says what it depends on.
 */
export function explainPlan(plan: Plan, partitions: readonly (number | undefined)[]): string {
  const outputs: RecordType[] = []
  const stages = plan.stages.map((stage, s) => {
    const { text, type } = explainStage(stage, outputs, partitions[s])
    outputs.push(type)
    return `Stage ${s + 1}  ${text}`
  })
  return `${stages.join('\n')}\n`
}

function explainStage(
  stage: Stage<UserFunction>,
  outputs: RecordType[],
  partitions: number | undefined,
): { text: string; type: RecordType } {
  const tasks = partitions === undefined ? '' : `  (${partitions} partition${partitions === 1 ? '' : 's'})`
  const parts: string[] = []
  let type: RecordType | undefined
  let sinkLine: Line | undefined
  stage.branches.forEach((branch, b) => {
    const { lines, type: out } = explainBranch(branch, outputs)
    const after =
      stage.sink.kind === 'exchange'
        ? explainExchange(stage.sink.exchange, out)
        : { line: undefined, type: out }
    sinkLine = after.line ?? sinkLine
    type = type === undefined || same(type, after.type) ? after.type : UNKNOWN
    const from =
      branch.input.kind === 'source'
        ? branch.input.source.label
        : `from stage ${branch.input.stages.map(stage => stage + 1).join(', ')}${received(branch.input.exchange)}`
    parts.push(`${b === 0 ? '' : '   and  '}${from}${b === 0 ? tasks : ''}`, ...table(lines))
  })
  if (sinkLine !== undefined) parts.push(...table([sinkLine]))
  return { text: parts.length === 0 ? 'nothing' : parts.join('\n'), type: type ?? UNKNOWN }
}

/** What the reading side of an exchange does. */
function received(exchange: Exchange<UserFunction>): string {
  if (exchange.kind === 'spread') return ''
  if (exchange.kind === 'total') return ', merged'
  switch (exchange.combine?.kind) {
    case undefined:
      return ', by key'
    case 'group':
      return ', grouped by key'
    case 'distinct':
      return ', each once'
    case 'cogroup':
      return ', side by side by key'
    case 'track':
      return ', with the states of their keys'
    default:
      return ', merged by key'
  }
}

function table(lines: Line[]): string[] {
  return lines.map(({ operator, way }) => `  ${operator.padEnd(44)} ${way}`)
}

function explainBranch(
  { input, ops }: Branch<UserFunction>,
  outputs: RecordType[],
): { lines: Line[]; type: RecordType } {
  let type = input.kind === 'source' ? input.source.recordType : outputs[input.stages[0]!]!
  const lines: Line[] = []
  for (const op of ops) {
    const step = explainOp(op, type)
    lines.push(step.line)
    type = step.type
  }
  return { lines, type }
}

function explainOp(op: Op<UserFunction>, type: RecordType): { line: Line; type: RecordType } {
  const operator = 'fn' in op ? written(op.label, op.fn) : op.label
  switch (op.kind) {
    case 'glom':
      return { line: { operator, way: 'generic: makes one array of each partition' }, type: UNKNOWN }
    case 'mapPartitions':
      return { line: { operator, way: 'generic: the function gets the whole partition' }, type: UNKNOWN }
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

/** The user's function in one of the library's that stands for an operator. */
function usersFunction(fn: UserFunction): UserFunction | undefined {
  for (const capture of fn.captures.values())
    if (capture.kind === 'function' && capture.users) return capture.fn
  return undefined
}

/** An operator and its function, as the user wrote them. */
function written(label: string, fn: UserFunction): string {
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

function explainExchange(
  exchange: Exchange<UserFunction>,
  type: RecordType,
): { line: Line; type: RecordType } {
  if (exchange.kind === 'spread')
    return {
      line: { operator: exchange.label, way: `native: in turn to ${exchange.parts} partitions` },
      type,
    }
  if (exchange.kind === 'total') return explainTotal(exchange.label, exchange.total, type)
  const [key, value] =
    type.kind === 'tuple' && type.items.length === 2
      ? (type.items as [RecordType, RecordType])
      : [UNKNOWN, UNKNOWN]
  const to = `, to ${exchange.parts} partition${exchange.parts === 1 ? '' : 's'} by key`
  if (exchange.combine === undefined) {
    const how = exchange.partitioner === undefined ? 'native' : 'generic: by your function'
    return { line: { operator: exchange.label, way: how + to }, type }
  }
  const { operator, way, out } = explainCombine(exchange.label, exchange.combine, value)
  return { line: { operator, way: way + to }, type: { kind: 'tuple', items: [key, out] } }
}

function explainCombine(
  label: string,
  combine: Combine<UserFunction>,
  value: RecordType,
): { operator: string; way: string; out: RecordType } {
  switch (combine.kind) {
    case 'group':
      return { operator: label, way: 'native: lists by key', out: UNKNOWN }
    case 'distinct':
      return { operator: label, way: 'native: hash table of keys', out: UNKNOWN }
    case 'cogroup':
      return { operator: label, way: 'native: lists by key, of each side', out: UNKNOWN }
    case 'track':
      return {
        operator: written(label, combine.fn),
        way: 'generic: one call for each record, with the state of its key',
        out: UNKNOWN,
      }
    case 'combine':
      return {
        operator: written(label, combine.mergeValue),
        way: 'fused: hash table of keys, your functions over the values',
        out: UNKNOWN,
      }
    case 'reduce':
      return {
        operator: written(label, combine.fn),
        way: foldWay(combine, value, 'hash aggregation'),
        out: value,
      }
  }
}

function explainTotal(
  label: string,
  total: Total<UserFunction>,
  type: RecordType,
): { line: Line; type: RecordType } {
  switch (total.kind) {
    case 'count':
      return { line: { operator: label, way: 'native: counts, to 1 partition' }, type: { kind: 'number' } }
    case 'reduce':
      return {
        line: {
          operator: written(label, total.fn),
          way: `${foldWay(total, type, 'fold')}, to 1 partition`,
        },
        type,
      }
    case 'aggregate':
      return {
        line: {
          operator: written(label, total.seq),
          way: `${foldWay({ fn: total.seq, fold: total.fold }, type, 'fold')}, to 1 partition`,
        },
        type: UNKNOWN,
      }
  }
}

function foldWay(
  { fn, fold }: { fn: UserFunction; fold: Fold | undefined },
  type: RecordType,
  what: string,
): string {
  if (fold === undefined) {
    const why = foldOf(fn)
    return why instanceof NotUnderstood ? `${fusedFor(fn, why)} (${what})` : `fused (${what})`
  }
  const fits = foldFits(fold, type)
  return fits === undefined
    ? `native where values are numbers: ${what}; else fused`
    : fits
      ? `native: ${what}`
      : `fused: the values are not numbers (${what})`
}

function foldFits(fold: Fold, type: RecordType): boolean | undefined {
  if (type.kind === 'unknown') return undefined
  if ('op' in fold) return type.kind === 'number'
  if (type.kind !== (fold.names === undefined ? 'tuple' : 'record')) return false
  const { items } = type as { items: RecordType[] }
  const all = fold.items.map((item, k) => (items[k] === undefined ? false : foldFits(item, items[k])))
  return all.includes(false) ? false : all.includes(undefined) ? undefined : true
}

const fused = (why: NotUnderstood): string => `fused, because of \`${why.construct}\``

/** The reason is told of what the user wrote only. */
const fusedFor = (fn: UserFunction, why: NotUnderstood): string =>
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

function same(a: RecordType, b: RecordType): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
