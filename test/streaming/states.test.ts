import { inspect } from 'node:util'
import { type RDD, type State, StateSpec } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { recordsOf, withStreaming } from '../support/with-streaming.js'

const sorted = (batches: [unknown, unknown][][]): [unknown, unknown][][] =>
  batches.map(batch => batch.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))

test('updateStateByKey asks for every key with state or values, and drops those that get none', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const input = ssc.queueStream<[string, number]>([])
    const most = 2
    const states = recordsOf(
      input.updateStateByKey(
        (values, state: { sum: number; idle: number } | undefined) => {
          const idle = values.length > 0 ? 0 : (state?.idle ?? 0) + 1
          return idle > most ? null : { sum: values.reduce((a, b) => a + b, state?.sum ?? 0), idle }
        },
        3,
        sc.parallelize([['z', { sum: 100, idle: 2 }]] as [string, { sum: number; idle: number }][]),
        { most },
      ),
    )
    await ssc.start()
    for (const batch of [
      [
        ['a', 1],
        ['a', 2],
      ],
      [['b', 5]],
      [],
      [['b', 1]],
    ] as [string, number][][]) {
      input.push(batch)
      await clock.advance('1s')
    }
    exactly(sorted(states), [
      [['a', { sum: 3, idle: 0 }]],
      [
        ['a', { sum: 3, idle: 1 }],
        ['b', { sum: 5, idle: 0 }],
      ],
      [
        ['a', { sum: 3, idle: 2 }],
        ['b', { sum: 5, idle: 1 }],
      ],
      [['b', { sum: 6, idle: 0 }]],
    ])
  }))

test('a state that is read when its batch is over gives an error, never another state', () =>
  withStreaming(async ({ ssc, clock }) => {
    const counts = ssc
      .queueStream<[string, number]>(Array.from({ length: 4 }, () => [['k', 1]]))
      .updateStateByKey((values, n: number | undefined) => (n ?? 0) + values.length)
    const held: RDD<[string, number]>[] = []
    const late: Promise<[string, number][]>[] = []
    counts.foreachRDD((rdd, time) => {
      held.push(rdd)
      if (time === 2000) late.push(rdd.collect()) // begun in time, but not awaited
    })
    await ssc.start()
    await clock.advance('4s')
    exactly(await Promise.all(late), [[['k', 2]]])
    for (const [i, rdd] of held.slice(0, 3).entries())
      await fails(rdd.collect(), 'MILLRACE_STATE', new RegExp(`state of batch ${i + 1}000 ms is gone`))
  }))

test('several outputs see one state, and batches that come at once are applied in order, each once', () =>
  withStreaming(async ({ ssc, clock }) => {
    const calls = ssc.context.accumulator(0)
    const counts = ssc
      .queueStream<[string, number]>(Array.from({ length: 20 }, (_, i) => [['k', i]]))
      .updateStateByKey(
        (values, state: number[] | undefined) => {
          calls.add(1)
          return [...(state ?? []), ...values]
        },
        1,
        undefined,
        { calls },
      )
    const [one, two] = [recordsOf(counts), recordsOf(counts.mapValues(list => list.length))]
    await ssc.start()
    await clock.advance('20s')
    exactly(
      two.map(batch => batch[0]![1]),
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    exactly(one[19], [['k', Array.from({ length: 20 }, (_, i) => i)]])
    assert.is(calls.value, 20)
  }))

test('a batch whose function fails changes no state, and later batches go on from the last good one', () =>
  withStreaming(async ({ ssc, clock }) => {
    const sums = recordsOf(
      ssc
        .queueStream<[string, number]>([[['a', 1]], [['a', -1]], [['a', 10]]])
        .updateStateByKey((values, state: number | undefined) => {
          if (values[0]! < 0) throw new RangeError('negative')
          return (state ?? 0) + (values[0] ?? 0)
        }),
    )
    await ssc.start()
    const failure = fails(ssc.awaitTermination(), 'MILLRACE_TASK', /negative/, /batch 2000 ms/)
    await clock.advance('4s')
    await failure
    exactly(sums, [[['a', 1]], [['a', 11]], [['a', 11]]])
  }))

test('states stay until they are replaced: memory does not grow with the batches', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const input = ssc.queueStream<[number, number]>([])
    const used: number[] = []
    input
      .updateStateByKey((values, state: number | undefined) => (state ?? 0) + values.length)
      .foreachRDD(async rdd => {
        await rdd.count()
        used.push(sc.info().heap.used)
      })
    await ssc.start()
    for (let batch = 0; batch < 40; batch++) {
      input.push(Array.from({ length: 1000 }, (_, i) => [i, 1]))
      await clock.advance('1s')
    }
    assert.is(used.length, 40)
    assert.ok(used[39]! <= used[9]! + 262_144, `${used[9]} bytes after 10 batches, ${used[39]} after 40`)
  }))

