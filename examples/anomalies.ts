// Readings that are more than three standard deviations off the mean of all that their sensor has sent before.
//
//   node dist/examples/anomalies.js

import { Context, StateSpec, StreamingContext } from 'millrace'

/** Ten batches of readings of three sensors, each around a level of its own, with a jump now and then. */
const batches = Array.from({ length: 10 }, (_, batch) =>
  Array.from({ length: 60 }, (_, i): [sensor: string, value: number] => {
    const jump = (batch * 60 + i) % 97 === 96 ? 9 : 0
    return [`sensor-${i % 3}`, 20 * (i % 3) + Math.sin(batch * 60 + i) + jump]
  }),
)

const ssc = new StreamingContext(new Context({ threads: 2 }), '100ms')

/** Welford's way: number, mean, and sum of the squares of the distances from it. */
type Readings = [n: number, mean: number, squares: number]

const outliers = StateSpec.function<string, number, Readings, string | undefined>((sensor, value, state) => {
  const x = value!
  const [n, mean, squares] = state.getOption() ?? [0, 0, 0]
  const score = (x - mean) / Math.sqrt(squares / (n - 1))
  if (n >= 10 && Math.abs(score) > 3)
    return `${sensor}: ${x.toFixed(2)} is ${score.toFixed(1)} deviations off`
  const next = mean + (x - mean) / (n + 1)
  state.update([n + 1, next, squares + (x - mean) * (x - next)])
  return undefined
})

ssc.queueStream(batches).mapWithState(outliers).pprint()

try {
  await ssc.start()
  await ssc.awaitTerminationOrTimeout('1500ms')
} finally {
  await ssc.stop({ gracefully: true })
}
