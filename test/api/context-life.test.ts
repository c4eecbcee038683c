import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Context } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { MILLRACE, runProgram } from '../support/run-program.js'
import { onWorkers, withContext } from '../support/with-context.js'

test('a process ends by itself once its contexts are stopped', async () => {
  const output = await runProgram(`
    const [one, two] = [new Context({ threads: 2 }), new Context({ threads: 1 })]
    const slow = rdd => rdd.map(x => { for (;;) return x })
    const sums = await Promise.all([slow(one.range(1000)).sum(), slow(two.range(10)).sum(), one.parallelize([1, 2]).sum()])
    await Promise.all([one.stop(), two.stop()])
    console.log(sums.join(' '))`)
  assert.is(output, '499500 45 3')
})

test('a context that was not used, or has only built plans, does not keep the process alive', async () => {
  const output = await runProgram(`
    const sc = new Context({ threads: 2 })
    sc.parallelize([1, 2, 3]).map(x => x + 1)
    console.log(typeof sc.info().kernels)`)
  assert.is(output, 'string')
})

test('a job keeps the process alive until it is done', async () => {
  const output = await runProgram(`
    const sc = new Context({ threads: 1 })
    const wait = x => { const end = Date.now() + 400; while (Date.now() < end); return x }
    sc.range(1).map(x => wait(x), { wait }).collect().then(records => { console.log(records.length); return sc.stop() })`)
  assert.is(output, '1')
})

test('a context is disposed of at the end of its block', async () => {
  let kept: Context | undefined
  {
    await using sc = new Context({ threads: 1, memory: '16MiB' })
    exactly(await onWorkers(sc.range(3)).collect(), [0, 1, 2])
    kept = sc
    assert.not(kept.stopped)
  }
  assert.ok(kept.stopped)
})

test('a context is stopped once, by any number of calls; then nothing runs', async () => {
  const sc = new Context({ threads: 2, memory: '16MiB' })
  const numbers = sc.parallelize([1, 2, 3])
  exactly(await numbers.collect(), [1, 2, 3])
  const kept = await onWorkers(numbers).persist()
  await kept.count()
  await Promise.all([sc.stop(), sc.stop(), sc[Symbol.asyncDispose]()])
  await sc.stop()
  const pairs = numbers.map(x => [x, x])
  for (const action of [
    () => numbers.collect(),
    () => numbers.count(),
    () => kept.first(),
    () => pairs.reduceByKey((a, b) => a + b).collectAsMap(),
    () => numbers.foreach(() => {}),
    () => numbers.saveAsTextFile('never'),
    () => numbers.toLocalIterator().next(),
  ])
    await fails(action, 'MILLRACE_STOPPED', /the Context was stopped; make a new one/)
})

test('several contexts live side by side, each with a heap and threads of its own', () =>
  withContext(one =>
    withContext(
      async two => {
        const results = await Promise.all(
          [one, two, one, two].map((sc, i) =>
            onWorkers(sc.range(0, 1000, 1, 3))
              .map(x => [x % 5, i], { i })
              .reduceByKey((a, b) => a + b)
              .collectAsMap(),
          ),
        )
        for (const [i, result] of results.entries())
          exactly(
            [...result].sort(),
            [0, 1, 2, 3, 4].map(key => [key, 200 * i]),
          )
        await one.stop()
        exactly(await onWorkers(two.range(3)).collect(), [0, 1, 2])
      },
      { threads: 1 },
    ),
  ))

test('a backend on a worker thread has contexts as well', async () => {
  const program = `
    import { parentPort } from 'node:worker_threads'
    const sc = new Context({ threads: 2, memory: '64MiB' })
    try {
      const words = sc.parallelize(['a b', 'b c b'], 2).flatMap(l => l.split(' ')).map(w => [w, 1])
      const slow = words.map(x => { for (;;) return x })
      const counts = []
      for (const rdd of [words, slow]) counts.push([...await rdd.reduceByKey((a, b) => a + b).collect()].sort())
      parentPort.postMessage([counts, sc.info().kernels])
    } finally { await sc.stop() }`
  const source = `import { Context } from '${MILLRACE}'\n${program}`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`))
  const [[message], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
  const counts = [
    ['a', 1],
    ['b', 3],
    ['c', 1],
  ]
  const here = await withContext(async sc => sc.info().kernels)
  exactly(message, [[counts, counts], here])
  assert.is(code, 0)
})

test.run()
