import { Context, type DStream, type Duration, StreamingContext } from 'millrace'
import { type Clock, ManualClock } from 'millrace/testing'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { systemClock } from '../../src/core/clock.js'
import { deferred } from '../support/with-streaming.js'

/** What grows is measured by `npm run bench batches-10k`; here, that everything comes back. */
const BATCHES = 10_000
const WORDS = 'the quick brown fox jumps over the lazy dog'.split(' ')
/** Scratch memory of the threads: a few pages each. */
const SCRATCH = 64 * 65_536

type Line = [n: number, text: string]

/** A stream that counts words, and what is wrong with its counts. */
interface Counting {
  sc: Context
  push: () => void
  /** Called when a batch is done, with the number of lines that were pushed, and counted, so far. */
  onBatch: (pushed: number, counted: number) => void
  wrong: unknown[]
}

/** Counts words in every batch, some of which the driver runs itself, and others on the workers. */
async function counting(
  clock: Clock,
  batch: Duration,
  check: (run: Counting) => Promise<void>,
): Promise<void> {
  await new Promise(setImmediate) // the timer that this test was begun by is over
  const handles = process.getActiveResourcesInfo().sort()
  const sc = new Context({ threads: 2, memory: '64MiB', clock })
  const ssc = new StreamingContext(sc, batch)
  const queue = ssc.queueStream<Line>([])
  const counted = sc.accumulator(0)
  let pushed = 0
  const run: Counting = {
    sc,
    push: () => {
      const n = pushed++ % WORDS.length
      queue.push([[n, [...WORDS.slice(n), ...WORDS.slice(0, n)].join(' ')]])
    },
    onBatch: () => {},
    wrong: [],
  }
  const words = (lines: DStream<Line>): DStream<[string, number]> =>
    lines
      .flatMap(([, text]) => text.split(' '))
      .map(word => [word, 1] as [string, number])
      .reduceByKey((a, b) => a + b)
  words(queue).foreachRDD(async rdd => {
    const total = (await rdd.collect()).reduce((sum, [, n]) => sum + n, 0)
    if (total % WORDS.length !== 0) run.wrong.push(total)
  })
  const lines = queue.map(
    line => {
      counted.add(1)
      return line
    },
    { counted },
  )
  words(lines).foreachRDD(async rdd => {
    await rdd.count()
    run.onBatch(pushed, counted.value)
  })
  await ssc.start()
  await check(run)
  assert.equal([run.wrong, counted.value], [[], pushed])
  await ssc.stop()
  await new Promise(setImmediate)
  assert.is(sc.info().heap.used, 0, 'memory is left in the shared heap')
  assert.equal(process.getActiveResourcesInfo().sort(), handles, 'handles are left')
}

function checkHeap(sc: Context, batches: number): void {
  if (batches % 1000 === 0)
    assert.ok(sc.info().heap.used <= SCRATCH, `${sc.info().heap.used} bytes after ${batches} batches`)
}

test(`${BATCHES} batches on a clock moved by hand: each line is counted once, and nothing is left`, async () => {
  const clock = new ManualClock()
  await counting(clock, '1s', async run => {
    run.onBatch = (pushed, counted) => {
      if (pushed !== counted) run.wrong.push([pushed, counted])
    }
    for (let batch = 1; batch <= BATCHES; batch++) {
      run.push()
      await clock.advance('1s')
      checkHeap(run.sc, batch)
    }
  })
})

test(`${BATCHES} batches of 5 ms on the system's clock: each line is counted once, and nothing is left`, () =>
  counting(systemClock, '5ms', async run => {
    const done = deferred()
    let batches = 0
    run.onBatch = (pushed, counted) => {
      if (++batches < BATCHES) run.push()
      else if (pushed === counted) done.resolve()
    }
    await done.promise
    run.onBatch = () => {}
    checkHeap(run.sc, BATCHES)
  }))

test.run()
