import { Context, StreamingContext } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { recordsOf, timesOf, withStreaming } from '../support/with-streaming.js'

test('a context is initialized, active from start and stopped from stop on', () =>
  withStreaming(async ({ ssc }) => {
    ssc.queueStream([]).pprint()
    assert.is(ssc.state, 'initialized')
    assert.is(StreamingContext.getActive(), undefined)
    const starting = ssc.start()
    assert.is(ssc.state, 'active')
    await starting
    assert.is(StreamingContext.getActive(), ssc)
    await ssc.stop()
    assert.is(ssc.state, 'stopped')
    assert.is(StreamingContext.getActive(), undefined)
  }))

test('of several active contexts, getActive gives the one that was started last', () =>
  withStreaming(({ ssc: first }) =>
    withStreaming(async ({ ssc: second }) => {
      for (const ssc of [first, second]) {
        timesOf(ssc.queueStream([]))
        await ssc.start()
      }
      assert.is(StreamingContext.getActive(), second)
      await second.stop()
      assert.is(StreamingContext.getActive(), first)
    }),
  ))

test('a second start only warns, and waits for the first', () =>
  withStreaming(async ({ ssc, clock }) => {
    const warnings: string[] = []
    const listen = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', listen)
    try {
      const times = timesOf(ssc.queueStream([]))
      let started = false
      const first = ssc.start().then(() => {
        started = true
      })
      await ssc.start()
      assert.ok(started)
      await first
      await ssc.start()
      await clock.advance('1s')
      exactly(times, [1000])
      exactly(warnings, Array(2).fill('StreamingContext has already been started'))
    } finally {
      process.off('warning', listen)
    }
  }))

test('a start without an output operation fails, and leaves the context stopped', () =>
  withStreaming(async ({ ssc }) => {
    const stream = ssc.queueStream([[1]])
    await fails(
      ssc.start(),
      'MILLRACE_STATE',
      /requirement failed: No output operations registered, so nothing to execute/,
    )
    assert.is(ssc.state, 'stopped')
    await fails(() => stream.pprint(), 'MILLRACE_STATE', /after stopping a context is not supported/)
    await ssc.awaitTermination()
  }))

test('a start after stop fails', () =>
  withStreaming(async ({ ssc }) => {
    ssc.queueStream([]).pprint()
    await ssc.stop()
    await fails(ssc.start(), 'MILLRACE_STATE', /StreamingContext has already been stopped/)
  }))

test('a start on a Context that was stopped fails', () =>
  withStreaming(async ({ sc, ssc }) => {
    timesOf(ssc.queueStream([]))
    await sc.stop()
    await fails(ssc.start(), 'MILLRACE_STATE', /StreamingContext has already been stopped/)
    const late = new StreamingContext(sc, '1s')
    timesOf(late.queueStream([]))
    await fails(late.start(), 'MILLRACE_STOPPED', /the Context was stopped/)
    assert.is(late.state, 'stopped')
  }))

test('inputs, transformations and outputs cannot be added after start or stop', () =>
  withStreaming(async ({ ssc }) => {
    const stream = ssc.queueStream([[1]])
    const pairs = stream.map(x => [x, x])
    timesOf(stream)
    const additions = [
      () => ssc.queueStream([[1]]),
      () => ssc.textFileStream('/nowhere'),
      () => ssc.socketTextStream('127.0.0.1', 1),
      () => ssc.from([1]),
      () => ssc.union(stream, stream),
      () => ssc.transform([stream], ([rdd]) => rdd!),
      () => stream.map(x => x),
      () => stream.flatMap(x => [x]),
      () => stream.filter(x => x),
      () => stream.mapPartitions(xs => xs),
      () => stream.glom(),
      () => stream.repartition(2),
      () => stream.union(stream),
      () => stream.reduce(a => a),
      () => stream.count(),
      () => stream.countByValue(),
      () => stream.transform(rdd => rdd),
      () => stream.transformWith(stream, rdd => rdd),
      () => pairs.mapValues(x => x),
      () => pairs.reduceByKey(a => a),
      () => pairs.groupByKey(),
      () => pairs.partitionBy(),
      () => stream.pprint(),
      () => stream.print(),
      () => stream.saveAsTextFiles('/nowhere'),
      () => stream.foreachRDD(() => {}),
      () => stream.batches(),
    ]
    const refused = async (when: string): Promise<void> => {
      const text = `Adding new inputs, transformations, and output operations after ${when} a context is not supported`
      for (const add of additions) await fails(add, 'MILLRACE_STATE', new RegExp(text))
      await fails(
        () => stream.cache(),
        'MILLRACE_STATE',
        /Cannot change storage level of an DStream after streaming context has started/,
      )
    }
    await ssc.start()
    await refused('starting')
    await ssc.stop()
    await refused('stopping')
  }))

