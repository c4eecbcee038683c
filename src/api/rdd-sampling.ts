import { callSite } from '../core/call-site.js'
import { MillraceError, shown } from '../core/errors.js'
import { expect, isGiven, whole } from '../core/options.js'
import { estimate, registers } from '../plan/distinct-estimate.js'
import * as operators from '../plan/operators.js'
import * as sampling from '../plan/sampling.js'
import type { RDD } from './rdd.js'
import { NODE } from './rdd-core.js'
import { RDDStatistics } from './rdd-statistics.js'
import type { KeyOf, Pair } from './types.js'

/**
 * Samples, and what is told from a part. With the same seed and the same partitions they are the same, also if a task is
 * tried again; without a seed one is drawn when the operator is called.
 */
export abstract class RDDSampling<T> extends RDDStatistics<T> {
  /**
   * A part of the records, drawn at random.
   *
   * @param withReplacement whether a record may be drawn several times
   * @param fraction the chance of a record to be drawn; with replacement, how often it is drawn on average
   * @param seed any number; the same for the same sample
   */
  sample(withReplacement: boolean, fraction: number, seed?: number): RDD<T> {
    expectBoolean(withReplacement, 'sample')
    expect(typeof fraction === 'number', 'a number', 'the fraction of sample', fraction)
    if (!(fraction >= 0)) refuse(`Fraction must be nonnegative. It is ${fraction}.`)
    const location = callSite('sample')
    return this.derive(
      (withReplacement
        ? sampling.sampleWithReplacement(fraction, seedOf(seed), location)
        : sampling.sampleRange(0, fraction, seedOf(seed), location))(this[NODE]),
    )
  }

  /** Of the pairs of each key a part of its own. @param fractions as {@link sample}'s, by key: a Map, or an object for texts */
  sampleByKey(
    this: RDDSampling<Pair<T>>,
    withReplacement: boolean,
    fractions: ReadonlyMap<KeyOf<T>, number> | Readonly<Record<string, number>>,
    seed?: number,
  ): RDD<T> {
    expectBoolean(withReplacement, 'sampleByKey')
    const means = fractionsOf(fractions)
    return this.derive(
      sampling.sampleByKey(
        withReplacement,
        means,
        seedOf(seed),
        callSite('sampleByKey'),
      )(operators.pairsOnly('sampleByKey')(this[NODE])),
    )
  }

  /**
   * The records in several RDDs, each in one of them, at random.
   *
   * @param weights about how large each is, in relation to the others
   * @example const [training, test] = rdd.randomSplit([4, 1], 42)
   */
  randomSplit<const W extends readonly number[]>(
    weights: W,
    seed?: number,
  ): { -readonly [I in keyof W]: RDD<T> } {
    expect(
      Array.isArray(weights) && weights.every(weight => typeof weight === 'number'),
      'an array of numbers',
      'the weights of randomSplit',
      weights,
    )
    if (!weights.every(weight => weight >= 0))
      refuse(`Weights must be nonnegative, but are ${shown(weights)}.`)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    if (!(total > 0)) refuse(`Sum of weights must be positive, but they are ${shown(weights)}.`)
    if (total === Number.POSITIVE_INFINITY)
      refuse(`Sum of weights must be finite, but they are ${weights.join(', ')}.`)
    const [location, chosen] = [callSite('randomSplit'), seedOf(seed)]
    let to = 0
    return weights.map((weight, i) => {
      const from = to
      to = i === weights.length - 1 ? 1 : from + weight / total
      return this.derive(sampling.sampleRange(from, to, chosen, location)(this[NODE]))
    }) as { -readonly [I in keyof W]: RDD<T> }
  }

  /** `num` records drawn at random, in an order at random; fewer, without replacement, if there are not so many. */
  async takeSample(withReplacement: boolean, num: number, seed?: number): Promise<T[]> {
    expectBoolean(withReplacement, 'takeSample')
    if (typeof num === 'number' && num < 0) refuse(`Sample size cannot be negative. It is ${num}.`)
    whole(num, 'the number of records of takeSample', 0)
    const chosen = seedOf(seed)
    const random = sampling.newRandom(chosen, -1)
    const count = num === 0 ? 0 : await this.count()
    if (count === 0) return []
    if (!withReplacement && num >= count) return sampling.shuffled(await this.collect(), random)
    const location = callSite('takeSample')
    for (let again = 0; ; again++) {
      // Enough with high probability; if not, a larger part is drawn anew.
      const fraction = (num + 6 * Math.sqrt(num) + 10 * (again + 1)) / count
      const sample = withReplacement
        ? sampling.sampleWithReplacement(fraction, chosen + again, location)
        : sampling.sampleRange(0, fraction, chosen + again, location)
      const found = await this.records<T>(sample)
      if (found.length >= num) return sampling.shuffled(found, random).slice(0, num)
    }
  }

  /**
   * About how many different records there are (HyperLogLog).
   *
   * @param relativeSD the standard deviation of the answer, in relation to it; what is finer than 0.001 is counted exactly
   */
  async countApproxDistinct(relativeSD = 0.05): Promise<number> {
    expect(typeof relativeSD === 'number', 'a number', 'relativeSD of countApproxDistinct', relativeSD)
    if (!(relativeSD >= 0.000017)) refuse(`relativeSD should be greater than 0.000017, but is ${relativeSD}.`)
    const location = callSite('countApproxDistinct')
    if (relativeSD < 0.001) {
      const distinct = operators.distinct(this.context.defaultParallelism)
      return (await this.records<number>(node => operators.count(distinct(node))))[0]!
    }
    const bits = Math.max(4, Math.ceil(2 * Math.log2(1.054 / relativeSD)))
    return estimate(await this.records<number[]>(registers(bits, location)), bits)
  }
}

function fractionsOf(fractions: object): Map<unknown, number> {
  const isMap = fractions instanceof Map
  expect(
    isMap || (typeof fractions === 'object' && fractions !== null && !Array.isArray(fractions)),
    'a Map or an object, with a fraction for each key,',
    'sampleByKey',
    fractions,
  )
  const means = new Map<unknown, number>(isMap ? fractions : Object.entries(fractions))
  for (const [key, mean] of means) {
    expect(typeof mean === 'number', 'a number', `the fraction of the key ${shown(key)}`, mean)
    if (!(mean >= 0)) refuse(`Negative fraction value ${mean} for the key ${shown(key)}.`)
  }
  return means
}

function seedOf(seed: number | null | undefined): number {
  if (!isGiven(seed)) return Math.floor(Math.random() * 2 ** 53)
  expect(Number.isFinite(seed), 'a finite number', 'the seed', seed)
  return Math.floor(seed)
}

function expectBoolean(withReplacement: unknown, name: string): void {
  expect(typeof withReplacement === 'boolean', 'a boolean', `withReplacement of ${name}`, withReplacement)
}

function refuse(text: string): never {
  throw new MillraceError('MILLRACE_OPTION', text)
}
