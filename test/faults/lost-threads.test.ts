import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { counters, inTime, leavingNothing, withThreads } from '../support/faults.js'

/** Ways in which a function can end the thread that it runs on. */
const WAYS: { name: string; lose: () => unknown; cause: RegExp }[] = [
  { name: 'process.exit', lose: () => process.exit(7), cause: /worker exited with code: 7/ },
  {
    name: 'an error thrown from a timer',
    lose: () =>
      new Promise(() => {
        setTimeout(() => {
          throw new RangeError('late')
        })
      }),
    cause: /late/,
  },
  {
    name: 'a promise that nobody handles',
    lose: () => {
      void Promise.reject(new RangeError('late'))
      return new Promise(() => {})
    },
    cause: /late/,
  },
]

for (const { name, lose, cause } of WAYS) {
  test(`${name}: the task runs again on another thread, and counts once`, () =>
    leavingNothing(async sc => {
      const runs = counters(4)
      const [sum, count] = [sc.accumulator(0), sc.accumulator(0)]
      await sc.range(0, 400, 1, 4).foreachPartition(
        async rows => {
          const records = [...rows]
          const partition = records[0]! / 100
          count.add(records.length)
          for (const x of records) sum.add(x)
          const first = Atomics.add(runs, partition, 1) === 0
          if (first && partition % 2 === 1) await lose()
        },
        { runs, sum, count, lose },
      )
      exactly([...runs], [1, 2, 1, 2])
      exactly([sum.value, count.value], [(399 * 400) / 2, 400])
    }))

  test(`${name}: a task that does so in every attempt fails, says why, and the next job goes on`, () =>
    leavingNothing(async sc => {
      const runs = counters(2)
      const error = await fails(
        sc.range(0, 2, 1, 2).foreachPartition(
          async rows => {
            const [partition] = [...rows] as [number]
            Atomics.add(runs, partition, 1)
            if (partition === 1) await lose()
          },
          { runs, lose },
        ),
        'MILLRACE_TASK',
        /the worker thread of a task was lost/,
        /partition 1, attempt 3 of 3/,
        cause,
      )
      exactly([...runs], [1, 3])
      assert.is(error.partition, 1)
      assert.match((error.cause as Error).message, cause)
      if (name !== 'process.exit')
        assert.match((error.cause as Error).stack ?? '', /RangeError: late\n +at .*millrace: /)
      exactly(
        await sc
          .range(0, 4, 1, 4)
          .map(x => [x].pop()!)
          .collect(),
        [0, 1, 2, 3],
      )
    }))
}

test('a thread that is ended from outside costs a retry', () =>
  withThreads(threads =>
    leavingNothing(async sc => {
      const runs = counters(2)
      const result = sc
        .range(0, 2, 1, 2)
        .map(
          x => {
            // The first attempt of each lasts until its thread is ended.
            if (Atomics.add(runs, x, 1) === 0) for (;;);
            return x
          },
          { runs },
        )
        .collect()
      while (runs[0] === 0 || runs[1] === 0) await new Promise(setImmediate)
      for (const thread of threads) void thread.terminate()
      exactly(await result, [0, 1])
      exactly([...runs], [2, 2])
    }),
  ))

test('threads that are ended between jobs are replaced', () =>
  withThreads(threads =>
    leavingNothing(async sc => {
      const records = sc.range(0, 4, 1, 4).map(x => [x].pop()!)
      exactly(await records.collect(), [0, 1, 2, 3])
      for (let round = 0; round < 3; round++) {
        await Promise.all([...threads].map(thread => thread.terminate()))
        exactly(await records.collect(), [0, 1, 2, 3])
      }
    }),
  ))

test('a promise that is rejected when its task is over ends the thread, but no job', () =>
  leavingNothing(async sc => {
    for (let round = 0; round < 4; round++) {
      await sc.range(0, 4, 1, 4).foreach(() => {
        void Promise.reject(new Error('nobody hears this'))
      })
    }
    exactly(
      await sc
        .range(0, 4, 1, 4)
        .map(x => [x].pop()!)
        .collect(),
      [0, 1, 2, 3],
    )
  }))

test('an error that is thrown when the context has stopped does not reach the host', async () => {
  const uncaught: unknown[] = []
  const listener = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', listener)
  try {
    await leavingNothing(async sc => {
      const runs = counters(1)
      // One worker is at its end when the timer goes off; the other keeps the context from stopping.
      const job = sc.range(0, 2, 1, 2).foreachPartition(
        rows => {
          const [partition] = [...rows]
          if (partition === 0)
            setTimeout(() => {
              throw new Error('late')
            }, 50)
          Atomics.add(runs, 0, 1)
          for (const end = performance.now() + 250; partition === 1 && performance.now() < end; );
        },
        { runs },
      )
      while (runs[0] !== 2) await new Promise(setImmediate)
      await Promise.all([sc.stop(), fails(job, 'MILLRACE_STOPPED')])
    })
    await new Promise(setImmediate)
  } finally {
    process.off('uncaughtException', listener)
  }
  exactly(uncaught, [])
})

test('a persisted RDD stays when the threads that computed it are gone', () =>
  withThreads(threads =>
    leavingNothing(async sc => {
      const runs = counters(4)
      const kept = sc
        .range(0, 4000, 1, 4)
        .map(
          x => {
            if (x % 1000 === 0) Atomics.add(runs, x / 1000, 1)
            return [x % 10, `${x}`] as [number, string]
          },
          { runs },
        )
        .persist()
      const expected = await kept.collect()
      await Promise.all([...threads].map(thread => thread.terminate()))
      exactly(await kept.collect(), expected)
      exactly(await inTime(kept.count()), 4000)
      exactly([...runs], [1, 1, 1, 1])
      kept.unpersist()
    }),
  ))

test.run()
