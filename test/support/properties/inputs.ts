import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { StreamingContext } from 'millrace'
import { exactly } from '../exactly.js'
import { ReferenceRDD } from '../reference/rdd.js'
import { withDirectory } from '../temporary-directory.js'
import { type Ground, type Property, property } from './prove.js'
import { listOf, RECORDS } from './records.js'

const slices = fc.integer({ min: 1, max: 5 })
/** Text with all that may be taken for the end of a line. */
const lines = fc.array(fc.constantFrom('', 'a', 'b c', 'ä€😀', '\u2028', '\r', '\t', 'x'.repeat(40)), {
  maxLength: 12,
})

/** Runs a stream for some seconds; gives what was collected of each batch. */
async function batchesOf(
  { sc, clock }: Ground,
  seconds: number,
  // biome-ignore lint/suspicious/noExplicitAny: a stream of anything
  build: (ssc: StreamingContext) => any,
): Promise<unknown[][]> {
  const ssc = new StreamingContext(sc, '1s')
  const batches: unknown[][] = []
  build(ssc).foreachRDD(async (rdd: { collect(): Promise<unknown[]> }) => {
    batches.push(await rdd.collect())
  })
  await ssc.start()
  await clock.advance(`${seconds}s`)
  await ssc.stop({ stopContext: false, gracefully: true })
  await ssc.awaitTermination()
  return batches
}

/** Where records come from, and what they are carried by. */
export const INPUT_PROPERTIES: Property[] = [
  property(
    'parallelize cuts where Scala does',
    fc.tuple(listOf('any'), fc.integer({ min: 1, max: 9 })),
    async ([items, k], { sc }) =>
      exactly(await sc.parallelize(items, k).glom().collect(), ReferenceRDD.slices(items, k).partitions),
  ),
  property(
    'range is what a loop counts',
    fc.tuple(
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: -3, max: 3 }),
      slices,
    ),
    async ([start, end, step, k], { sc }) => {
      if (step === 0) return
      const items: number[] = []
      for (let i = start; step > 0 ? i < end : i > end; i += step) items.push(i)
      const range = sc.range(start, end, step, k)
      exactly(await range.glom().collect(), ReferenceRDD.slices(items, k).partitions)
    },
  ),
  property(
    'a text file has its lines, however it is cut',
    fc.tuple(lines, fc.boolean(), slices),
    ([lines, ended, k], { sc }) =>
      withDirectory(async directory => {
        const file = path.join(directory, 'text')
        const text = lines.join('\n') + (ended ? '\n' : '')
        writeFileSync(file, text)
        const expected = text.split('\n').map(line => line.replace(/\r$/, ''))
        if (expected.at(-1) === '' && !text.endsWith('\r')) expected.pop()
        exactly(await sc.textFile(file, k).collect(), expected)
      }),
  ),
  property(
    'what is saved as text is read again',
    fc.tuple(fc.array(fc.constantFrom('', 'a', 'b c', 'ä€😀', 'null')), slices),
    ([items, k], { sc }) =>
      withDirectory(async directory => {
        const saved = path.join(directory, 'saved')
        await sc.parallelize(items, k).saveAsTextFile(saved)
        exactly(await sc.textFile(saved).collect(), items)
      }),
  ),
  property(
    'captured values arrive as they are',
    fc.tuple(listOf('any'), slices),
    async ([value, k], { sc }) => {
      const shared = sc.broadcast(value)
      const rdd = sc.range(0, k, 1, k)
      const received = rdd.map(() => [value, shared.value], { value, shared })
      exactly(
        await received.collect(),
        Array.from({ length: k }, () => [value, value]),
      )
      shared.destroy()
    },
  ),
  property(
    'an accumulator has what every record added, once',
    fc.tuple(listOf('any'), slices),
    async ([items, k], { sc }) => {
      const seen = sc.accumulator(0)
      await sc.parallelize(items, k).foreach(() => seen.add(1), { seen })
      exactly(seen.value, items.length)
    },
  ),
  property(
    'what is persisted is computed once',
    fc.tuple(listOf('any'), slices),
    async ([items, k], { sc }) => {
      const calls = sc.accumulator(0)
      const kept = sc
        .parallelize(items, k)
        .map(
          x => {
            calls.add(1)
            return x
          },
          { calls },
        )
        .persist()
      for (let i = 0; i < 2; i++) exactly(await kept.collect(), items)
      exactly(calls.value, items.length)
      kept.unpersist()
    },
  ),
]

/** Inputs of streams. */
export const STREAM_INPUT_PROPERTIES: Property[] = [
  property(
    'a queue gives one RDD for each batch, or all that are there, and then its default',
    fc.tuple(
      fc.array(fc.array(RECORDS.any, { maxLength: 4 }), { maxLength: 4 }),
      fc.boolean(),
      fc.option(fc.array(RECORDS.any, { maxLength: 3 })),
    ),
    async ([lists, oneAtATime, fallback], ground) => {
      const taken = oneAtATime || lists.length === 0 ? lists : [lists.flat()]
      const expected = Array.from({ length: 5 }, (_, i) => taken[i] ?? fallback ?? [])
      const received = await batchesOf(ground, 5, ssc =>
        ssc.queueStream(lists, oneAtATime, fallback ?? undefined),
      )
      exactly(received, expected)
    },
  ),
  property(
    'from() leaves nothing out, repeats nothing and keeps the order',
    fc.tuple(listOf('any'), fc.boolean()),
    async ([items, async], ground) => {
      async function* slowly(): AsyncGenerator<unknown> {
        for (const item of items) {
          if (async) await new Promise(setImmediate)
          yield item
        }
      }
      const received = await batchesOf(ground, 2, ssc => ssc.from(async ? slowly() : items))
      // What is accepted is kept; but the source is read beside the batches, and may not be at its end after two of them.
      exactly(received.flat(), items.slice(0, received.flat().length))
    },
  ),
  property(
    'slice gives the batches as they were',
    fc.tuple(
      fc.array(fc.array(RECORDS.any, { maxLength: 3 }), { minLength: 5, maxLength: 5 }),
      fc.integer({ min: -2, max: 8 }),
      fc.integer({ min: -2, max: 8 }),
    ),
    async ([lists, from, to], { sc, clock }) => {
      const ssc = new StreamingContext(sc, '1s')
      ssc.remember('20s')
      const stream = ssc.queueStream(lists)
      stream.foreachRDD(() => {})
      const zero = clock.now()
      await ssc.start()
      await clock.advance('5s')
      const rdds = stream.slice(zero + from * 1000, zero + to * 1000)
      const received = await Promise.all(rdds.map(rdd => rdd.collect()))
      exactly(
        received,
        lists.filter((_, i) => i + 1 >= from && i + 1 <= to),
      )
      await ssc.stop({ stopContext: false })
    },
  ),
]
