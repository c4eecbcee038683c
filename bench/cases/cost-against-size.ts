import { Context } from '../../src/index.js'
import type { Case, Env, Reading } from '../case.js'
import { mix } from '../inputs.js'
import { timed } from '../measure.js'

const KEYS = 1024

/** Sums by key over a batch that is new each time, so that its way into the heap counts. */
async function batchOf(records: number, env: Env): Promise<Reading> {
  const keys = Int32Array.from({ length: records }, (_, i) => mix(i) % KEYS)
  const values = Float64Array.from({ length: records }, (_, i) => i % 1000)
  const expected = new Float64Array(KEYS)
  for (let i = 0; i < records; i++) expected[keys[i]!]! += values[i]!
  const sc = new Context({ threads: env.threads })
  try {
    const reading = await timed(
      env,
      () =>
        sc
          .pairs(keys, values)
          .reduceByKey((a, b) => a + b)
          .collect(),
      sums => {
        for (const [key, sum] of sums) if (expected[key] !== sum) throw new Error(`key ${key}: ${sum}`)
        return '' // the figures differ in their input
      },
    )
    return { values: { 'per record': (reading.values.time! * 1e6) / records } }
  } finally {
    await sc.stop()
  }
}

export const costAgainstSize: Case = {
  name: 'cost-against-size',
  title: 'sum pairs of two typed arrays by 1,024 keys, from the copy into the heap to the collected sums',
  figures: Object.fromEntries(
    [3, 4, 5, 6, 7].map(power => [`10^${power}`, (env: Env) => batchOf(10 ** power, env)]),
  ),
  subject: '10^5',
  metrics: [{ name: 'per record', unit: 'ns' }],
  targets: [
    { of: '10^6', atLeast: 0.5, atMost: 2 },
    { of: '10^7', atLeast: 0.5, atMost: 2 },
  ],
}
