import fc from 'fast-check'
import type { RDD } from 'millrace'
import * as assert from 'uvu/assert'
import { asText, exactly } from '../exactly.js'
import { type Property, property } from './prove.js'
import { listOf } from './records.js'

const slices = fc.integer({ min: 1, max: 4 })
const seeds = fc.integer({ min: 0, max: 1000 })
const fractions = fc.constantFrom(0, 0.1, 0.5, 1)

const sorted = (items: readonly unknown[]): string[] => items.map(asText).sort()

/** Fails unless every item is one of the others, as often at most. */
function isPartOf(items: readonly unknown[], all: readonly unknown[]): void {
  const left = sorted(all)
  for (const item of sorted(items)) {
    const at = left.indexOf(item)
    assert.ok(at >= 0, `${item} was not there, or not so often`)
    left.splice(at, 1)
  }
}

/** Samples: what is random is the choice, never what is chosen from. */
export const SAMPLING_PROPERTIES: Property[] = [
  property(
    'a sample without replacement is a part, in order, and the same for the same seed',
    fc.tuple(listOf('any'), slices, fractions, seeds),
    async ([items, k, fraction, seed], { sc }) => {
      const rdd = sc.parallelize(items, k)
      const chosen = await rdd.zipWithIndex().sample(false, fraction, seed).collect()
      const places = chosen.map(([, place]) => place)
      exactly(
        places,
        [...new Set(places)].sort((a, b) => a - b),
      )
      for (const [record, place] of chosen) exactly(record, items[place])
      exactly(
        await rdd.sample(false, fraction, seed).collect(),
        chosen.map(([record]) => record),
      )
      if (fraction === 0) exactly(chosen, [])
      if (fraction === 1) exactly(chosen.length, items.length)
    },
  ),
  property(
    'a sample with replacement has nothing else',
    fc.tuple(listOf('any'), slices, fc.constantFrom(0, 0.5, 3), seeds),
    async ([items, k, fraction, seed], { sc }) => {
      const rdd = sc.parallelize(items, k).sample(true, fraction, seed)
      const chosen = await rdd.collect()
      const there = new Set(items.map(asText))
      for (const record of chosen) assert.ok(there.has(asText(record)))
      exactly(await rdd.collect(), chosen)
    },
  ),
  property(
    'randomSplit puts each record into one RDD',
    fc.tuple(
      listOf('any'),
      slices,
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      seeds,
    ),
    async ([items, k, weights, seed], { sc }) => {
      const split: RDD<unknown>[] = sc.parallelize(items, k).randomSplit(weights, seed)
      exactly(split.length, weights.length)
      const parts = await Promise.all(split.map(rdd => rdd.collect()))
      exactly(sorted(parts.flat()), sorted(items))
    },
  ),
  property(
    'takeSample gives as many as were asked for, or all that there are',
    fc.tuple(listOf('any'), slices, fc.nat({ max: 12 }), fc.boolean(), seeds),
    async ([items, k, n, again, seed], { sc }) => {
      const chosen = await sc.parallelize(items, k).takeSample(again, n, seed)
      exactly(chosen.length, items.length === 0 ? 0 : again ? n : Math.min(n, items.length))
      if (!again) isPartOf(chosen, items)
    },
  ),
]

/** Samples by key, and what is told without counting. */
export const ESTIMATE_PROPERTIES: Property[] = [
  property(
    'sampleByKey takes from each key its part',
    fc.tuple(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat())), slices, fractions, seeds),
    async ([pairs, k, fraction, seed], { sc }) => {
      const rdd = sc
        .parallelize(pairs as [string, number][], k)
        .sampleByKey(false, { a: 1, b: fraction }, seed)
      const chosen = await rdd.collect()
      isPartOf(chosen, pairs)
      const count = (all: readonly (readonly [string, number])[], key: string): number =>
        all.filter(([k]) => k === key).length
      exactly(count(chosen, 'a'), count(pairs, 'a'))
      if (fraction === 0) exactly(count(chosen, 'b'), 0)
    },
  ),
  property(
    'few different records are counted nearly exactly',
    fc.tuple(listOf('any'), slices),
    async ([items, k], { sc }) => {
      const rdd = sc.parallelize(items, k)
      const [exact, about] = [await rdd.distinct().count(), await rdd.countApproxDistinct(0.01)]
      assert.ok(Math.abs(exact - about) <= 1 + exact * 0.05, `${about} for ${exact}`)
    },
  ),
]
