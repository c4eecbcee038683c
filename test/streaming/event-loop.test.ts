import { utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { DStream, StreamingContext } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LineServer } from '../support/line-server.js'
import { withDirectory } from '../support/temporary-directory.js'
import { withStreaming } from '../support/with-streaming.js'

/** How often the event loop went round while an action ran. */
async function turnsDuring(action: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let running = true
  const turn = (): void => {
    turns++
    if (running) setImmediate(turn)
  }
  setImmediate(turn)
  await action()
  running = false
  return turns
}

const LINE = 'to be or not to be that is the question'
/** 20 MB of text. */
const LINES = 500_000

/** The words of a stream are counted, all of them, and the loop goes round many times meanwhile. */
async function countsWords(
  input: (ssc: StreamingContext) => DStream<string> | Promise<DStream<string>>,
  lines: number,
): Promise<void> {
  await withStreaming(
    async ({ ssc, clock }) => {
      let total = 0
      const stream = await input(ssc)
      stream
        .flatMap(line => line.split(' '))
        .map(word => [word, 1])
        .reduceByKey((a, b) => a + b)
        .foreachRDD(async rdd => {
          for (const [, n] of await rdd.collect()) total += n
        })
      const turns = await turnsDuring(async () => {
        await ssc.start()
        while (total < lines * 10) {
          await new Promise(setImmediate)
          await clock.advance('1s')
        }
      })
      assert.is(total, lines * 10)
      assert.ok(turns > 100, `the loop went round ${turns} times`)
    },
    { memory: '512MiB' },
  )
}

test('the loop goes round while the words of a large file are counted', () =>
  withDirectory(directory =>
    countsWords(ssc => {
      const stream = ssc.textFileStream(directory)
      const file = path.join(directory, 'text')
      writeFileSync(file, `${LINE}\n`.repeat(LINES))
      utimesSync(file, 0.5, 0.5)
      return stream
    }, LINES),
  ))

test('the loop goes round while they come from a socket', () =>
  LineServer.with(async server => {
    void server.connection().then(socket => socket.write(`${LINE}\n`.repeat(LINES)))
    await countsWords(ssc => ssc.socketTextStream('127.0.0.1', server.port), LINES)
  }))

/** Counts calls, and tells how many there were at most in one turn of the loop. */
class PerTurn {
  most = 0
  #calls = 0

  call(): void {
    if (this.#calls === 0)
      setImmediate(() => {
        this.#calls = 0
      })
    this.most = Math.max(this.most, ++this.#calls)
  }
}

test('a plain iterable is read for a moment at a time', async () => {
  const perTurn = new PerTurn()
  await countsWords(ssc => {
    const lines = function* () {
      for (let i = 0; i < 200_000; i++) {
        perTurn.call()
        yield LINE
      }
    }
    return ssc.from(lines())
  }, 200_000)
  assert.ok(perTurn.most < 50_000, `${perTurn.most} records were read in one turn`)
})

test('a long list is encoded for a moment at a time', () =>
  withStreaming(async ({ ssc, clock }) => {
    const perTurn = new PerTurn()
    const list = Array.from({ length: 300_000 }, (_, i) => ({
      get number() {
        perTurn.call()
        return i
      },
    }))
    let sum = 0
    ssc
      .queueStream([list])
      .map(record => record.number)
      .foreachRDD(async rdd => {
        sum = await rdd.sum()
      })
    await ssc.start()
    await clock.advance('1s')
    assert.is(sum, (300_000 * 299_999) / 2)
    assert.ok(perTurn.most < 100_000, `${perTurn.most} records were encoded in one turn`)
  }))

test('the loop goes round while the records of a large batch are collected', () =>
  withStreaming(async ({ sc, ssc, clock }) => {
    let turns = 0
    let sum = 0
    ssc.queueStream([sc.range(1_000_000)]).foreachRDD(async rdd => {
      const kept = rdd.map(x => `${x}`).cache()
      await kept.count()
      turns = await turnsDuring(async () => {
        sum = (await kept.collect()).length
      })
    })
    await ssc.start()
    await clock.advance('1s')
    assert.is(sum, 1_000_000)
    assert.ok(turns > 20, `the loop went round ${turns} times`)
  }))

test.run()
