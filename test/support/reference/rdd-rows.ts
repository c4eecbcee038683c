import type { ReferenceRDD } from './rdd.js'

export type Fn = (...args: never[]) => unknown
export type Call = (...args: unknown[]) => unknown
export type Pair = [key: unknown, value: unknown]

/** Row by row, and whole partitions. */
export abstract class ReferenceRows {
  readonly partitions: readonly unknown[][]

  constructor(partitions: readonly unknown[][]) {
    this.partitions = partitions
  }

  protected abstract made(partitions: readonly unknown[][]): ReferenceRDD

  each(make: (part: unknown[], index: number) => Iterable<unknown>): ReferenceRDD {
    return this.made(this.partitions.map((part, i) => [...make(part, i)]))
  }
  map(fn: Fn): ReferenceRDD {
    return this.each(part => part.map(x => (fn as Call)(x)))
  }
  filter(fn: Fn): ReferenceRDD {
    return this.each(part => part.filter(x => (fn as Call)(x)))
  }
  flatMap(fn: Fn): ReferenceRDD {
    return this.each(part => part.flatMap(x => [...((fn as Call)(x) as Iterable<unknown>)]))
  }
  mapPartitions(fn: Fn): ReferenceRDD {
    return this.each(part => (fn as Call)(part.values()) as Iterable<unknown>)
  }
  mapPartitionsWithIndex(fn: Fn): ReferenceRDD {
    return this.each((part, i) => (fn as Call)(i, part.values()) as Iterable<unknown>)
  }
  glom(): ReferenceRDD {
    return this.each(part => [part])
  }
  keyBy(fn: Fn): ReferenceRDD {
    return this.map((x: unknown) => [(fn as Call)(x), x])
  }
  keys(): ReferenceRDD {
    return this.map(([key]: Pair) => key)
  }
  values(): ReferenceRDD {
    return this.map(([, value]: Pair) => value)
  }
  mapValues(fn: Fn): ReferenceRDD {
    return this.map(([key, value]: Pair) => [key, (fn as Call)(value)])
  }
  flatMapValues(fn: Fn): ReferenceRDD {
    return this.flatMap(([key, value]: Pair) =>
      [...((fn as Call)(value) as Iterable<unknown>)].map(x => [key, x]),
    )
  }
  union(other: ReferenceRows): ReferenceRDD {
    return this.made([...this.partitions, ...other.partitions])
  }
  /** In turn, each partition beginning with the target of its own number. */
  repartition(n: number): ReferenceRDD {
    const parts: unknown[][] = Array.from({ length: n }, () => [])
    this.partitions.forEach((part, i) => part.forEach((record, k) => void parts[(i + k) % n]!.push(record)))
    return this.made(parts)
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
    const filled = this.partitions.filter(part => part.length > 0)
    if (filled.length === 0) throw EMPTY()
    return filled.map(part => part.reduce((a, b) => (fn as Call)(a, b))).reduce((a, b) => (fn as Call)(a, b))
  }
  aggregate(zero: unknown, seq: Fn, comb: Fn): unknown {
    const fold = (items: unknown[], fn: Fn): unknown =>
      items.reduce((acc, x) => (fn as Call)(acc, x), structuredClone(zero))
    return fold(
      this.partitions.map(part => fold(part, seq)),
      comb,
    )
  }
  fold(zero: unknown, fn: Fn): unknown {
    return this.aggregate(zero, fn, fn)
  }
}

const EMPTY = (): Error => Object.assign(new Error('empty'), { code: 'MILLRACE_EMPTY' })
