import type { Fold, Meaning } from '../functions/meaning.js'

/**
 * The operators of a plan. `F` is the function: a UserFunction while the plan is built, a CarriedFunction in the
 * program that workers get. Everything else is data.
 */

/** An operator that needs only the partition at hand. */
export type Op<F> =
  | {
      kind: 'map' | 'filter' | 'flatMap' | 'mapValues' | 'flatMapValues' | 'keyBy'
      label: string
      fn: F
      meaning: Meaning | undefined
    }
  /** A map of millrace's own, such as `values`, that is pure rearrangement. */
  | { kind: 'project'; label: string; meaning: Meaning; location?: string }
  /** `first`: what the function is given before the records, if anything: the partition's number, or the job's time. */
  | { kind: 'mapPartitions'; label: string; fn: F; first: 'index' | 'time' | undefined }
  | { kind: 'glom'; label: string }
  | OrderOp
  | { kind: 'match'; label: string; gives: Matches; keys: WantedKeys }
  /** Pairs of a record and a number: that of the first record of each partition, and a step more for each one after it. */
  | { kind: 'number'; label: string; firsts: readonly number[]; step: number }

/**
 * What becomes of a key and its values on two sides, `[key, [left, right]]`: a pair `[key, [v, w]]` for each two of them, `null`
 * standing for a side that has none, where the key is wanted anyway; or a pair `[key, v]` for each value of the first side that
 * has no match; or one pair `[key, null]` if both sides have it.
 */
export type Matches = 'pairs' | 'unmatched' | 'key'

/** 1 for ascending order, -1 for descending. */
export type Sign = 1 | -1

/** What goes by the order of keys; the partition's records are pairs of a key and a record. */
export type OrderOp = { label: string; location: string } & (
  | /** The pairs in the order of their keys; equal ones stay as they are. */
  { kind: 'sort'; sign: Sign }
  /** The `count` pairs that come first in that order, in it. */
  | { kind: 'first'; sign: Sign; count: number }
  /** Up to twice as many keys, evenly spread, each with the number of records it stands for. */
  | { kind: 'sampleKeys'; count: number }
)

/** Of which sides a key must be to be wanted: of any, of the first or the second of two, or of both. */
export type WantedKeys = 'any' | 'first' | 'second' | 'both'

/** How the values of one key become one. */
export type Combine<F> =
  | { kind: 'reduce'; fn: F; fold: Fold | undefined }
  | { kind: 'combine'; create: F; mergeValue: F; mergeCombiners: F }
  /** All values, as an array. */
  | { kind: 'group' }
  /** The key only. */
  | { kind: 'distinct' }
  /** For each of several inputs all its values of the key: an array of arrays. */
  | { kind: 'cogroup'; keys: WantedKeys }
  /**
   * Sums that slide: of the first side's `[key, [sum, slices]]`, less the second's pairs, and with the third's. `exact` if taking
   * away leaves nothing behind.
   */
  | { kind: 'slide'; fn: F; fold: Fold; exact: boolean }
  /** Each record as it is, to a function that also gets its key's state, of those that a side before the records' has. */
  | { kind: 'track'; fn: F; timeout: number | null; before: 'nothing' | 'pairs' | 'states' }

/** How all records become at most one. */
export type Total<F> =
  | { kind: 'reduce'; fn: F; fold: Fold | undefined }
  | { kind: 'aggregate'; zero: unknown; seq: F; comb: F; fold: Fold | undefined }
  | { kind: 'count' }

/** How records change partitions: to the reading side of the next stage. */
export type Exchange<F> =
  /** By key; records are pairs. Without `combine` they stay as they are. `partitioner` overrides the hash. */
  | { kind: 'key'; label: string; parts: number; combine: Combine<F> | undefined; partitioner: F | undefined }
  /**
   * By ranges of their keys, in the order of these; records are pairs. The bounds, the greatest keys of all partitions but the
   * last, are data: they travel with the job.
   */
  | { kind: 'ranges'; label: string; parts: number; sign: Sign; location: string; bounds: readonly unknown[] }
  /** Evenly, in turn. */
  | { kind: 'spread'; label: string; parts: number }
  /** Everything into one record. */
  | { kind: 'total'; label: string; total: Total<F> }

/** Where a stage's records go: into an exchange, or out of the job. */
export type Sink<F> =
  | { kind: 'exchange'; exchange: Exchange<F> }
  /** The records, at most `limit` of each partition; pairs stay by place where they lie so, if they may. */
  | { kind: 'collect'; limit: number | undefined; byPlace?: true }
  | { kind: 'count' }
  /** An index of the records, pairs, by their keys. */
  | { kind: 'index' }
  | { kind: 'foreach'; label: string; fn: F }
  | { kind: 'foreachPartition'; label: string; fn: F }
  /** One text file a partition. */
  | { kind: 'saveText'; label: string; format: 'text' | 'json' }

/** Every function of an operator, for packing and checking. */
export function mapFunctions<F, G>(op: Op<F>, f: (fn: F) => G): Op<G> {
  return 'fn' in op ? { ...op, fn: f(op.fn) } : op
}

export function mapExchange<F, G>(exchange: Exchange<F>, f: (fn: F) => G): Exchange<G> {
  switch (exchange.kind) {
    case 'key':
      return {
        ...exchange,
        combine: exchange.combine && mapCombine(exchange.combine, f),
        partitioner: exchange.partitioner && f(exchange.partitioner),
      }
    case 'spread':
      return exchange
    case 'ranges':
      return { ...exchange, bounds: [] }
    case 'total': {
      const { total } = exchange
      if (total.kind === 'count') return { ...exchange, total }
      if (total.kind === 'reduce') return { ...exchange, total: { ...total, fn: f(total.fn) } }
      return { ...exchange, total: { ...total, seq: f(total.seq), comb: f(total.comb) } }
    }
  }
}

function mapCombine<F, G>(combine: Combine<F>, f: (fn: F) => G): Combine<G> {
  switch (combine.kind) {
    case 'reduce':
    case 'slide':
    case 'track':
      return { ...combine, fn: f(combine.fn) }
    case 'combine':
      return {
        kind: 'combine',
        create: f(combine.create),
        mergeValue: f(combine.mergeValue),
        mergeCombiners: f(combine.mergeCombiners),
      }
    default:
      return combine
  }
}

export function mapSink<F, G>(sink: Sink<F>, f: (fn: F) => G): Sink<G> {
  if (sink.kind === 'exchange') return { kind: 'exchange', exchange: mapExchange(sink.exchange, f) }
  return 'fn' in sink ? { ...sink, fn: f(sink.fn) } : sink
}
