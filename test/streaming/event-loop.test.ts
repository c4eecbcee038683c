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

test('the loop goes round while a plain iterable is read', () =>
  countsWords(ssc => {
    const lines = function* () {
      for (let i = 0; i < 200_000; i++) yield LINE
    }
    return ssc.from(lines())
  }, 200_000))

test('the loop goes round while a long list is encoded, and while its records are collected', () =>
  withStreaming(async ({ ssc, clock }) => {
    const list = Array.from({ length: 300_000 }, (_, i) => `record number ${i}`)
    let collected: string[] = []
    ssc.queueStream([list]).foreachRDD(async rdd => {
      collected = await rdd.collect()
    })
    await ssc.start()
    const turns = await turnsDuring(() => clock.advance('1s'))
    assert.equal(collected, list)
    assert.ok(turns > 50, `the loop went round ${turns} times`)
  }))

test.run()
