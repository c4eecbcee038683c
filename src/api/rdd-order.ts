import { callSite } from '../core/call-site.js'
import { MillraceError } from '../core/errors.js'
import { expect } from '../core/options.js'
import { collectRecords, countPartitions } from '../execution/actions.js'
import { DerivedSource } from '../execution/sources/derived-source.js'
import { PairedSource } from '../execution/sources/paired-source.js'
import { type Captures, UsersFunction } from '../functions/captures.js'
import { type Node, sourceNode } from '../plan/nodes.js'
import * as operators from '../plan/operators.js'
import type { Sign } from '../plan/ops.js'
import { pipe, wordsOf } from '../plan/pipe.js'
import * as places from '../plan/places.js'
import * as sorting from '../plan/sorting.js'
import type { RDD } from './rdd.js'
import { given, givenOrNot, NODE, positive, RDDCore } from './rdd-core.js'
import { RDDSampling } from './rdd-sampling.js'
import type { KeyOf, Pair, ValueOf } from './types.js'

/** Names that functions below get as captures. */
declare const $key: (key: unknown) => unknown

/** Of each partition of the result so many keys are looked at, to find where the partitions begin. */
const SAMPLE = 50

/** What puts records in order, or goes by their places. */
export abstract class RDDOrder<T> extends RDDSampling<T> {
  /**
   * The records in the order of their keys: numbers, texts, dates, and arrays of these item by item. Records of equal keys
   * keep the order they have. A job of its own looks at some of the keys, so that partitions become about equal.
   *
   * @param key what to sort by; it may not be an object, which has no order
   * @param ascending false for the greatest first
   * @example counts.sortBy(([word, n]) => n, false)
   */
  sortBy(key: (record: T) => unknown, ascending = true, numPartitions?: number, captures?: Captures): RDD<T> {
    return this.#sorted('sortBy', sorting.keyed(given(key, captures, 'sortBy')), ascending, numPartitions)
  }

  /** Pairs in the order of their keys, or of what `key` makes of these; see {@link sortBy}. */
  sortByKey(
    this: RDDOrder<Pair<T>>,
    ascending = true,
    numPartitions?: number,
    key?: (key: KeyOf<T>) => unknown,
    captures?: Captures,
  ): RDD<[KeyOf<T>, ValueOf<T>]> {
    return this.#sorted('sortByKey', keyedByKey('sortByKey', key, captures), ascending, numPartitions)
  }

  /**
   * Pairs partitioned as by {@link RDD.partitionBy}, each partition in the order of its keys, or of what `key` makes of
   * these: cheaper than to sort afterwards.
   *
   * @example visits.repartitionAndSortWithinPartitions(8, ([user]) => user, true)   // keys are [user, time]
   */
  repartitionAndSortWithinPartitions(
    this: RDDOrder<Pair<T>>,
    numPartitions?: number,
    partitionFunc?: (key: KeyOf<T>) => number,
    ascending = true,
    key?: (key: KeyOf<T>) => unknown,
    captures?: Captures,
  ): RDD<[KeyOf<T>, ValueOf<T>]> {
    const name = 'repartitionAndSortWithinPartitions'
    const partitioner = givenOrNot(partitionFunc, captures, name)
    const move = operators.partitionBy(this.partitions(numPartitions), partitioner)
    const keyed = keyedByKey(name, key, captures)
    const sort = sorting.sortedPartitions(signOf(ascending, name), callSite(name))
    return this.derive(sort(keyed(move(this[NODE]))))
  }

  /**
   * Pairs of the records at the same places of both RDDs.
   *
   * @throws MILLRACE_OPTION unless both have the same number of partitions; MILLRACE_TASK, in the job, unless partitions
   *   have the same number of records
   */
  zip<U>(other: RDD<U>): RDD<[T, U]> {
    const parts = this.getNumPartitions()
    if (other instanceof RDDCore && other.getNumPartitions() !== parts)
      throw new MillraceError(
        'MILLRACE_OPTION',
        `Can only zip with RDD which has the same number of partitions: this one has ${parts}, the other ${other.getNumPartitions()}. Use repartition() first.`,
      )
    return this.#paired('zip', other)
  }

  /**
   * Pairs of each record and its place, from 0, in the order of the partitions. Unless there is but one, a job of its own,
   * when the first action needs it, counts the records of all partitions before the last.
   *
   * @example lines.zipWithIndex()
   */
  zipWithIndex(): RDD<[T, number]> {
    const parts = this.getNumPartitions()
    const location = callSite('zipWithIndex')
    const first = places.numbered([0])(this[NODE])
    if (parts <= 1) return this.derive(first)
    const counted = async (): Promise<Node> => {
      const partitions = Array.from({ length: parts - 1 }, (_, i) => i)
      const starts = [0]
      for (const rows of await countPartitions(this.engine, this[NODE], { partitions }))
        starts.push(starts.at(-1)! + rows)
      return places.numbered(starts)(this[NODE])
    }
    let plan: Promise<Node> | undefined
    const make = (): Promise<Node> =>
      (plan ??= counted().catch(error => {
        plan = undefined
        throw error
      }))
    return this.derive(
      sourceNode(
        new DerivedSource(
          this.engine,
          location,
          () => parts,
          make,
          () => first,
        ),
      ),
    )
  }

