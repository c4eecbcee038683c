import { type DStream, StateSpec } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'
import { recordsOf, withStreaming } from '../support/with-streaming.js'

// States go on with every batch, whatever outputs ask for and whatever becomes of other outputs.

type Pairs = DStream<[string, number]>
const counts: Record<string, (pairs: Pairs) => Pairs> = {
  updateStateByKey: pairs =>
    pairs.updateStateByKey((values, n: number | undefined) => (n ?? 0) + values.length),
  mapWithState: pairs =>
    pairs
      .mapWithState(
        StateSpec.function((_key: string, _value: number | undefined, state) => {
          state.update((state.getOption() ?? 0) + 1)
          return null
        }) as StateSpec<string, number, number, null>,
      )
      .stateSnapshots(),
}

for (const [name, count] of Object.entries(counts)) {
  for (const [window, slide] of [
    ['1s', '2s'],
    ['1s', '3s'],
    ['2s', '5s'],
  ] as const) {
    test(`${name}: a window of ${window} every ${slide} sees the records of all batches`, () =>
      withStreaming(async ({ ssc, clock }) => {
        const input = ssc.queueStream<[string, number]>()
        const seen = recordsOf(count(input).window(window, slide))
        const last = recordsOf(count(ssc.from(every(10)).map(n => ['k', n])).window(window, slide))
        await ssc.start()
        for (let i = 0; i < 10; i++) {
          input.push([['k', i]])
          await clock.advance('1s')
        }
        const firings = Math.floor(10 / Number.parseInt(slide, 10))
        const at = (firing: number): number => Number.parseInt(slide, 10) * (firing + 1)
        exactly(
          seen.map(batch => batch.at(-1)),
          Array.from({ length: firings }, (_, firing) => ['k', at(firing)]),
        )
        assert.is(last.length, firings)
        await ssc.stop({ stopContext: false })
        await ssc.awaitTermination()
      }))
  }

  test(`${name} goes on when another output's plan cannot be made, whichever comes first`, async () => {
    for (const failsFirst of [true, false]) {
      await withStreaming(async ({ ssc, clock }) => {
        const fail = (): void => {
          ssc
            .queueStream<number>([])
            .transform((rdd, time) => {
              if (time === 2000) throw new Error('boom')
              return rdd
            })
            .foreachRDD(() => {})
        }
        if (failsFirst) fail()
        const input = ssc.queueStream<[string, number]>(Array.from({ length: 5 }, () => [['a', 1]]))
        const seen = recordsOf(count(input))
        if (!failsFirst) fail()
        await ssc.start()
        await clock.advance('5s')
        exactly(seen, [[['a', 1]], [['a', 3]], [['a', 4]], [['a', 5]]])
      })
    }
  })

  test(`${name} goes on when its own input's plan cannot be made`, () =>
    withStreaming(async ({ ssc, clock }) => {
      const input = ssc
        .queueStream<[string, number]>(Array.from({ length: 4 }, () => [['a', 1]]))
        .transform((rdd, time) => {
          if (time === 2000) throw new Error('boom')
          return rdd
        })
      const seen = recordsOf(count(input))
      await ssc.start()
      await clock.advance('4s')
      exactly(seen, [[['a', 1]], [['a', 2]], [['a', 3]]])
    }))
}

async function* every(n: number): AsyncGenerator<number> {
  for (let i = 0; i < n; i++) yield i
}

test.run()
