import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { recordsOf, timesOf, withStreaming } from '../support/with-streaming.js'

test("an error in a function fails its output; the batch's other outputs and later batches go on", () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2], [3]])
    const picky = recordsOf(
      stream.map(x => {
        if (x === 2) throw new TypeError(`not ${x}`)
        return x
      }),
    )
    const all = recordsOf(stream)
    await ssc.start()
    await clock.advance('3s')
    exactly(
      [picky, all],
      [
        [[1], [3]],
        [[1], [2], [3]],
      ],
    )
    const error = await fails(
      ssc.awaitTermination(),
      'MILLRACE_TASK',
      /TypeError: not 2/,
      /map at batch-errors/,
      /batch 2000 ms/,
    )
    assert.is(error.batchTime, 2000)
    assert.match(error.operator!, /^map at batch-errors\.test\.[jt]s:\d+$/)
    exactly([error.partition, error.record], [1, '2'])
    assert.match(String((error.cause as Error).stack), /batch-errors\.test/)
  }))

test('an error in foreachRDD, thrown or rejected, is wrapped with its batch and kept as the cause', async () => {
  for (const fail of [
    (error: unknown) => {
      throw error
    },
    async (error: unknown) => {
      await new Promise(setImmediate)
      throw error
    },
  ]) {
    for (const thrown of [new RangeError('mine'), undefined]) {
      await withStreaming(async ({ ssc, clock }) => {
        const stream = ssc.queueStream([[1], [2]])
        stream.foreachRDD((_, time) => (time === 1000 ? fail(thrown) : undefined))
        const times = timesOf(stream)
        await ssc.start()
        await clock.advance('2s')
        exactly(times, [1000, 2000])
        const error = await fails(
          ssc.awaitTermination(),
          'MILLRACE_TASK',
          /foreachRDD at batch-errors.*batch 1000 ms/,
        )
        if (thrown instanceof Error) {
          assert.is(error.cause, thrown)
          assert.match(error.message, /RangeError: mine/)
        } else assert.match(error.message, new RegExp(String(thrown)))
      })
    }
  }
})

test('an error in transform loses its batch for all outputs, and no other batch', () =>
  withStreaming(async ({ ssc, clock }) => {
    const stream = ssc.queueStream([[1], [2], [3]])
    const cause = new Error('no plan')
    const transformed = recordsOf(
      stream.transform((rdd, time) => {
        if (time === 2000) throw cause
        return rdd
      }),
    )
    const all = recordsOf(stream)
    await ssc.start()
    await clock.advance('3s')
    exactly(
      [transformed, all],
      [
        [[1], [3]],
        [[1], [3]],
      ],
    )
    const error = await fails(
      ssc.awaitTermination(),
      'MILLRACE_BATCH',
      /Error generating jobs for time 2000 ms: no plan/,
    )
    exactly([error.cause, error.batchTime], [cause, 2000])
  }))

test("transform that gives nothing, or no RDD, fails its batch in Spark's words", async () => {
  for (const [made, pattern] of [
    [undefined, /Transform function must not return null\. Return SparkContext\.emptyRDD\(\) instead/],
    [Promise.resolve(), /an RDD for the result of the function of transform/],
  ] as const) {
    await withStreaming(async ({ ssc, clock }) => {
      const times = timesOf(
        ssc.queueStream([[1]]).transform((rdd, time) => (time === 1000 ? (made as never) : rdd)),
      )
      await ssc.start()
      await clock.advance('2s')
      exactly(times, [2000])
      await fails(ssc.awaitTermination(), 'MILLRACE_BATCH', pattern)
    })
  }
})

test('awaitTermination rejects as soon as a batch fails, with the first error, then and later', () =>
  withStreaming(async ({ ssc, clock }) => {
    ssc.queueStream([]).foreachRDD((_, time) => {
      throw new Error(`at ${time}`)
    })
    const waiting = [ssc.awaitTermination(), ssc.awaitTerminationOrTimeout('1h')]
    const failing = Promise.all(waiting.map(wait => fails(wait, 'MILLRACE_TASK', /at 1000/)))
    await ssc.start()
    await clock.advance('1s')
    await failing
    assert.is(ssc.state, 'active')
    await clock.advance('2s')
    await fails(ssc.awaitTermination(), 'MILLRACE_TASK', /at 1000/)
    await ssc.stop()
    await fails(ssc.awaitTermination(), 'MILLRACE_TASK', /at 1000/)
    await fails(ssc.awaitTerminationOrTimeout('1s'), 'MILLRACE_TASK', /at 1000/)
  }))

test('an error that nobody awaits does not end the process', () =>
  withStreaming(async ({ ssc, clock }) => {
    ssc.queueStream([]).foreachRDD(async () => {
      throw new Error('unheard')
    })
    await ssc.start()
    await clock.advance('1s')
    await new Promise(setImmediate)
    await ssc.stop({ gracefully: true })
  }))

test('an output that handles the error of its job does not fail', () =>
  withStreaming(async ({ ssc, clock }) => {
    const caught: string[] = []
    ssc.queueStream([[1]]).foreachRDD(async rdd => {
      const sum = rdd.filter(() => false).reduce((a, b) => a + b)
      await sum.catch(error => caught.push(error.code))
    })
    await ssc.start()
    await clock.advance('1s')
    exactly(caught, ['MILLRACE_EMPTY'])
    await ssc.stop()
    await ssc.awaitTermination()
  }))

test('a task is tried again before its batch fails, and records count once', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    const tries = new Int32Array(new SharedArrayBuffer(4))
    const records = recordsOf(
      ssc.queueStream([[1, 2, 3]]).map(
        x => {
          for (;;) {
            if (x === 2 && Atomics.add(tries, 0, 1) < 3) throw new Error('again')
            return x
          }
        },
        { tries },
      ),
    )
    await ssc.start()
    await clock.advance('1s')
    exactly(records, [[1, 2, 3]])
    assert.is(tries[0], 4)
    assert.ok(sc.info().threads > 0)
    await ssc.stop()
    await ssc.awaitTermination()
  }))

test.run()
