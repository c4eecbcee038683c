import type { Worker } from 'node:worker_threads'
import { type Context, StreamingContext } from 'millrace'
import { ManualClock } from 'millrace/testing'
import { ENGINE } from '../../src/api/rdd-core.js'
import { exactly } from './exactly.js'
import { counters, inTime, withThreads } from './faults.js'
import { Seeded } from './seeded.js'
import { withContext } from './with-context.js'

/** What may befall a batch. */
const KINDS = ['throw', 'exit', 'terminate'] as const
export const MOST_KILLS = 3

// Words that all threads share: the calls so far; then, for each kill, the call at which it comes, and its kind.
export const CALLS = 0
export const KILLS = 1

/** Called by every function for every record. A kill comes once: the attempts that follow it have other numbers. */
export function hit(words: Int32Array): void {
  const call = Atomics.add(words, 0, 1)
  for (let i = 1; i < words.length; i += 2) {
    if (words[i] !== call) continue
    if (words[i + 1] === 0) throw new Error('killed')
    if (words[i + 1] === 1) process.exit()
  }
}

export type Key = number | string | null
export type Record = [key: Key, value: number]

export interface KilledBatches {
  seed: number
  /** How many at least. */
  kills: number
  threads: number
}

/**
 * Runs batches of a keyed stream, each once undisturbed and once with one to three kills at random calls, and holds their
 * results equal to the bit, in every way of running functions. Gives the number of kills.
 */
export async function killedBatches({ seed, kills, threads }: KilledBatches): Promise<number> {
  const random = new Seeded(seed)
  const clock = new ManualClock()
  let done = 0
  await withThreads(alive =>
    withContext(
      async sc => {
        const words = counters(KILLS + 2 * MOST_KILLS)
        const run = await keyedStream(sc, clock, words)
        for (let batch = 0; done < kills; batch++) {
          const records = randomRecords(random)
          sc[ENGINE].ways = random.pick(['auto', 'fused', 'generic'])
          words.fill(-1)
          const expected = await run(records)
          const calls = words[CALLS]!
          const { planned, over } = planKills(random, words, alive)
          const hint = `seed ${seed}, batch ${batch} of ${records.length} records, ${calls} calls, ${planned.join()}:`
          exactly(await run(records), expected, hint)
          over()
          done += planned.length
        }
      },
      { threads, clock, maxTaskFailures: 4 * MOST_KILLS },
    ),
  )
  return done
}

/** A function that runs a batch, and gives what its outputs, and its accumulator, have made of it. */
async function keyedStream(
  sc: Context,
  clock: ManualClock,
  words: Int32Array,
): Promise<(records: Record[]) => Promise<unknown[]>> {
  const ssc = new StreamingContext(sc, '1s')
  const input = ssc.queueStream<Record>([])
  const count = sc.accumulator(0)
  const pairs = input.map(
    ([key, value]) => {
      hit(words)
      count.add(1)
      return [key, value / 3] as Record
    },
    { hit, words, count },
  )
  const sums = pairs
    .reduceByKey(
      (a, b) => {
        hit(words)
        return a + b
      },
      3,
      { hit, words },
    )
    .mapValues(
      sum => {
        hit(words)
        return -sum
      },
      { hit, words },
    )
  let results: unknown[] = []
  for (const output of [sums, pairs.groupByKey(2), input.countByValue()])
    (output as typeof sums).foreachRDD(async rdd => {
      results.push(await rdd.collect())
    })
  await ssc.start()
  let failure: unknown
  ssc.awaitTermination().catch(error => {
    failure = error
  })
  return async records => {
    results = []
    words[CALLS] = count.value = 0
    input.push(records)
    await inTime(clock.advance('1s'))
    if (failure !== undefined) throw failure
    exactly(results.length, 3, 'outputs that did not fail')
    return [...results, count.value]
  }
}

export function randomRecords(random: Seeded): Record[] {
  const keys = random.pick<Key[]>([
    [0, 1, 2, 3, 4, 5, 6],
    ['', 'a', 'bc', 'ä', '\ud800'],
    [0, -0, 0.5, NaN, 2 ** 40],
    [1, '1', null, 'x'],
    Array.from({ length: 500 }, (_, i) => `key ${i}`),
  ])
  return Array.from({ length: 1 + random.below(1200) }, () => [random.pick(keys), random.next() - 0.5])
}

/**
 * Plans one to three kills at random moments of as many calls as were counted, and counts anew.
 *
 * @returns what they are, and a function to call when the batch is done
 */
export function planKills(
  random: Seeded,
  words: Int32Array,
  alive: ReadonlySet<Worker>,
): { planned: string[]; over: () => void } {
  const calls = words[CALLS]!
  const planned = Array.from({ length: 1 + random.below(MOST_KILLS) }, (_, i) => {
    const [at, kind] = [random.below(calls), random.below(KINDS.length)]
    words.set([at, kind], KILLS + 2 * i)
    return { at, kind: KINDS[kind]! }
  })
  const over = terminate(
    planned.filter(kill => kill.kind === 'terminate').map(kill => kill.at),
    words,
    alive,
  )
  return { planned: planned.map(({ at, kind }) => `${kind} at ${at}`), over }
}

/** Ends a thread once so many calls were made, for each of these numbers; until the function it gives is called. */
function terminate(at: readonly number[], words: Int32Array, alive: ReadonlySet<Worker>): () => void {
  let left = at
  const look = (): void => {
    const due = left.filter(call => call <= Atomics.load(words, CALLS))
    left = left.filter(call => !due.includes(call))
    for (const call of due) void [...alive][call % alive.size]?.terminate()
    if (left.length > 0) setImmediate(look)
  }
  look()
  return () => {
    left = []
  }
}
