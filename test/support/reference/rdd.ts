import { partOf } from '../../../src/worker/keyed/keys.js'
import { identity } from './identity.js'

type Fn = (...args: never[]) => unknown
type Call = (...args: unknown[]) => unknown

const EMPTY = (): Error => Object.assign(new Error('empty'), { code: 'MILLRACE_EMPTY' })

/**
 * The reference of an RDD: arrays of arrays, one loop an operator. It has the operators and actions of an RDD under the same
 * names, so that one program runs on both. Only where a key goes is asked of the library; test/api/partition-by.test.ts is
 * about that.
 */
export class ReferenceRDD {
  readonly partitions: readonly unknown[][]

  constructor(partitions: readonly unknown[][]) {
    this.partitions = partitions
  }

  static slices(items: readonly unknown[], k: number): ReferenceRDD {
    const cut = (i: number): number => Math.floor((i * items.length) / k)
    return new ReferenceRDD(Array.from({ length: k }, (_, i) => items.slice(cut(i), cut(i + 1))))
  }

  // ---- row by row

  #each(make: (part: unknown[], index: number) => Iterable<unknown>): ReferenceRDD {
    return new ReferenceRDD(this.partitions.map((part, i) => [...make(part, i)]))
  }
  map(fn: Fn): ReferenceRDD {
    return this.#each(part => part.map(x => (fn as Call)(x)))
  }
  filter(fn: Fn): ReferenceRDD {
    return this.#each(part => part.filter(x => (fn as Call)(x)))
  }
  flatMap(fn: Fn): ReferenceRDD {
    return this.#each(part => part.flatMap(x => [...((fn as Call)(x) as Iterable<unknown>)]))
  }
  mapPartitions(fn: Fn): ReferenceRDD {
    return this.#each(part => (fn as Call)(part.values()) as Iterable<unknown>)
  }
  mapPartitionsWithIndex(fn: Fn): ReferenceRDD {
    return this.#each((part, i) => (fn as Call)(i, part.values()) as Iterable<unknown>)
  }
  glom(): ReferenceRDD {
    return this.#each(part => [part])
  }
  keyBy(fn: Fn): ReferenceRDD {
    return this.map(((x: unknown) => [(fn as Call)(x), x]) as Fn)
  }
  keys(): ReferenceRDD {
    return this.map(([key]: [unknown, unknown]) => key)
  }
  values(): ReferenceRDD {
    return this.map(([, value]: [unknown, unknown]) => value)
  }
  mapValues(fn: Fn): ReferenceRDD {
    return this.map(([key, value]: [unknown, unknown]) => [key, (fn as Call)(value)])
  }
  flatMapValues(fn: Fn): ReferenceRDD {
    return this.flatMap(([key, value]: [unknown, unknown]) =>
      [...((fn as Call)(value) as Iterable<unknown>)].map(x => [key, x]),
    )
  }
  union(other: ReferenceRDD): ReferenceRDD {
    return new ReferenceRDD([...this.partitions, ...other.partitions])
  }

  // ---- by key

  /** Keys in the order of their first appearance; each value is put to those of its key that came before. */
  #combined(create: Call, merge: Call): ReferenceRDD {
    return this.#each(part => {
      const found = new Map<string, [unknown, unknown]>()
      for (const [key, value] of part as [unknown, unknown][]) {
        const entry = found.get(identity(key))
        if (entry === undefined) found.set(identity(key), [key, create(value)])
        else entry[1] = merge(entry[1], value)
      }
      return found.values()
    })
  }
  partitionBy(n: number, partitionFunc?: Fn): ReferenceRDD {
    const parts: unknown[][] = Array.from({ length: n }, () => [])
    for (const record of this.partitions.flat() as [unknown, unknown][])
      parts[partitionFunc ? ((partitionFunc as Call)(record[0]) as number) % n : partOf(record[0], n)]!.push(
        record,
      )
    return new ReferenceRDD(parts)
  }
  combineByKey(create: Fn, mergeValue: Fn, mergeCombiners: Fn, n: number): ReferenceRDD {
    return this.#combined(create as Call, mergeValue as Call)
      .partitionBy(n)
      .#combined(x => x, mergeCombiners as Call)
  }
  reduceByKey(fn: Fn, n: number): ReferenceRDD {
    return this.combineByKey((x: unknown) => x, fn, fn, n)
  }
  groupByKey(n: number): ReferenceRDD {
    return this.partitionBy(n).#combined(
      x => [x],
      (list, x) => [...(list as unknown[]), x],
    )
  }
  distinct(n: number): ReferenceRDD {
    return this.map((x: unknown) => [x, null])
      .reduceByKey((a: unknown) => a, n)
      .keys()
  }
  /** In turn, each partition beginning with the target of its own number. */
  repartition(n: number): ReferenceRDD {
    const parts: unknown[][] = Array.from({ length: n }, () => [])
    this.partitions.forEach((part, i) => part.forEach((record, k) => void parts[(i + k) % n]!.push(record)))
    return new ReferenceRDD(parts)
  }

  // ---- actions

  collect(): unknown[] {
    return this.partitions.flat()
  }
  count(): number {
    return this.collect().length
  }
  take(n: number): unknown[] {
    return this.collect().slice(0, n)
  }
  first(): unknown {
    if (this.isEmpty()) throw EMPTY()
    return this.collect()[0]
  }
  isEmpty(): boolean {
    return this.count() === 0
  }
  getNumPartitions(): number {
    return this.partitions.length
  }
  reduce(fn: Fn): unknown {
    const reduced = this.partitions
      .filter(p => p.length > 0)
      .map(p => p.reduce(fn as (a: unknown, b: unknown) => unknown))
    if (reduced.length === 0) throw EMPTY()
    return reduced.reduce(fn as (a: unknown, b: unknown) => unknown)
  }
  min(key: Fn = (x: unknown) => x): unknown {
    return this.reduce((a: unknown, b: unknown) => ((key as Call)(b)! < (key as Call)(a)! ? b : a))
  }
  max(key: Fn = (x: unknown) => x): unknown {
    return this.reduce((a: unknown, b: unknown) => ((key as Call)(b)! > (key as Call)(a)! ? b : a))
  }
  aggregate(zero: unknown, seq: Fn, comb: Fn): unknown {
    const fold = (items: unknown[], fn: Fn): unknown => items.reduce((acc, x) => (fn as Call)(acc, x), zero)
    return fold(
      this.partitions.map(part => fold(part, seq)),
      comb,
    )
  }
  fold(zero: unknown, fn: Fn): unknown {
    return this.aggregate(zero, fn, fn)
  }
  countByValue(): Map<unknown, number> {
    const counts = new Map<string, [unknown, number]>()
    for (const x of this.collect()) {
      const entry = counts.get(identity(x)) ?? [x, 0]
      counts.set(identity(x), [entry[0], entry[1] + 1])
    }
    return new Map(counts.values())
  }
  countByKey(): Map<unknown, number> {
    return this.keys().countByValue()
  }
}
