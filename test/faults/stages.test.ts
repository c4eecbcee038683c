import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'
import { counters, leavingNothing } from '../support/faults.js'

const RECORDS = 3000
const KEYS = 7

/** Calls so far, and the number of the call that ends its thread; for each place. */
type Calls = Int32Array
const MAP = 0
const REDUCE = 1
const LAST = 2

/** A shuffle with a function in each of its places, which counts its calls and may end the thread at one of them. */
test('a worker may be lost at any place of a shuffle', () =>
  leavingNothing(async sc => {
    const calls: Calls = counters(6)
    const hit = (place: number, counts: Calls): void => {
      if (Atomics.add(counts, place, 1) === counts[place + 3]) process.exit()
    }
    const added = sc.accumulator(0)
    const sums = sc
      .range(0, RECORDS, 1, 4)
      .map(
        (x): [number, number] => {
          hit(MAP, calls)
          added.add(1)
          return [x % KEYS, x / 3]
        },
        { hit, calls, added, MAP, KEYS },
      )
      .reduceByKey(
        (a, b) => {
          hit(REDUCE, calls)
          return a + b
        },
        3,
        { hit, calls, REDUCE },
      )
      .map(
        ([key, sum]) => {
          hit(LAST, calls)
          return `${key}: ${sum}`
        },
        { hit, calls, LAST },
      )
    const run = async (place?: number, at = -1): Promise<string[]> => {
      calls.set([0, 0, 0, -1, -1, -1])
      if (place !== undefined) calls[place + 3] = at
      return sums.collect()
    }
    const expected = await run()
    const [maps, reduces, lasts] = calls
    exactly([maps, reduces, lasts], [RECORDS, RECORDS - KEYS, KEYS])
    assert.is(added.value, RECORDS)
    // The first and the last of all, the ends of the first map tasks, and, behind them, merges on the reduce side.
    const places: [place: number, at: number[]][] = [
      [MAP, [0, 1, RECORDS / 4 - 1, RECORDS / 4, RECORDS / 2, RECORDS - 1]],
      [REDUCE, [0, RECORDS / 2, RECORDS - 4 * KEYS, RECORDS - 2 * KEYS, RECORDS - KEYS - 1]],
      [LAST, [0, 3, KEYS - 1]],
    ]
    let jobs = 1
    for (const [place, ats] of places) {
      for (const at of ats) {
        exactly(await run(place, at), expected, `lost at call ${at} of place ${place}`)
        assert.ok(calls[place]! > at + 1, 'a worker was lost, and its task was run again')
        assert.is(added.value, ++jobs * RECORDS)
      }
    }
  }))

test('all workers may be lost in each stage', () =>
  leavingNothing(
    async sc => {
      const runs = counters(6)
      const groups = await sc
        .range(0, 30, 1, 3)
        .mapPartitionsWithIndex(
          (partition, rows) => {
            if (Atomics.add(runs, partition, 1) === 0) process.exit()
            return [...rows].map((x): [number, number] => [x % 5, x])
          },
          { runs },
        )
        .groupByKey(3)
        .mapPartitionsWithIndex(
          (partition, rows) => {
            if (Atomics.add(runs, 3 + partition, 1) === 0) process.exit()
            return rows
          },
          { runs },
        )
        .collect()
      exactly(
        groups,
        [0, 3, 1, 4, 2].map(key => [key, [0, 1, 2, 3, 4, 5].map(i => key + 5 * i)]),
      )
      exactly([...runs], Array(6).fill(2))
    },
    { threads: 3 },
  ))

test.run()
