import { partOf } from '../../../src/worker/keyed/keys.js'
import { Groups } from './groups.js'
import type { ReferenceRDD } from './rdd.js'
import { type Call, type Fn, type Pair, ReferenceRows } from './rdd-rows.js'

/** Where pairs of the same key meet. Keys stand in the order of their first appearance, and so do a key's values. */
export abstract class ReferenceKeys extends ReferenceRows {
  /** Each value is put to those of its key that came before in the partition. */
  #combined(create: Call, merge: Call): ReferenceRDD {
    return this.each(part => {
      const found = new Groups<unknown>()
      for (const [key, value] of part as Pair[])
        found.set(key, found.has(key) ? merge(found.get(key), value) : create(value))
      return found.entries()
    })
  }
  /** Only where a key goes is asked of the library; test/api/partition-by.test.ts is about that. */
  partitionBy(n: number, partitionFunc: Fn = (key: unknown) => partOf(key, n)): ReferenceRDD {
    const parts: unknown[][] = Array.from({ length: n }, () => [])
    for (const record of this.collect() as Pair[])
      parts[((partitionFunc as Call)(record[0]) as number) % n]!.push(record)
    return this.made(parts)
  }
  combineByKey(create: Fn, mergeValue: Fn, mergeCombiners: Fn, n: number): ReferenceRDD {
    return this.#combined(create as Call, mergeValue as Call)
      .partitionBy(n)
      .#combined(x => x, mergeCombiners as Call)
  }
  reduceByKey(fn: Fn, n: number): ReferenceRDD {
    return this.combineByKey((x: unknown) => x, fn, fn, n)
  }
  aggregateByKey(zero: unknown, seq: Fn, comb: Fn, n: number): ReferenceRDD {
    return this.combineByKey((x: unknown) => (seq as Call)(structuredClone(zero), x), seq, comb, n)
  }
  foldByKey(zero: unknown, fn: Fn, n: number): ReferenceRDD {
    return this.aggregateByKey(zero, fn, fn, n)
  }
  groupByKey(n: number): ReferenceRDD {
    return this.partitionBy(n).#combined(
      x => [x],
      (list, x) => [...(list as unknown[]), x],
    )
  }
  groupBy(fn: Fn, n: number): ReferenceRDD {
    return this.keyBy(fn).groupByKey(n)
  }
  distinct(n: number): ReferenceRDD {
    return this.map((x: unknown) => [x, null])
      .reduceByKey((a: unknown) => a, n)
      .keys()
  }

  // ---- with another

  /** For each key of any, its values in each. */
  #cogrouped(others: ReferenceRDD[], n: number): ReferenceRDD {
    const sides = [this, ...others].map(rdd => rdd.partitionBy(n).partitions)
    return this.made(
      Array.from({ length: n }, (_, p) => {
        const found = new Groups<unknown[][]>()
        for (const [side, partitions] of sides.entries())
          for (const [key, value] of partitions[p] as Pair[]) {
            if (!found.has(key))
              found.set(
                key,
                sides.map(() => []),
              )
            found.get(key)[side]!.push(value)
          }
        return found.entries()
      }),
    )
  }
  cogroup(other: ReferenceRDD, n: number): ReferenceRDD {
    return this.#cogrouped([other], n)
  }
  groupWith(...others: ReferenceRDD[]): ReferenceRDD {
    return this.#cogrouped(others, 2)
  }
  /** Each value of one side with each of the other, `null` standing for the values of a side that may have none. */
  #joined(other: ReferenceRDD, n: number, left: boolean, right: boolean): ReferenceRDD {
    const or = (values: unknown[], missing: boolean): unknown[] =>
      values.length === 0 && missing ? [null] : values
    return this.cogroup(other, n).flatMapValues(([a, b]: [unknown[], unknown[]]) =>
      or(a, right).flatMap(x => or(b, left).map(y => [x, y])),
    )
  }
  join(other: ReferenceRDD, n: number): ReferenceRDD {
    return this.#joined(other, n, false, false)
  }
  leftOuterJoin(other: ReferenceRDD, n: number): ReferenceRDD {
    return this.#joined(other, n, true, false)
  }
  rightOuterJoin(other: ReferenceRDD, n: number): ReferenceRDD {
    return this.#joined(other, n, false, true)
  }
  fullOuterJoin(other: ReferenceRDD, n: number): ReferenceRDD {
    return this.#joined(other, n, true, true)
  }
  subtractByKey(other: ReferenceRDD, n: number): ReferenceRDD {
    return this.cogroup(other, n).flatMapValues(([a, b]: [unknown[], unknown[]]) => (b.length === 0 ? a : []))
  }
  /** Records that are the same key come as the first of them. */
  subtract(other: ReferenceRDD, n: number): ReferenceRDD {
    return this.map((x: unknown) => [x, null])
      .subtractByKey(
        other.map((x: unknown) => [x, null]),
        n,
      )
      .keys()
  }
  intersection(other: ReferenceRDD): ReferenceRDD {
    return this.map((x: unknown) => [x, null])
      .cogroup(
        other.map((x: unknown) => [x, null]),
        2,
      )
      .filter(([, [a, b]]: [unknown, [unknown[], unknown[]]]) => a.length > 0 && b.length > 0)
      .keys()
  }

  // ---- actions

  countByValue(): Map<unknown, number> {
    return this.map((x: unknown) => [x, 1]).reduceByKeyLocally((a: number, b: number) => a + b) as Map<
      unknown,
      number
    >
  }
  countByKey(): Map<unknown, number> {
    return this.keys().countByValue()
  }
  collectAsMap(): Map<unknown, unknown> {
    return this.reduceByKeyLocally((_: unknown, last: unknown) => last)
  }
  reduceByKeyLocally(fn: Fn): Map<unknown, unknown> {
    return new Map(this.reduceByKey(fn, 1).collect() as Pair[])
  }
  lookup(key: unknown): unknown[] {
    const found = new Groups<unknown[]>()
    for (const [k, value] of this.collect() as Pair[])
      found.set(k, [...(found.has(k) ? found.get(k) : []), value])
    return found.has(key) ? found.get(key) : []
  }
}
