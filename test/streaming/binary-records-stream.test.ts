import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { withDirectory } from '../support/temporary-directory.js'
import { recordsOf, withStreaming } from '../support/with-streaming.js'

test('the records of the files of a batch; a file that ends within a record fails its batch only', () =>
  withDirectory(directory =>
    withStreaming(async ({ ssc, clock }) => {
      const stream = ssc.binaryRecordsStream(directory, 2, { newFilesOnly: false })
      const batches = recordsOf(stream)
      const counts: number[] = []
      ssc.addStreamingListener({ onBatchCompleted: e => void counts.push(e.batchInfo.numRecords) })
      await clock.advance(`${Date.now() + 60_000}ms`)
      await ssc.start()
      const over = fails(ssc.awaitTermination(), 'MILLRACE_INPUT', /recordLength: 2, at the end of .*odd/)
      writeFileSync(path.join(directory, 'a'), Uint8Array.of(1, 2, 3, 4))
      await clock.advance('1s')
      writeFileSync(path.join(directory, 'odd'), Uint8Array.of(1))
      await clock.advance('1s')
      writeFileSync(path.join(directory, 'b'), Uint8Array.of(5, 6))
      await clock.advance('2s')
      await over
      exactly(batches, [[Uint8Array.of(1, 2), Uint8Array.of(3, 4)], [Uint8Array.of(5, 6)], []])
      exactly(counts[0], 2)
    }),
  ))

test('a length and options are checked', () =>
  withStreaming(async ({ ssc }) => {
    await fails(() => ssc.binaryRecordsStream('x', 0), 'MILLRACE_OPTION', /length of a record/)
    await fails(
      () => ssc.binaryRecordsStream('x', 1, { maxLineBytes: 1 } as never),
      'MILLRACE_OPTION',
      /no option/,
    )
  }))

test.run()
