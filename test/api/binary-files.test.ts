import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { withDirectory } from '../support/temporary-directory.js'
import { withContext } from '../support/with-context.js'

test('binaryRecords cuts files into records, on the boundaries of records however it is partitioned', () =>
  withDirectory(directory =>
    withContext(
      async sc => {
        const numbers = Float64Array.from({ length: 20_000 }, (_, i) => i)
        const file = path.join(directory, 'numbers')
        writeFileSync(file, numbers)
        const records = sc.binaryRecords(file, 8)
        exactly(records.getNumPartitions() > 1, true)
        const read = records.map(bytes =>
          new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getFloat64(0, true),
        )
        exactly(await read.collect(), [...numbers])
        exactly(await sc.binaryRecords(file, 160_000).count(), 1)
      },
      { defaultParallelism: 3 },
    ),
  ))

test('binaryRecords reads directories and globs, and refuses what does not fit', () =>
  withDirectory(directory =>
    withContext(async sc => {
      writeFileSync(path.join(directory, 'a'), Uint8Array.of(1, 2, 3, 4))
      writeFileSync(path.join(directory, 'b'), Uint8Array.of(5, 6))
      writeFileSync(path.join(directory, 'c'), '')
      const expected = [Uint8Array.of(1, 2), Uint8Array.of(3, 4), Uint8Array.of(5, 6)]
      exactly(await sc.binaryRecords(directory, 2).collect(), expected)
      exactly(await sc.binaryRecords(path.join(directory, '[b-c]'), 2).collect(), expected.slice(2))
      exactly(await sc.binaryRecords(path.join(directory, 'c'), 2).collect(), [])
      await fails(
        sc.binaryRecords(directory, 4).count(),
        'MILLRACE_INPUT',
        /Byte array does not have correct length\. 2 did not equal recordLength: 4, at the end of .*b\./,
      )
      await fails(
        sc.binaryRecords(path.join(directory, 'none'), 4).count(),
        'MILLRACE_INPUT',
        /does not exist/,
      )
      await fails(() => sc.binaryRecords(directory, 0), 'MILLRACE_OPTION', /length of a record/)
      await fails(() => sc.binaryRecords('', 1), 'MILLRACE_OPTION', /a path/)
    }),
  ))

test('wholeTextFiles gives each file as its path and its text', () =>
  withDirectory(directory =>
    withContext(async sc => {
      const at = (name: string): string => path.join(directory, name)
      writeFileSync(at('1.txt'), '\ufeffone\ntwo\n')
      writeFileSync(at('2.txt'), '')
      writeFileSync(at('3.txt'), Uint8Array.of(0x61, 0xff, 0x62))
      writeFileSync(at('.hidden'), 'no')
      mkdirSync(at('inner'))
      const expected = [
        [at('1.txt'), '\ufeffone\ntwo\n'] /* as in Spark: the whole text */,
        [at('2.txt'), ''],
        [at('3.txt'), 'a\ufffdb'],
      ]
      exactly(await sc.wholeTextFiles(directory).collect(), expected)
      exactly(sc.wholeTextFiles(directory, 2).getNumPartitions(), 2)
      exactly(sc.wholeTextFiles(directory, 9).getNumPartitions(), 3)
      exactly(
        await sc
          .wholeTextFiles(at('*.txt'))
          .mapValues(text => text.length)
          .values()
          .collect(),
        [9, 0, 3],
      )
      await fails(sc.wholeTextFiles(at('none')).collect(), 'MILLRACE_INPUT', /does not exist/)
    }),
  ))

test.run()
