import { type DStream, type RDD, StateSpec, type StreamingContext } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'
import { recordsOf, withStreaming } from '../support/with-streaming.js'

/* Operators that wrap the user's function in one of their own speak of it as if they did not. */

type Pairs = RDD<[string, number]>
const pairs = (ssc: StreamingContext): DStream<[string, number]> => ssc.queueStream([[['a', 1]]])
const outside = 1

const rdds: [name: string, build: (rdd: Pairs) => unknown][] = [
  [
    'aggregateByKey',
    rdd =>
      rdd.aggregateByKey(
        0,
        (a, x) => a + x + outside,
        (a, b) => a + b,
      ),
  ],
  ['foldByKey', rdd => rdd.foldByKey(0, (a, x) => a + x + outside)],
]
const streams: [name: string, build: (stream: DStream<[string, number]>) => unknown][] = [
  ['updateStateByKey', s => s.updateStateByKey(ones => ones.length + outside)],
  ['StateSpec.function', s => s.mapWithState(StateSpec.function(() => outside))],
  [
    'reduceByKeyAndWindow',
    s =>
      s.reduceByKeyAndWindow(
        (a, b) => a + b,
        (a, b) => a - b - outside,
        '1s',
      ),
  ],
  ['withEventTime', s => s.withEventTime(([, x]) => x + outside)],
  [
    'keyBy',
    s =>
      s
        .withEventTime(([, x]) => x)
        .keyBy(() => outside)
        .tumbling('1s')
        .count(),
  ],
]

for (const [name, build] of rdds)
  test(`a missing name in the function of ${name} is asked for by that name alone`, () =>
    withContext(async sc => {
      const error = await fails(() => build(sc.parallelize([['a', 1]])), 'MILLRACE_FREE_NAME')
      assert.match(
        error.message,
        new RegExp(`^MILLRACE_FREE_NAME: ${name} at .*last argument: \\{ outside \\}\\.`),
      )
    }))

for (const [name, build] of streams)
  test(`a missing name in the function of ${name} is asked for by that name alone`, () =>
    withStreaming(async ({ ssc }) => {
      const error = await fails(() => build(pairs(ssc)), 'MILLRACE_FREE_NAME')
      assert.match(
        error.message,
        new RegExp(`^MILLRACE_FREE_NAME: ${name} at .*last argument: \\{ outside \\}\\.`),
      )
    }))

test('an async function is refused when the operator is built', () =>
  withStreaming(async ({ ssc }) => {
    const spec = StateSpec.function(async (_: string, one: number | undefined) => one)
    await fails(() => pairs(ssc).mapWithState(spec), 'MILLRACE_FUNCTION', /StateSpec\.function .* async/)
  }))

test("captures may have the library's own names", () =>
  withStreaming(async ({ ssc, clock }) => {
    const $update = 10
    const counted = recordsOf(
      pairs(ssc).updateStateByKey(ones => ones.length + $update, 1, undefined, { $update }),
    )
    await ssc.start()
    await clock.advance('1s')
    exactly(counted, [[['a', 11]]])
  }))

test('explain() shows what the user wrote', () =>
  withStreaming(async ({ ssc }) => {
    pairs(ssc)
      .updateStateByKey(ones => ones.length)
      .pprint()
    const line = ssc
      .explain()
      .split('\n')
      .find(text => text.includes('ones.length'))
    assert.match(line!, /^ +updateStateByKey ones => ones\.length +fused: your function/)
    assert.not.match(ssc.explain(), /\$update/)
  }))

test.run()