  /** Pairs of each record and a number that no other has: `k * partitions + i` for record `k` of partition `i`. */
  zipWithUniqueId(): RDD<[T, number]> {
    const parts = this.getNumPartitions()
    return this.derive(places.zipWithUniqueId(parts)(this[NODE]))
  }

  /** All pairs of a record of this RDD and one of the other: a partition for each pair of partitions. */
  cartesian<U>(other: RDD<U>): RDD<[T, U]> {
    return this.#paired('cartesian', other)
  }

  /**
   * The same records in at most `numPartitions` partitions: neighbouring ones are put together, so that the order stays.
   *
   * @param shuffle spread the records evenly, as {@link RDD.repartition}, which can also make more partitions
   */
  coalesce(numPartitions: number, shuffle = false): RDD<T> {
    const parts = positive(numPartitions)
    expect(typeof shuffle === 'boolean', 'true or false', 'shuffle of coalesce', shuffle)
    const move = shuffle ? operators.repartition(parts) : places.coalesce(parts, this.getNumPartitions())
    return this.derive(move(this[NODE]))
  }

  /**
   * The lines that a program writes when it is given the records of a partition as lines: a process for each partition.
   *
   * @param command the program and its arguments, in quotes where they have spaces; no shell reads it
   * @param env added to this process's environment: an object, or a Map
   * @param checkCode fail if the program ends with a code other than 0
   * @throws MILLRACE_TASK, in the job, if there is no such program
   * @example sc.parallelize(['b', 'a']).pipe('sort -r')
   */
  pipe(
    command: string,
    env?: Readonly<Record<string, string>> | ReadonlyMap<string, string>,
    checkCode = false,
  ): RDD<string> {
    const words = typeof command === 'string' ? wordsOf(command) : []
    expect(words.length > 0, 'a command', 'pipe', command)
    expect(typeof checkCode === 'boolean', 'true or false', 'checkCode of pipe', checkCode)
    return this.derive(pipe(words, environmentOf(env), checkCode, callSite('pipe'))(this[NODE]))
  }

  #paired<R>(kind: 'zip' | 'cartesian', other: unknown): R {
    const location = callSite(kind)
    const pairs = (left: Node, right: Node): Node =>
      sourceNode(new PairedSource(this.engine, kind, location, left, right))
    return this.together((left, right) => pairs(left!, right!), [other], kind)
  }

  #sorted<U>(
    name: string,
    keyed: operators.Transform,
    ascending: boolean,
    numPartitions: number | undefined,
  ): RDD<U> {
    const parts = this.partitions(numPartitions)
    const sign = signOf(ascending, name)
    const location = callSite(name)
    const sort = sorting.sortedPartitions(sign, location)
    const move = (bounds: unknown[]): operators.Transform => sorting.toRanges(bounds, parts, sign, location)
    if (parts === 1) return this.derive(sort(move([])(keyed(this[NODE]))))
    const sampled = sorting.sampled(SAMPLE, location)
    const source = new DerivedSource(
      this.engine,
      location,
      () => parts,
      async () => {
        const pairs = keyed(this[NODE])
        const sample = await collectRecords<sorting.Sampled>(this.engine, sampled(pairs))
        return sort(move(sorting.boundsOf(sample, parts, sign))(pairs))
      },
      () => sort(move([])(keyed(this[NODE]))),
    )
    return this.derive(sourceNode(source))
  }
}

/** Pairs of the key, or of what a function makes of it, and the pair. */
function keyedByKey(name: string, key: unknown, captures: Captures | undefined): operators.Transform {
  const withKey = operators.withKey(name)
  const users = givenOrNot(key, captures, name)
  if (users === undefined) return withKey
  const made = operators.rowwise('map', {
    fn: ([key, pair]: [unknown, unknown]) => [$key(key), pair],
    captures: { $key: new UsersFunction(users) },
    location: users.location,
  })
  return node => made(withKey(node))
}

function environmentOf(env: object | null | undefined): Record<string, string> {
  const added: unknown = env instanceof Map ? Object.fromEntries(env) : (env ?? {})
  expect(isPlain(added), 'an object or a Map of texts', 'env of pipe', env)
  for (const [name, value] of Object.entries(added))
    expect(typeof value === 'string', 'a text', `the variable ${name} in env of pipe`, value)
  return added as Record<string, string>
}

function isPlain(value: unknown): value is object {
  const prototype = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined
  return prototype === null || prototype === Object.prototype || value === process.env
}

function signOf(ascending: boolean, name: string): Sign {
  expect(typeof ascending === 'boolean', 'true or false', `ascending of ${name}`, ascending)
  return ascending ? 1 : -1
}
