import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Context, StreamingContext } from '../src/index.js'
import { ManualClock } from '../src/testing/index.js'
import type { Env } from './case.js'

/** A stream that counts words, batch by batch, on a clock that is moved by hand. */
export interface WordBatches {
  sc: Context
  /** One batch. @returns milliseconds from the push, just before the tick, to the collected counts */
  batch(): Promise<number>
  /** Words counted so far. */
  words(): number
  /** @throws what a batch threw */
  stop(): Promise<void>
}

/** Batches of one line of 100 words, from w7.txt. */
export async function wordBatches(env: Env): Promise<WordBatches> {
  const lines = readFileSync(path.join(env.data, 'w7.txt'), 'utf8').trimEnd().split('\n')
  const clock = new ManualClock()
  const sc = new Context({ threads: env.threads, clock })
  const ssc = new StreamingContext(sc, '1s')
  const queue = ssc.queueStream<string>()
  let batches = 0
  let finished = 0
  let words = 0
  queue
    .flatMap(l => l.split(' '))
    .map(w => [w, 1])
    .reduceByKey((a, b) => a + b)
    .foreachRDD(async rdd => {
      const counts = await rdd.collect()
      finished = performance.now()
      for (const [, count] of counts) words += count
    })
  await ssc.start()
  const ended = ssc.awaitTermination()
  ended.catch(() => {}) // stop() gives it on
  return {
    sc,
    words: () => words,
    async batch() {
      const line = lines[batches++ % lines.length]!
      const begin = performance.now()
      queue.push([line])
      await clock.advance('1s')
      if (words !== batches * 100) throw new Error(`batch ${batches}: ${words} words counted so far`)
      return finished - begin
    },
    async stop() {
      await ssc.stop()
      await ended
    },
  }
}
