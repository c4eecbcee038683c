import type { Captures } from '../functions/captures.js'
import { copyCapture, UsersFunction } from '../functions/captures.js'
import { foldOf } from '../functions/folds.js'
import {
  type Check,
  conditionOf,
  type Fold,
  type Meaning,
  meaningOf,
  NotUnderstood,
} from '../functions/meaning.js'
import type { Form } from '../functions/refusals.js'
import { readFunction, type UserFunction } from '../functions/user-function.js'
import { exchangeNode, type Node, narrowNode } from './nodes.js'
import type { Combine, Op, Total } from './ops.js'

/**
 * The operators, each once for RDDs and DStreams alike: what a call adds to the plan. A DStream applies the same
 * transform to the plan of every batch, so that functions are read and checked once, when the operator is built.
 */
export type Transform = (node: Node) => Node

/** A user's function with its captures and the place it was written, as every operator takes it. */
export interface Given {
  fn: Function
  captures: Captures | undefined
  /** `map at app.js:12` */
  location: string
  /** Which item of a record an error shows, where the others are the library's; default: all of it. */
  shows?: number
}

/** Names that functions below get as captures. */
declare const $seq: (acc: unknown, value: unknown) => unknown
declare const $zero: unknown

const understood = <M>(meaning: M | NotUnderstood): M | undefined =>
  meaning instanceof NotUnderstood ? undefined : meaning
const read = ({ fn, captures, location, shows }: Given, form?: Form): UserFunction => ({
  ...readFunction(fn, captures, location, form),
  ...(shows !== undefined && { shows }),
})

// ---- narrow

/** map, flatMap, filter, mapValues, flatMapValues, keyBy: row by row. */
export function rowwise(
  kind: 'map' | 'filter' | 'flatMap' | 'mapValues' | 'flatMapValues' | 'keyBy',
  given: Given,
): Transform {
  const fn = read(given, kind === 'flatMap' || kind === 'flatMapValues' ? 'iterable' : 'plain')
  const meaning = understood(kind === 'filter' ? conditionOf(fn) : meaningOf(fn))
  const op: Op<UserFunction> = { kind, label: kind, fn, meaning }
  return node => narrowNode(node, op)
}

/** mapPartitions, mapPartitionsWithIndex; and what is given the time of the batch. */
export function partitionwise(
  given: Given,
  first: 'index' | 'time' | undefined,
  label = first === 'index' ? 'mapPartitionsWithIndex' : 'mapPartitions',
): Transform {
  const op: Op<UserFunction> = { kind: 'mapPartitions', label, fn: read(given, 'iterable'), first }
  return node => narrowNode(node, op)
}

const GLOM: Op<UserFunction> = { kind: 'glom', label: 'glom' }
export const glom: Transform = node => narrowNode(node, GLOM)

export const INPUT: Meaning = { kind: 'input' }
export const field = (of: Meaning, name: number | string): Meaning => ({ kind: 'field', of, name })
export const tuple = (...items: Meaning[]): Meaning => ({ kind: 'tuple', items })
/** A map of the library's own that only rearranges. */
export const rearranged = (label: string, meaning: Meaning, location?: string): Transform => {
  const op: Op<UserFunction> = { kind: 'project', label, meaning, ...(location && { location }) }
  return node => narrowNode(node, op)
}

export const keys: Transform = rearranged('keys', field(INPUT, 0))
export const values: Transform = rearranged('values', field(INPUT, 1))
/** `([k, v]) => [k, [k, v]]`; refuses, under the name of an operator, what is no pair. */
export const withKey = (label: string): Transform => rearranged(label, tuple(field(INPUT, 0), INPUT))
/** `([a, b]) => [b, a]` */
export const swapped: Transform = rearranged('([a, b]) => [b, a]', tuple(field(INPUT, 1), field(INPUT, 0)))
/** The same pairs; refuses, under the name of an operator, what is none. */
export const pairsOnly = (label: string): Transform =>
  rearranged(label, tuple(field(INPUT, 0), field(INPUT, 1)))
/** The same records; refuses, under the name of an operator, what it cannot work on. */
export const only = (as: Check, location: string): Transform =>
  rearranged(location.split(' ')[0]!, { kind: 'checked', as }, location)
/** `x => [x, 1]` */
export const withOne: Transform = rearranged('x => [x, 1]', tuple(INPUT, { kind: 'const', value: 1 }))
/** `x => [x, null]` */
export const asKey: Transform = rearranged('x => [x, null]', tuple(INPUT, { kind: 'const', value: null }))

