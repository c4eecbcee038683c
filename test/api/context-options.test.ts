import { getEventListeners } from 'node:events'
import { Context, type ContextOptions } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { onWorkers, withContext } from '../support/with-context.js'

/** As from JavaScript, where no compiler has looked. */
const context = (options: unknown): Context => new Context(options as ContextOptions)

const SIZE = /a number of bytes, or a text such as '512MiB' or '2GiB',/

test('options of the wrong kind are refused by name', async () => {
  const wrong: [options: unknown, ...patterns: RegExp[]][] = [
    [null, /an object for the options of Context but received null/],
    ['2', /the options of Context/],
    [{ threads: 0 }, /a whole number from 1 to 256 for the option 'threads' but received 0/],
    [{ threads: 1.5 }, /received 1\.5/],
    [{ threads: '2' }, /received "2"/],
    [{ threads: Number.NaN }, /received NaN/],
    [{ threads: null }, /received null/],
    [{ memory: '1MB' }, SIZE, /received "1MB"/],
    [{ memory: 0 }, SIZE],
    [{ memory: '0GiB' }, SIZE],
    [{ memory: -5 }, SIZE],
    [{ memory: '1000000GiB' }, /does not give .* bytes .*lower the option 'memory'/],
    [{ defaultParallelism: 0 }, /the option 'defaultParallelism'/],
    [{ native: 'yes' }, /'auto', 'require' or 'off'/],
    [{ maxTaskFailures: 0 }, /the option 'maxTaskFailures'/],
    [{ appName: 5 }, /the option 'appName'/],
    [{ clock: {} }, /the functions now and at/],
    [{ signal: {} }, /an AbortSignal/],
  ]
  for (const [options, ...patterns] of wrong)
    await fails(() => context(options), 'MILLRACE_OPTION', ...patterns)
})

test('an unknown option is refused with the name that was meant, or with all', async () => {
  await fails(
    () => context({ thread: 1 }),
    'MILLRACE_OPTION',
    /no option 'thread'\. Did you mean 'threads'\?/,
  )
  await fails(() => context({ MEMORY: 1 }), 'MILLRACE_OPTION', /Did you mean 'memory'\?/)
  await fails(
    () => context({ master: 'local' }),
    'MILLRACE_OPTION',
    /Expected one of: appName, threads, memory,/,
  )
})

test('a duration carries its unit', async () => {
  await fails(
    () => context({ taskTimeout: 5 }),
    'MILLRACE_DURATION',
    /carries its unit/,
    /PySpark means seconds and Node means milliseconds: write '5s' or '5ms'/,
  )
  for (const taskTimeout of ['5', '-1s', '0ms', '1.5ms', '1d', null])
    await fails(() => context({ taskTimeout }), 'MILLRACE_DURATION', /the option 'taskTimeout'/)
})

test('options left undefined have their defaults', () =>
  withContext(
    async sc => {
      assert.is(sc.defaultParallelism, 2)
      assert.is(sc.appName, 'millrace')
      const { threads, appName, heap, kernels, node } = sc.info()
      exactly(
        { threads, appName, size: heap.size, node },
        { threads: 2, appName: 'millrace', size: 2 ** 27, node: process.version },
      )
      if (process.env.MILLRACE_NATIVE === 'off') assert.is(kernels, 'js')
    },
    {
      defaultParallelism: undefined,
      taskTimeout: undefined,
      native: undefined,
      signal: undefined,
    } as unknown as ContextOptions,
  ))

test('a heap too small for the data says what is needed and which option to raise', () =>
  withContext(
    async sc => {
      const big = sc.range(0, 40, 1, 2).map(x => 'x'.repeat(1_000_000) + x)
      await fails(
        big.collect(),
        'MILLRACE_HEAP_FULL',
        /MiB more in one piece are needed, .* of 16\.0 MiB are in use\. Raise the Context option 'memory'/,
      )
      exactly(await onWorkers(sc.range(3)).collect(), [0, 1, 2])
    },
    { memory: '16MiB' },
  ))

test('the abort of its signal stops a context, and a stopped context lets go of the signal', async () => {
  const controller = new AbortController()
  const one = new Context({ threads: 1, memory: '16MiB', signal: controller.signal })
  const two = new Context({ threads: 1, memory: '16MiB', signal: controller.signal })
  await two.stop()
  assert.is(getEventListeners(controller.signal, 'abort').length, 1)
  const counting = fails(onWorkers(one.range(1e9)).count(), 'MILLRACE_STOPPED')
  controller.abort()
  await counting
  assert.ok(one.stopped)
  await one.stop()
  const late = new Context({ threads: 1, memory: '16MiB', signal: controller.signal })
  await fails(late.range(1).collect(), 'MILLRACE_STOPPED', /make a new one/)
})

test.run()
