import type { TimedRecord } from './reference/event-time.js'
import type { Seeded } from './seeded.js'

/** Batches of records that come out of order, some of them very late, some batches empty. */
export function disorder(random: Seeded, batches = 12): TimedRecord[][] {
  let now = 100_000
  let n = 0
  return Array.from({ length: batches }, () => {
    now += random.below(4000)
    if (random.chance(0.15)) return []
    return Array.from({ length: random.below(8) }, () => ({
      key: random.pick(['a', 'b', 'c']),
      time: now - random.below(random.chance(0.1) ? 20_000 : 4000),
      n: n++,
    }))
  })
}

/** The same in any order. */
export const sorted = (records: readonly unknown[]): string[] =>
  records.map(record => JSON.stringify(record)).sort()