test('awaitTermination resolves when the context stops; afterwards at once', () =>
  withStreaming(async ({ ssc, clock }) => {
    timesOf(ssc.queueStream([]))
    const early = ssc.awaitTermination()
    await ssc.start()
    const waiting = [early, ssc.awaitTermination(), ssc.awaitTerminationOrTimeout('1h')]
    let over = false
    void Promise.all(waiting).then(() => {
      over = true
    })
    await clock.advance('3s')
    assert.not(over)
    await ssc.stop()
    exactly(await Promise.all(waiting), [undefined, undefined, true])
    exactly([await ssc.awaitTermination(), await ssc.awaitTerminationOrTimeout('1ms')], [undefined, true])
  }))

test('awaitTerminationOrTimeout gives false when the time is over, by the clock of the context', () =>
  withStreaming(async ({ ssc, clock }) => {
    timesOf(ssc.queueStream([]))
    await ssc.start()
    const waiting = ssc.awaitTerminationOrTimeout('2500ms')
    let result: boolean | undefined
    void waiting.then(value => {
      result = value
    })
    await clock.advance('2499ms')
    assert.is(result, undefined)
    await clock.advance('1ms')
    assert.is(result, false)
    await fails(() => ssc.awaitTerminationOrTimeout(1 as never), 'MILLRACE_DURATION', /'1s' or '1ms'/)
  }))

test('an abort signal stops the streaming context with its Context, before and after start', async () => {
  const controller = new AbortController()
  await withStreaming(
    async ({ ssc, clock }) => {
      const times = timesOf(ssc.queueStream([]))
      await ssc.start()
      await clock.advance('1s')
      controller.abort()
      await ssc.awaitTermination()
      assert.is(ssc.state, 'stopped')
      await clock.advance('1s')
      exactly(times, [1000])
    },
    { signal: controller.signal },
  )
  await withStreaming(
    async ({ ssc }) => {
      timesOf(ssc.queueStream([]))
      await fails(ssc.start(), 'MILLRACE_STOPPED', /the Context was stopped/)
    },
    { signal: AbortSignal.abort() },
  )
})

test('both contexts are async disposable', async () => {
  let outer: StreamingContext
  {
    await using sc = new Context({ threads: 1, memory: '32MiB' })
    await using ssc = new StreamingContext(sc, '1s')
    outer = ssc
    recordsOf(ssc.queueStream([[1]]))
    await ssc.start()
    assert.is(ssc.state, 'active')
  }
  assert.is(outer.state, 'stopped')
  await fails(outer.context.range(3).count(), 'MILLRACE_STOPPED')
})

test('bad arguments of a streaming context are refused', async () =>
  withStreaming(async ({ sc, ssc }) => {
    await fails(
      () => new StreamingContext({} as never, '1s'),
      'MILLRACE_OPTION',
      /a Context for the first argument/,
    )
    await fails(
      () => new StreamingContext(sc, 1 as never),
      'MILLRACE_DURATION',
      /carries its unit.*'1s' or '1ms'/s,
    )
    await fails(() => new StreamingContext(sc, '1' as never), 'MILLRACE_DURATION', /received "1"/)
    await fails(() => new StreamingContext(sc, '0s'), 'MILLRACE_DURATION')
    await fails(
      ssc.stop({ stopSparkContext: true } as never),
      'MILLRACE_OPTION',
      /no option 'stopSparkContext'/,
    )
    await fails(ssc.stop({ timeout: 3 as never }), 'MILLRACE_DURATION', /the option 'timeout'/)
    await fails(() => ssc.addStreamingListener(null as never), 'MILLRACE_OPTION', /StreamingListener/)
    assert.is(ssc.state, 'initialized')
  }))

test.run()