test('mapWithState is called for each record, in order, and keeps what update was given', () =>
  withStreaming(async ({ ssc, clock }) => {
    const spec = StateSpec.function((key: string, value: number | undefined, state: State<number>, time) => {
      const before = state.getOption() ?? 0
      if (value === 0) return void (state.exists() && state.remove())
      state.update(before + value!)
      return [key, before, state.get(), time]
    })
    const stream = ssc
      .queueStream<[string, number]>([
        [
          ['a', 1],
          ['b', 2],
          ['a', 3],
        ],
        [
          ['b', 0],
          ['c', 0],
        ],
        [['b', 5]],
      ])
      .mapWithState(spec.numPartitions(1))
    const mapped = recordsOf(stream)
    const snapshots = recordsOf(stream.stateSnapshots())
    await ssc.start()
    await clock.advance('4s')
    exactly(mapped, [
      [
        ['a', 0, 1, 1000],
        ['b', 0, 2, 1000],
        ['a', 1, 4, 1000],
      ],
      [],
      [['b', 0, 5, 3000]],
      [],
    ] as never)
    exactly(sorted(snapshots), [
      [
        ['a', 4],
        ['b', 2],
      ],
      [['a', 4]],
      [
        ['a', 4],
        ['b', 5],
      ],
      [
        ['a', 4],
        ['b', 5],
      ],
    ])
  }))

test('a key times out in the first batch that is later than its time-out, unless a record renews it', () =>
  withStreaming(async ({ ssc, clock }) => {
    const spec = StateSpec.function((key: string, _: number | undefined, state: State<string>, time) => {
      if (state.isTimingOut()) return `${key} ${state.get()} @${time}`
      if (!state.exists()) state.update('seen')
      return
    })
      .timeout('2s')
      .initialState([['initial', 'given']])
      .numPartitions(1)
    const stream = ssc.queueStream<[string, number]>([[['a', 1]], [], [], [['a', 1]]]).mapWithState(spec)
    const mapped = recordsOf(stream)
    const left = recordsOf(stream.stateSnapshots())
    await ssc.start()
    await clock.advance('8s')
    exactly(mapped, [[], [], [], ['initial given @4000'], [], [], ['a seen @7000'], []])
    exactly(
      left.map(batch => batch.length),
      [2, 2, 2, 1, 1, 1, 0, 0],
    )
  }))

const KINDS: Record<string, (n: number) => unknown> = {
  'whole numbers': n => n,
  doubles: n => n / 4,
  text: n => `key ${n}`,
  records: n => ({ n, of: [`${n}`] }),
  'keys of all kinds': n => [n, n / 4, `key ${n}`, { n }, null, BigInt(n)][n % 6],
}
for (const [kind, keyOf] of Object.entries(KINDS)) {
  test(`a few of many states are changed, the others stay: ${kind}`, () =>
    withStreaming(async ({ sc, ssc, clock }) => {
      const many = 3000
      const all = Array.from({ length: many }, (_, n) => [keyOf(n), n] as [unknown, number])
      const expected = new Map(all.map(([key, n]) => [inspect(key), { key, n }]))
      const batches = [2, 700, 1, 3500].map((step, b) => {
        const touched = Array.from({ length: 50 }, (_, i) => (i * step + b) % (many + 100))
        return touched.map(n => [keyOf(n), 1] as [unknown, number])
      })
      const spec = StateSpec.function((_: unknown, more: number | undefined, state: State<number>) => {
        const n = (state.getOption() ?? 0) + more!
        if (n % 5 === 0 && state.exists()) state.remove()
        else state.update(n)
        return n
      }).initialState(sc.parallelize(all, 5))
      const stream = ssc.queueStream(batches).mapWithState(spec.numPartitions(3))
      const mapped = recordsOf(stream)
      const snapshots = recordsOf(stream.stateSnapshots())
      await ssc.start()
      for (const [b, batch] of batches.entries()) {
        await clock.advance('1s')
        const given: number[] = []
        for (const [key, more] of batch) {
          const at = inspect(key)
          const n = (expected.get(at)?.n ?? 0) + more
          if (n % 5 === 0 && expected.has(at)) expected.delete(at)
          else expected.set(at, { key, n })
          given.push(n)
        }
        const ordered = (rows: unknown[]): string[] => rows.map(row => inspect(row)).sort()
        exactly(ordered(mapped[b]!), ordered(given))
        exactly(ordered(snapshots[b]!), ordered([...expected.values()].map(({ key, n }) => [key, n])))
      }
    }))
}

