import type { ReferenceRDD } from './rdd.js'
import { ReferenceKeys } from './rdd-keys.js'
import type { Call, Fn, Pair } from './rdd-rows.js'

type Compared = number | string | (number | string)[]

/** Arrays item by item. */
const less = (a: Compared, b: Compared): boolean => {
  if (!Array.isArray(a) || !Array.isArray(b)) return a < b
  const i = a.findIndex((x, k) => x !== b[k])
  return i >= 0 && a[i]! < b[i]!
}

const same = (x: unknown): unknown => x

/** By a key, records of equal keys in the order they have. */
const sorted = (records: readonly unknown[], key: Fn, ascending: boolean): unknown[] => {
  const of = (x: unknown): Compared => (key as Call)(x) as Compared
  const sign = ascending ? 1 : -1
  return [...records].sort((a, b) => sign * (less(of(a), of(b)) ? -1 : less(of(b), of(a)) ? 1 : 0))
}

/** What looks at the order of records, or at their numbers. */
export abstract class ReferenceOrder extends ReferenceKeys {
  /** In one partition: where the library cuts is its own affair. */
  sortBy(key: Fn, ascending = true): ReferenceRDD {
    return this.made([sorted(this.collect(), key, ascending)])
  }
  sortByKey(ascending = true, _n?: number, key: Fn = same as Fn): ReferenceRDD {
    return this.sortBy(([k]: Pair) => (key as Call)(k), ascending)
  }
  repartitionAndSortWithinPartitions(
    n: number,
    partitionFunc?: Fn,
    ascending = true,
    key: Fn = same as Fn,
  ): ReferenceRDD {
    return this.partitionBy(n, partitionFunc).each(part =>
      sorted(part, ([k]: Pair) => (key as Call)(k), ascending),
    )
  }
  zip(other: ReferenceRDD): ReferenceRDD {
    return this.each((part, i) => part.map((x, k) => [x, other.partitions[i]![k]]))
  }
  zipWithIndex(): ReferenceRDD {
    let index = 0
    return this.each(part => part.map(x => [x, index++]))
  }
  zipWithUniqueId(): ReferenceRDD {
    const n = this.getNumPartitions()
    return this.each((part, k) => part.map((x, i) => [x, i * n + k]))
  }
  /** Neighbours put together. */
  coalesce(n: number): ReferenceRDD {
    const count = this.getNumPartitions()
    if (n >= count) return this.made(this.partitions)
    const cut = (t: number): number => Math.floor((t * count) / n)
    return this.made(Array.from({ length: n }, (_, t) => this.partitions.slice(cut(t), cut(t + 1)).flat()))
  }
  /** A partition for each pair of partitions. */
  cartesian(other: ReferenceRDD): ReferenceRDD {
    return this.made(
      this.partitions.flatMap(a => other.partitions.map(b => a.flatMap(x => b.map(y => [x, y])))),
    )
  }

  // ---- actions

  min(key: Fn = same as Fn): unknown {
    return this.reduce((a: unknown, b: unknown) => ((key as Call)(b)! < (key as Call)(a)! ? b : a))
  }
  max(key: Fn = same as Fn): unknown {
    return this.reduce((a: unknown, b: unknown) => ((key as Call)(b)! > (key as Call)(a)! ? b : a))
  }
  top(n: number, key: Fn = same as Fn): unknown[] {
    return sorted(this.collect(), key, false).slice(0, n)
  }
  takeOrdered(n: number, key: Fn = same as Fn): unknown[] {
    return sorted(this.collect(), key, true).slice(0, n)
  }
  sum(): number {
    return this.#numbers().reduce((a, b) => a + b, 0)
  }
  mean(): number {
    return this.sum() / this.count()
  }
  variance(): number {
    const mean = this.mean()
    return this.#numbers().reduce((a, x) => a + (x - mean) ** 2, 0) / this.count()
  }
  stdev(): number {
    return Math.sqrt(this.variance())
  }
  sampleVariance(): number {
    return (this.variance() * this.count()) / (this.count() - 1)
  }
  sampleStdev(): number {
    return Math.sqrt(this.sampleVariance())
  }
  /** How many lie between each bound and the next, the last bound included. */
  histogram(bounds: number[]): [bounds: number[], counts: number[]] {
    const last = bounds.length - 2
    const inside = (x: number, i: number): boolean =>
      x >= bounds[i]! && (x < bounds[i + 1]! || (i === last && x === bounds[i + 1]))
    return [bounds, bounds.slice(1).map((_, i) => this.#numbers().filter(x => inside(x, i)).length)]
  }

  #numbers(): number[] {
    return this.collect() as number[]
  }
}
