import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { counters, leavingNothing } from '../support/faults.js'

test('an attempt that does not end is ended after taskTimeout, and the next one counts', () =>
  leavingNothing(
    async sc => {
      const runs = counters(3)
      const sum = sc.accumulator(0)
      const records = await sc
        .range(0, 3, 1, 3)
        .map(
          x => {
            sum.add(x + 1)
            if (Atomics.add(runs, x, 1) === 0 && x === 1) for (;;);
            return x
          },
          { runs, sum },
        )
        .collect()
      exactly([records, [...runs], sum.value], [[0, 1, 2], [1, 2, 1], 6])
    },
    { taskTimeout: '200ms' },
  ))

test('a task that never ends fails after its attempts, and the next job goes on', () =>
  leavingNothing(
    async sc => {
      const runs = counters(2)
      const forever = sc.range(0, 2, 1, 2).map(
        x => {
          Atomics.add(runs, x, 1)
          while (x === 1);
          return x
        },
        { runs },
      )
      const error = await fails(
        forever.collect(),
        'MILLRACE_TASK_TIMEOUT',
        /longer than taskTimeout, 100 ms \(partition 1, attempt 2 of 2\)/,
      )
      assert.is(error.partition, 1)
      exactly([...runs], [1, 2])
      exactly(
        await sc
          .range(0, 2, 1, 2)
          .map(x => [x].pop()!)
          .collect(),
        [0, 1],
      )
    },
    { taskTimeout: '100ms', maxTaskFailures: 2 },
  ))

test('a promise that is never settled is a task that never ends', () =>
  leavingNothing(
    async sc => {
      await fails(
        sc.range(1).foreachPartition(() => new Promise(() => {})),
        'MILLRACE_TASK_TIMEOUT',
      )
    },
    { taskTimeout: '100ms', maxTaskFailures: 1 },
  ))

test('a job that has failed does not wait for functions that never end', async () => {
  for (const taskTimeout of [undefined, '1h'] as const) {
    await leavingNothing(
      async sc => {
        const runs = counters(1)
        const broken = sc.range(0, 2, 1, 2).map(
          x => {
            if (x === 1) for (Atomics.store(runs, 0, 1); ; );
            while (Atomics.load(runs, 0) === 0);
            throw new Error('the other one is in its loop')
          },
          { runs },
        )
        await fails(broken.collect(), 'MILLRACE_TASK', /the other one/)
        exactly(
          await sc
            .range(0, 2, 1, 2)
            .map(x => [x].pop()!)
            .collect(),
          [0, 1],
        )
      },
      { maxTaskFailures: 1, ...(taskTimeout && { taskTimeout }) },
    )
  }
})

test.run()