test('of two initial states of a key the last counts, and a key may change its type', () =>
  withStreaming(async ({ ssc, clock }) => {
    const spec = StateSpec.function((key: number, value: unknown, state: State<unknown>) => {
      const before = state.getOption()
      state.update(value)
      return [key, before]
    }).initialState([
      [1, 'first'],
      [2, 'two'],
      [1, 'last'],
    ])
    const mapped = recordsOf(
      ssc
        .queueStream<[number, unknown]>([[[1, 5]], [[1, { of: 'another' }]], [[1.5, 0]], [[1, 0]]])
        .mapWithState(spec),
    )
    await ssc.start()
    await clock.advance('4s')
    exactly(mapped, [[[1, 'last']], [[1, 5]], [[1.5, undefined]], [[1, { of: 'another' }]]])
  }))

test('a function that fails is shown with its record', () =>
  withStreaming(async ({ ssc, clock }) => {
    const spec = StateSpec.function((key: string, value: number | undefined, state: State<number>) => {
      if (value! < 0) throw new RangeError(`not ${key}`)
      state.update(value!)
    })
    recordsOf(ssc.queueStream<[string, number]>([[['a', 1]], [['b', -1]]]).mapWithState(spec))
    await ssc.start()
    const failure = fails(ssc.awaitTermination(), 'MILLRACE_TASK', /not b/, /\[ 'b', -1 \]/)
    await clock.advance('2s')
    await failure
  }))

test('what a state does not allow fails in the words of Spark', () =>
  withStreaming(async ({ ssc, clock }) => {
    const spec = StateSpec.function((_key: string, _value: number | undefined, state: State<number>) => {
      const said: string[] = []
      const note = (action: () => void): void => {
        try {
          action()
        } catch (error) {
          said.push((error as Error).message)
        }
      }
      if (state.isTimingOut()) {
        note(() => state.update(1))
        note(() => state.remove())
      } else {
        said.push(String(state))
        note(() => state.get())
        state.update(7)
        state.remove()
        note(() => state.update(8))
        note(() => state.remove())
      }
      return said
    })
    const all = recordsOf(ssc.queueStream<[string, number]>([[['a', 1]]]).mapWithState(spec))
    const timing = recordsOf(
      ssc.queueStream<[string, number]>([]).mapWithState(spec.initialState([['b', 1]]).timeout('1s')),
    )
    await ssc.start()
    await clock.advance('3s')
    exactly(all[0]!.flat(), [
      '<state not set>',
      'State is not set',
      'Cannot update the state after it has been removed',
      'Cannot remove the state that has already been removed',
    ])
    exactly(timing[2]!.flat(), [
      'Cannot update the state that is timing out',
      'Cannot remove the state that is timing out',
    ])
  }))

test('what is no StateSpec, or no state to begin with, is refused', () =>
  withStreaming(async ({ ssc }) => {
    const stream = ssc.queueStream<[string, number]>([])
    await fails(() => stream.mapWithState((() => 1) as never), 'MILLRACE_OPTION', /StateSpec\.function/)
    await fails(() => StateSpec.function(1 as never), 'MILLRACE_OPTION')
    await fails(() => StateSpec.function(() => 1).timeout(5 as never), 'MILLRACE_DURATION')
    await fails(
      () => StateSpec.function(() => 1).initialState(5 as never),
      'MILLRACE_OPTION',
      /array of pairs/,
    )
    await fails(() => stream.updateStateByKey(() => 1, 1, 'x' as never), 'MILLRACE_OPTION', /array of pairs/)
  }))

test.run()
