import type { Worker } from 'node:worker_threads'
import type { Context, ContextOptions } from 'millrace'
import * as assert from 'uvu/assert'
import { withContext } from './with-context.js'

/** Words that functions on all threads can add to: as a capture, shared memory stays shared. */
export const counters = (n: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * n))

/**
 * Runs a check with a context, and holds all of the shared heap to have come back when it is stopped. The check must
 * use sources that hold no memory: ranges. Fails on a warning, too, and if it takes a minute.
 */
export async function leavingNothing(
  check: (sc: Context) => Promise<void>,
  options: ContextOptions = {},
): Promise<void> {
  let sc!: Context
  await withContext(
    context => {
      sc = context
      return inTime(check(context))
    },
    { maxTaskFailures: 3, ...options },
  )
  assert.is(sc.info().heap.used, 0, 'memory is left in the shared heap')
}

/** Fails with a word, rather than never, if something does not come to its end. */
export async function inTime<R>(promise: Promise<R>, seconds = 60): Promise<R> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came within ${seconds} s`)), seconds * 1000)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The threads that are alive of those begun while an action runs. */
export async function withThreads<R>(action: (threads: ReadonlySet<Worker>) => Promise<R>): Promise<R> {
  const threads = new Set<Worker>()
  const begun = (worker: Worker): void => {
    threads.add(worker)
    worker.once('exit', () => threads.delete(worker))
  }
  process.on('worker', begun)
  try {
    return await action(threads)
  } finally {
    process.off('worker', begun)
  }
}