/** `x => [0, x]` */
export const underOneKey: Transform = rearranged('x => [0, x]', tuple({ kind: 'const', value: 0 }, INPUT))

// ---- by key

function byKey(
  label: string,
  parts: number,
  combine: Combine<UserFunction> | undefined,
  partitioner?: UserFunction,
): Transform {
  const exchange = { kind: 'key' as const, label, parts, combine, partitioner }
  return node => exchangeNode([node], exchange)
}

export function reduceByKey(given: Given, parts: number, label = 'reduceByKey'): Transform {
  const fn = read(given)
  return byKey(label, parts, { kind: 'reduce', fn, fold: understood(foldOf(fn)) })
}

export const groupByKey = (parts: number): Transform => byKey('groupByKey', parts, { kind: 'group' })

export function combineByKey(
  create: Given,
  mergeValue: Given,
  mergeCombiners: Given,
  parts: number,
  label = 'combineByKey',
): Transform {
  return byKey(label, parts, {
    kind: 'combine',
    create: read(create),
    mergeValue: read(mergeValue),
    mergeCombiners: read(mergeCombiners),
  })
}

/** Each key's values added to a copy of `zero`, in each partition; then the partitions' results. */
export function aggregateByKey(zero: unknown, seq: Given, comb: Given, parts: number): Transform {
  const create: Given = {
    fn: (value: unknown) => $seq(structuredClone($zero), value),
    captures: { $seq: new UsersFunction(seq), $zero: copyCapture('the zero value', zero) },
    location: seq.location,
  }
  return combineByKey(create, seq, comb, parts, seq.location.split(' ')[0])
}

export function partitionBy(parts: number, partitioner: Given | undefined, label = 'partitionBy'): Transform {
  return byKey(label, parts, undefined, partitioner && read(partitioner))
}

export function distinct(parts: number): Transform {
  const unique = byKey('distinct', parts, { kind: 'distinct' })
  return node => keys(unique(asKey(node)))
}

const add = (a: number, b: number): number => a + b

/** Pairs of a value and how often it occurs. */
export function countByValue(parts: number, location: string): Transform {
  const counts = reduceByKey({ fn: add, captures: undefined, location }, parts, 'countByValue')
  return node => counts(withOne(node))
}

/** Pairs of a key and how many pairs have it. */
export function countByKey(parts: number, location: string): Transform {
  const [keysOnly, counts] = [rearranged('countByKey', field(INPUT, 0)), countByValue(parts, location)]
  return node => counts(keysOnly(node))
}

// ---- to other partitions

export function repartition(parts: number): Transform {
  const exchange = { kind: 'spread' as const, label: 'repartition', parts }
  return node => exchangeNode([node], exchange)
}

// ---- to one record

function toOne(label: string, total: Total<UserFunction>): Transform {
  const exchange = { kind: 'total' as const, label, total }
  return node => exchangeNode([node], exchange)
}

/**
 * One record, or none for an empty RDD.
 *
 * @param onNumbers a function that does the same to numbers, and that kernels know
 */
export function reduce(given: Given, onNumbers?: Function): Transform {
  const fn = read(given)
  const known = onNumbers === undefined ? fn : read({ ...given, fn: onNumbers })
  return toOne('reduce', { kind: 'reduce', fn, fold: understood(foldOf(known)) })
}

/** One record; `zero` is where each partition begins, and the merge of their results. */
export function aggregate(zero: unknown, seq: Given, comb: Given, label: string): Transform {
  const seqFn = read(seq)
  // One function for both is a fold, and a fold of numbers may go to a kernel.
  const fold: Fold | undefined =
    seq.fn === comb.fn && typeof zero === 'number' ? understood(foldOf(seqFn)) : undefined
  return toOne(label, {
    kind: 'aggregate',
    zero: copyCapture('the zero value', zero),
    seq: seqFn,
    comb: read(comb),
    fold,
  })
}

export const count: Transform = toOne('count', { kind: 'count' })

/** The sum of numbers, 0 for none. */
export function sum(location: string): Transform {
  const given = { fn: add, captures: undefined, location }
  const [numbers, total] = [only('number', location), aggregate(0, given, given, 'sum')]
  return node => total(numbers(node))
}

/** True if the plan exchanges records anywhere, so that a part of its result costs as much as the whole. */
export function hasExchange(node: Node): boolean {
  if (node.storage !== undefined) return false
  if (node.kind === 'source') return node.source.typical !== undefined && hasExchange(node.source.typical())
  if (node.kind === 'union') return node.parents.some(hasExchange)
  return node.kind === 'exchange' || hasExchange(node.parent)
}
