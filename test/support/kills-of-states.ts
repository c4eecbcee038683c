import { type Context, type DStream, StateSpec, StreamingContext } from 'millrace'
import { ManualClock } from 'millrace/testing'
import { exactly } from './exactly.js'
import { counters, inTime, withThreads } from './faults.js'
import {
  CALLS,
  hit,
  KILLS,
  type KilledBatches,
  MOST_KILLS,
  planKills,
  type Record,
  randomRecords,
} from './kills.js'
import { Seeded } from './seeded.js'
import { withContext } from './with-context.js'

/** So many batches make a program: the states and windows of its last ones come from all before. */
const BATCHES = 12

/**
 * Runs programs that carry states and windows from batch to batch, each once undisturbed and once with one to three kills in
 * every batch, and holds all their results equal to the bit. Gives the number of kills.
 */
export async function killedStates({ seed, kills, threads }: KilledBatches): Promise<number> {
  const random = new Seeded(seed)
  let done = 0
  while (done < kills) {
    const batches = Array.from({ length: BATCHES }, () => randomRecords(random))
    const undisturbed: unknown[][] = []
    const calls: number[] = []
    await withProgram(threads, async (run, words) => {
      for (const records of batches) {
        words.fill(-1)
        words[CALLS] = 0
        undisturbed.push(await run(records))
        calls.push(words[CALLS])
      }
    })
    await withThreads(alive =>
      withProgram(threads, async (run, words) => {
        for (const [batch, records] of batches.entries()) {
          words.fill(-1)
          words[CALLS] = calls[batch]!
          const { planned, over } = planKills(random, words, alive)
          words[CALLS] = 0
          const hint = `seed ${seed}, batch ${batch} of ${records.length} records, ${calls[batch]} calls, ${planned.join()}:`
          exactly(await run(records), undisturbed[batch], hint)
          over()
          done += planned.length
        }
      }),
    )
  }
  return done
}

type Run = (records: Record[]) => Promise<unknown[]>

function withProgram(threads: number, check: (run: Run, words: Int32Array) => Promise<void>): Promise<void> {
  const clock = new ManualClock()
  return withContext(
    async sc => {
      const words = counters(KILLS + 2 * MOST_KILLS)
      await check(await statefulProgram(sc, clock, words), words)
    },
    { threads, clock, maxTaskFailures: 4 * MOST_KILLS },
  )
}

/** A function that runs a batch, and gives what the outputs have made of it and of all before. */
async function statefulProgram(sc: Context, clock: ManualClock, words: Int32Array): Promise<Run> {
  const ssc = new StreamingContext(sc, '1s')
  const input = ssc.queueStream<Record>([])
  const captures = { hit, words }
  const add = (a: number, b: number): number => {
    hit(words)
    return a + b
  }
  const remove = (a: number, b: number): number => {
    hit(words)
    return a - b
  }
  const counts = input.updateStateByKey<number[]>(
    (values, state) => {
      hit(words)
      return values.length === 0 && state!.length > 40 ? undefined : [...(state ?? []), values.length]
    },
    3,
    undefined,
    captures,
  )
  const tracked = input.mapWithState(
    StateSpec.function<string | number | null, number, number, string>((key, value, state) => {
      hit(words)
      if (state.isTimingOut()) return `${key} is gone`
      state.update((state.exists() ? state.get() : 0) + value!)
      return `${key} ${state.get()}`
    }, captures).timeout('2s'),
  )
  // Sums that millrace understands lie at the places of their keys.
  const few = input.map<[number, number]>(([key, value]) => {
    hit(words)
    return [typeof key === 'number' ? key & 7 : 3, value]
  }, captures)
  const ones = few.map<[number, number]>(([key]) => [key, 1])
  const outputs: DStream<unknown>[] = [
    ...[few, ones].flatMap(pairs => [
      pairs.reduceByKeyAndWindow(
        (a, b) => a + b,
        (a, b) => a - b,
        '4s',
        '1s',
        2,
      ),
      pairs.reduceByKeyAndWindow((a, b) => a + b, null, '4s', '1s', 2),
    ]),
    counts,
    tracked,
    tracked.stateSnapshots(),
    input.reduceByKeyAndWindow(add, undefined, '4s', '1s', 2, undefined, captures),
    input.reduceByKeyAndWindow(add, remove, '4s', '1s', 2, undefined, captures),
    input.countByValueAndWindow('3s', '1s'),
  ]
  let results: unknown[] = []
  for (const output of outputs)
    output.foreachRDD(async rdd => {
      results.push(await rdd.collect())
    })
  await ssc.start()
  let failure: unknown
  ssc.awaitTermination().catch(error => {
    failure = error
  })
  return async records => {
    results = []
    input.push(records)
    await inTime(clock.advance('1s'))
    if (failure !== undefined) throw failure
    exactly(results.length, outputs.length, 'outputs that did not fail')
    return results
  }
}
