import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import { exactly } from '../support/exactly.js'
import { LineServer } from '../support/line-server.js'
import { withDirectory } from '../support/temporary-directory.js'
import { recordsOf, type Streaming, until, withStreaming } from '../support/with-streaming.js'

/* What InputStreamsSuite holds of Spark's files and sockets, with its data: batches of 2 s, the first file older than all. */

interface Watched extends Streaming {
  directory: string
  put(name: string, content: string | Uint8Array, modified: number): void
}

const withFiles = (check: (watched: Watched) => Promise<void>): Promise<void> =>
  withDirectory(directory =>
    withStreaming(
      async streaming => {
        const put: Watched['put'] = (name, content, modified) => {
          writeFileSync(path.join(directory, name), content)
          utimesSync(path.join(directory, name), modified / 1000, modified / 1000)
        }
        await streaming.clock.advance('12s')
        await check({ ...streaming, directory, put })
      },
      { batch: '2s' },
    ),
  )

/** A file in each batch, halfway through it. */
async function fileAfterFile(
  { ssc, clock, put }: Watched,
  files: [string, string | Uint8Array][],
): Promise<void> {
  await ssc.start()
  for (const [name, content] of files) {
    put(name, content, clock.now() + 1000)
    await clock.advance('2s')
  }
  await ssc.stop({ stopContext: false })
}

const numbered = (count: number, folder = ''): [string, string][] =>
  Array.from({ length: count }, (_, i) => [`${folder}${i + 1}`, `${i + 1}\n`])

for (const newFilesOnly of [true, false])
  test(`file input stream - newFilesOnly = ${newFilesOnly}`, () =>
    withFiles(async watched => {
      const { ssc, directory, put } = watched
      put('0', '0\n', 10_000)
      const records = recordsOf(ssc.textFileStream(directory, { newFilesOnly }))
      await fileAfterFile(watched, numbered(5))
      exactly(records.flat(), [...(newFilesOnly ? [] : ['0']), '1', '2', '3', '4', '5'])
    }))

test('file input stream - wildcard', () =>
  withFiles(async watched => {
    const { ssc, directory, put } = watched
    for (const name of ['tmp1', 'tmp2']) mkdirSync(path.join(directory, name))
    put('0', '0\n', 10_000)
    const records = recordsOf(ssc.textFileStream(path.join(directory, '*/')))
    await fileAfterFile(watched, numbered(10, 'tmp1/'))
    exactly(records.flat(), ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
  }))

test('binary records stream', () =>
  withFiles(async watched => {
    const { ssc, directory, put } = watched
    put('0', '0\n', 10_000)
    const records = recordsOf(ssc.binaryRecordsStream(directory, 1))
    await fileAfterFile(
      watched,
      [1, 2, 3, 4, 5].map(byte => [`${byte}`, Uint8Array.of(byte)]),
    )
    exactly(
      records.map(batch => batch.map(bytes => [...bytes])),
      [[[1]], [[2]], [[3]], [[4]], [[5]]],
    )
  }))

test('socket input stream', () =>
  LineServer.with(server =>
    withStreaming(async ({ ssc, clock }) => {
      let received = 0
      ssc.addStreamingListener({
        onBatchCompleted: ({ batchInfo }) => {
          received += batchInfo.numRecords
        },
      })
      const records = recordsOf(ssc.socketTextStream('127.0.0.1', server.port))
      await ssc.start()
      const socket = await server.connection()
      for (let n = 1; n <= 5; n++) {
        socket.write(`${n}\n`)
        await until(() => socket.writableLength === 0)
        await clock.advance('1s')
      }
      for (let i = 0; i < 1000 && records.flat().length < 5; i++) {
        await new Promise(setImmediate)
        await clock.advance('1s')
      }
      exactly(records.flat(), ['1', '2', '3', '4', '5'])
      exactly(received, 5)
    }),
  ))

test('multi-thread receiver: no record of ten sources is lost', () =>
  withStreaming(async ({ ssc, clock }) => {
    const streams = Array.from({ length: 10 }, (_, s) =>
      ssc.from(Array.from({ length: 1000 }, (_, i) => s * 1000 + i)),
    )
    const records = recordsOf(ssc.union(...streams))
    await ssc.start()
    for (let i = 0; i < 100 && records.flat().length < 10_000; i++) await clock.advance('1s')
    exactly(
      records.flat().sort((a, b) => a - b),
      Array.from({ length: 10_000 }, (_, i) => i),
    )
  }))

test.run()
