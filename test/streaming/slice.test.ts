import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
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
