import { foldOf } from '../functions/folds.js'
import { type Fold, NotUnderstood } from '../functions/meaning.js'
import type { UserFunction } from '../functions/user-function.js'
import { fusedFor, type Line, written } from './explain-operator.js'
import type { Combine, Exchange, Total } from './ops.js'
import { type RecordType, UNKNOWN } from './source.js'

/** What the reading side of an exchange does. */
export function received(exchange: Exchange<UserFunction>): string {
  if (exchange.kind === 'spread') return ''
  if (exchange.kind === 'ranges') return ', by ranges of the keys'
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
    case 'slide':
      return ', taken away and added by key'
    case 'track':
      return ', with the states of their keys'
    default:
      return ', merged by key'
  }
}

/** Where records are sent, in words. */
export const toPartitions = (exchange: Exchange<UserFunction>): string =>
  exchange.kind === 'key' ? `, to ${exchange.parts} partition${exchange.parts === 1 ? '' : 's'} by key` : ''

/** @param to where the records go, in words */
export function explainExchange(
  exchange: Exchange<UserFunction>,
  type: RecordType,
  to: string,
): { line: Line; type: RecordType } {
  if (exchange.kind === 'spread')
    return {
      line: { operator: exchange.label, way: `native: in turn to ${exchange.parts} partitions` },
      type,
    }
  if (exchange.kind === 'ranges')
    return {
      line: {
        operator: exchange.label,
        way: `native: to ${exchange.parts} partitions by ranges of the keys`,
      },
      type,
    }
  if (exchange.kind === 'total') return explainTotal(exchange.label, exchange.total, type)
  const [key, value] =
    type.kind === 'tuple' && type.items.length === 2
      ? (type.items as [RecordType, RecordType])
      : [UNKNOWN, UNKNOWN]
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
    case 'slide':
      return { operator: label, way: 'native: sums that slide', out: UNKNOWN }
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
