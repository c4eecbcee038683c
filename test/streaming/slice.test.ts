import { utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { DStream } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { withDirectory } from '../support/temporary-directory.js'
import { recordsOf, withStreaming } from '../support/with-streaming.js'

const batches = [[1], [2], [3], [4]]

test('slice gives the remembered batches between two times, both included', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream(batches).map(x => x * 10)
    recordsOf(stream)
    ssc.remember('10s')
    await ssc.start()
    await clock.advance('4s')
    const between = async (begin: number, end: number): Promise<number[][]> =>
      Promise.all(stream.slice(begin, end).map(rdd => rdd.collect()))
    exactly(await between(2000, 3000), [[20], [30]])
    exactly(await between(-5000, 1000), [[10]])
    exactly(await between(2700, 3999), [[20], [30]])
    exactly(await between(4000, 9000), [[40]])
    exactly(await between(3000, 2000), [])
  }))

test('without remember(), slice gives the newest batch while what it is made of can be read again', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const stream = ssc.queueStream([[1], sc.parallelize([2]), [3], [4]])
    const cached = stream.map(x => x * 10).cache()
    const other = stream.filter(x => x > 0).union(stream)
    const window = stream.window('2s')
    for (const output of [cached, window]) recordsOf(output)
    await ssc.start()
    for (const expected of [
      [[1], [10], [1, 1], [1]],
      [[2], [20], [2, 2], [1, 2]],
      [[3], [30], [3, 3], [2, 3]],
      [[4], [40], [4, 4], [3, 4]],
    ]) {
      await clock.advance('1s')
      const now = clock.now()
      const slices = [stream, cached, other, window].map(s => s.slice(now, now))
      exactly(await Promise.all(slices.map(([rdd]) => rdd!.collect())), expected)
    }
    await fails(() => cached.slice(3000, 4000), 'MILLRACE_STATE', /3000 ms is forgotten.* for 1000 ms/)
    await ssc.stop({ stopContext: false })
    await fails(() => cached.slice(4000, 4000), 'MILLRACE_STATE', /4000 ms is forgotten/)
  }))

test('without remember(), slice of what was received, or of a state, says that it is forgotten', () =>
  withStreaming(async ({ ssc, clock }) => {
    const received = ssc.from([1, 2]).map(x => x + 1)
    const counts = ssc
      .queueStream([['a', 'a']])
      .map(word => [word, 1])
      .updateStateByKey<number>((values, state) => values.length + (state ?? 0))
    for (const output of [received, counts]) recordsOf(output as DStream<unknown>)
    await ssc.start()
    await clock.advance('2s')
    for (const stream of [received, counts] as DStream<unknown>[])
      await fails(() => stream.slice(2000, 2000), 'MILLRACE_STATE', /2000 ms is forgotten.*remember\(\)/)
  }))

test('slice of files reads them again', () =>
  withDirectory(directory =>
    withStreaming(async ({ ssc, clock }) => {
      const lines = ssc.textFileStream(directory)
      recordsOf(lines.count())
      await ssc.start()
      const file = path.join(directory, 'a')
      writeFileSync(file, 'one\ntwo')
      utimesSync(file, 0.5, 0.5)
      await clock.advance('1s')
      exactly(await lines.slice(1000, 1000)[0]!.collect(), ['one', 'two'])
    }),
  ))

test('a batch of which no plan was made in its time is forgotten, too', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2]])
    recordsOf(
      ssc.queueStream([]).transform(() => {
        throw new Error('no plan')
      }),
    )
    recordsOf(stream)
    await ssc.start()
    await clock.advance('2s')
    await fails(() => stream.slice(2000, 2000), 'MILLRACE_STATE', /2000 ms is forgotten/)
  }))

test('slice computes what no output has asked for, and never takes what is still to come', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream(batches)
    const doubled = stream.map(x => x * 2)
    const records = recordsOf(stream)
    ssc.remember('10s')
    await ssc.start()
    await clock.advance('2s')
    exactly(await Promise.all(doubled.slice(1000, 4000).map(rdd => rdd.collect())), [[2], [4]])
    await clock.advance('2s')
    exactly(records, batches)
  }))

test('slice of a window, at the window’s own times', () =>
  withStreaming(async ({ ssc, clock }) => {
    const window = ssc.queueStream(batches).window('2s', '2s')
    recordsOf(window)
    ssc.remember('4s')
    await ssc.start()
    await clock.advance('4s')
    exactly(await Promise.all(window.slice(1000, 4000).map(rdd => rdd.collect())), [
      [1, 2],
      [3, 4],
    ])
  }))

test('slice says what to do when it comes too early, or too late', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream(batches)
    recordsOf(stream)
    await fails(() => stream.slice(0, 1000), 'MILLRACE_STATE', /has not been initialized.*after start/)
    await fails(() => stream.slice(Number.NaN, 1000), 'MILLRACE_OPTION', /begin of slice.*NaN/)
    await ssc.start()
    await clock.advance('2s')
    await fails(() => stream.slice(1000, 2000), 'MILLRACE_STATE', /1000 ms is forgotten.*remember\(\)/)
  }))

test('remember is called once, before start', () =>
  withStreaming(async ({ ssc }) => {
    recordsOf(ssc.queueStream(batches))
    await fails(() => ssc.remember(5 as never), 'MILLRACE_DURATION')
    ssc.remember('5s')
    await fails(
      () => ssc.remember('6s'),
      'MILLRACE_STATE',
      /Remember duration already set as 5000 ms\. Cannot set it again\./,
    )
    await ssc.start()
    await fails(() => ssc.remember('6s'), 'MILLRACE_STATE', /before start/)
  }))

test.run()
