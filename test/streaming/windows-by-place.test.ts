import type { DStream } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Seeded } from '../support/seeded.js'
import { withStreaming } from '../support/with-streaming.js'

// Windows over whole keys of a small range: their sums lie at the places of the keys (src/memory/placed.ts). Each case runs a
// second time with every job computed the plain way as well, and compared to the bit.

type Pair = [key: number, value: number]

const BATCHES = 9
const ROWS = 4000
/** So many keys, of which each comes back several times in a batch. */
const KEYS = 700
const LEAST = -(2 ** 31)

const random = new Seeded(61)
const key = (from = 0, keys = KEYS): number => from + random.below(keys)
const rows = (pair: () => Pair, n = ROWS): Pair[] => Array.from({ length: n }, pair)

const CASES: Record<string, (batch: number) => Pair[]> = {
  counts: () => rows(() => [key(), 1]),
  'whole numbers': () => rows(() => [key(-700), random.below(1000) - 500]),
  fractions: () => rows(() => [key(), random.next()]),
  'fractions from a batch on': batch => rows(() => [key(), batch < 6 ? 1 : random.next()]),
  'zeros of both signs': () => rows(() => [key(), random.pick([0, -0, -0, 1, -1])]),
  'keys that go and come again': batch => rows(() => [key((batch % 5) * 200), batch]),
  'keys that go in the batch in which they come again': batch =>
    batch % 4 === 0 ? rows(() => [key(), random.pick([-0, 1])]) : rows(() => [key(KEYS), 1]),
  'fractions of keys that go in the batch in which they come again': batch =>
    batch % 5 < 2 ? rows(() => [key(), random.next()]) : rows(() => [key(KEYS), random.next()]),
  'a range that grows': batch => rows(() => [key(-batch * 150, KEYS + batch * 150), 1]),
  'a range that becomes too large': batch => rows(() => [key() * (batch < 6 ? 1 : 1_000_003), 1]),
  'the least of all keys': () => rows(() => [key(LEAST), 1]),
  'the greatest of all keys': () => rows(() => [2 ** 31 - 1 - random.below(KEYS), 1]),
  'few records between many': batch => rows(() => [key(), 1], batch % 3 === 1 ? 5 : ROWS),
  'nothing between many': batch => rows(() => [key(), 2], batch % 3 === 1 ? 0 : ROWS),
  'many records of few keys': () => rows(() => [key(0, 7), 1]),
  'NaN and Infinity for a while': batch =>
    rows(() => [key(), batch === 4 && random.chance(0.01) ? random.pick([NaN, Infinity, -Infinity]) : 1]),
  'other keys from a batch on': batch =>
    rows(() => [batch >= 5 && random.chance(0.01) ? (`k${key()}` as unknown as number) : key(), 1]),
  'keys with fractions from a batch on': batch => rows(() => [key() / (batch < 5 ? 1 : 2), 1]),
  'other values from a batch on': batch =>
    rows(() => [key(), batch >= 5 && random.chance(0.001) ? ('x' as unknown as number) : 1]),
}

const WINDOWS = [
  [4, 1],
  [6, 2],
  [5, 3],
  [3, 3],
  [9, 1],
] as const

const add = (a: number, b: number): number => a + b

function summed(pairs: readonly Pair[]): Map<number, number> {
  const sums = new Map<number, number>()
  for (const [k, v] of pairs) sums.set(k, sums.has(k) ? add(sums.get(k)!, v) : v)
  return sums
}

/** The same keys, and the same sums but for what was rounded on the way; sums of text depend on who is added first. */
function alike(actual: readonly Pair[], pairs: readonly Pair[], hint: string): void {
  const expected = summed(pairs)
  assert.is(actual.length, expected.size, `${hint}: number of keys`)
  for (const [k, sum] of actual) {
    assert.ok(expected.has(k), `${hint}: there is no key ${k}`)
    const wanted = expected.get(k)!
    if (typeof wanted !== 'number') continue
    const same = Number.isInteger(wanted) || !Number.isFinite(wanted) ? wanted : sum
    assert.ok(
      Object.is(sum, same) || Math.abs(sum - wanted) <= 1e-9 * Math.abs(wanted),
      `${hint}: ${k} has ${sum}, not ${wanted}`,
    )
  }
}

for (const [name, batchOf] of Object.entries(CASES)) {
  for (const verify of ['', '1']) {
    test(`${name}${verify && ', computed the plain way as well'}`, async () => {
      process.env.MILLRACE_VERIFY = verify
      try {
        const batches = Array.from({ length: BATCHES }, (_, batch) => batchOf(batch))
        await withStreaming(
          async ({ ssc, clock }) => {
            const input = ssc.queueStream(batches)
            const seen = new Map<string, Pair[]>()
            const watch = (sums: DStream<Pair>, what: string, window: number): void => {
              sums.foreachRDD(async (rdd, time) => {
                const shown = await rdd.collect()
                assert.is(await rdd.count(), shown.length)
                seen.set(`${what} ${window} ${time / 1000}`, shown)
              })
            }
            const windows = verify ? WINDOWS.slice(0, 2) : WINDOWS
            windows.forEach(([window, slide], i) => {
              const [length, every] = [`${window}s`, `${slide}s`] as const
              const parts = [1, 2, 3, 7][i % 4]!
              watch(
                input.reduceByKeyAndWindow(add, (a, b) => a - b, length, every, parts),
                'with an inverse',
                window,
              )
              if (verify) return
              watch(input.reduceByKeyAndWindow(add, null, length, every, parts), 'without', window)
            })
            await ssc.start()
            await clock.advance(`${BATCHES}s`)
            await ssc.stop({ stopContext: false })
            await ssc.awaitTermination()
            // Nothing can be taken away from text.
            const subtracts = name !== 'other values from a batch on'
            for (const [where, shown] of seen) {
              const [window, time] = where.split(' ').slice(-2).map(Number) as [number, number]
              const whole = batches.slice(Math.max(0, time - window), time).flat()
              if (subtracts || where.startsWith('without')) alike(shown, whole, where)
            }
            assert.ok(seen.size > 0)
          },
          { memory: '512MiB' },
        )
      } finally {
        delete process.env.MILLRACE_VERIFY
      }
    })
  }
}

test.run()
