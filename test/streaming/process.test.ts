import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly } from '../support/exactly.js'
import { LineServer } from '../support/line-server.js'
import { MILLRACE, runProgram } from '../support/run-program.js'
import { withDirectory } from '../support/temporary-directory.js'

test('a process ends by itself after stop, whatever its inputs wait for', () =>
  withDirectory(directory =>
    LineServer.with(async server => {
      const program = `
        const ssc = new StreamingContext(new Context({ threads: 2 }), '20ms')
        const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: async () => ({ done: true }) }) }
        const streams = [
          ssc.queueStream([['queue']]),
          ssc.from(never),
          ssc.socketTextStream('127.0.0.1', ${server.port}),
          ssc.socketTextStream('127.0.0.1', 1),
          ssc.textFileStream(${JSON.stringify(directory)}),
        ]
        const batches = ssc.union(...streams).batches()
        await ssc.start()
        void ssc.awaitTermination()
        void ssc.awaitTerminationOrTimeout('1h')
        for await (const { rdd } of batches) {
          for (const record of await rdd.collect()) console.log(record)
          await ssc.stop()
        }`
      assert.is(await runProgram(program, ['--no-warnings']), 'queue')
    }),
  ))

test('a streaming context keeps its process alive until it is stopped', async () => {
  const output = await runProgram(`
    const ssc = new StreamingContext(new Context({ threads: 1 }), '30ms')
    let batches = 0
    ssc.queueStream([]).foreachRDD(() => {
      if (++batches === 3) void ssc.stop().then(() => console.log(batches))
    })
    void ssc.start()`)
  assert.is(output, '3')
})

test('one that was built and not started does not', async () => {
  const output = await runProgram(`
    const ssc = new StreamingContext(new Context({ threads: 1 }), '30ms')
    ssc.queueStream([[1]]).pprint()
    ssc.socketTextStream('127.0.0.1', 1).pprint()
    console.log(ssc.state)`)
  assert.is(output, 'initialized')
})

test('a program that waits for what it never started is told so', async () => {
  const output = await runProgram(`
    const ssc = new StreamingContext(new Context({ threads: 1 }), '30ms')
    ssc.queueStream([[1]]).pprint()
    await ssc.awaitTermination()`)
  assert.match(output, /MILLRACE_STATE: .*was not started.*await ssc\.start\(\)/)
  assert.match(output, /ended with 1$/)
})

test('one that waits, and starts later, is not', async () => {
  const output = await runProgram(`
    const ssc = new StreamingContext(new Context({ threads: 1 }), '30ms')
    ssc.queueStream([]).foreachRDD(() => void ssc.stop())
    setTimeout(() => ssc.start(), 50)
    await ssc.awaitTermination()
    console.log(process.listenerCount('beforeExit'))`)
  assert.is(output, '0')
})

test('an error of a batch that nobody waits for becomes a warning, once', async () => {
  const failing = (more: string): Promise<string> =>
    runProgram(`
      const ssc = new StreamingContext(new Context({ threads: 1 }), '30ms')
      let batches = 0
      ssc.queueStream([]).foreachRDD(() => {
        if (++batches === 4) void ssc.stop()
        throw new Error('unheard ' + batches)
      })
      ${more}
      await ssc.start()`)
  const output = await failing('')
  assert.match(
    output,
    /MillraceWarning: Nobody waits in awaitTermination\(\).*: MILLRACE_TASK: Error: unheard 1/,
  )
  assert.not.match(output, /unheard [2-4]/)
  assert.is(await failing('ssc.awaitTermination().catch(() => {})'), '')
  assert.is(await failing('ssc.addStreamingListener({ onOutputOperationCompleted() {} })'), '')
})

test('a program may leave after a graceful stop by a signal', async () => {
  const output = await runProgram(`
    const ssc = new StreamingContext(new Context({ threads: 1 }), '30ms')
    let batches = 0
    ssc.queueStream([]).foreachRDD(() => {
      if (++batches === 2) process.kill(process.pid, 'SIGINT')
    })
    process.once('SIGINT', () => ssc.stop({ gracefully: true }))
    await ssc.start()
    await ssc.awaitTermination()
    console.log('done', ssc.state)`)
  assert.is(output, 'done stopped')
})

test('a worker thread hosts a streaming context, and ends by itself', async () => {
  const worker = new Worker(
    `import { parentPort } from 'node:worker_threads'
     import { Context, StreamingContext } from '${MILLRACE}'
     const ssc = new StreamingContext(new Context({ threads: 2 }), '20ms')
     const counts = ssc.queueStream([['a b a'], ['b']]).flatMap(l => l.split(' ')).map(w => [w, 1]).reduceByKey((a, b) => a + b)
     let n = 0
     counts.foreachRDD(async rdd => {
       parentPort.postMessage((await rdd.collect()).sort())
       if (++n === 3) await ssc.stop()
     })
     await ssc.start()
     await ssc.awaitTermination()`,
    // biome-ignore format: one line
    { eval: true, execArgv: ['--input-type=module'] },
  )
  const messages: unknown[] = []
  worker.on('message', message => messages.push(message))
  const [code] = await once(worker, 'exit')
  assert.is(code, 0)
  exactly(messages, [
    [
      ['a', 2],
      ['b', 1],
    ],
    [['b', 1]],
    [],
  ])
})

test.run()
