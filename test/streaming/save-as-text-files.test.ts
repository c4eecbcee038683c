import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { until } from '../support/golden.js'
import { withDirectory } from '../support/temporary-directory.js'
import { recordsOf, withStreaming } from '../support/with-streaming.js'

/** All files below a directory, hidden ones too, with their text. */
const tree = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .sort()
      .flatMap(name => {
        try {
          return [[name, readFileSync(path.join(directory, name), 'utf8')]]
        } catch {
          return [] // a directory
        }
      }),
  )

test('each batch is a directory, with a file for each partition, as PySpark writes it', () =>
  withDirectory(directory =>
    withStreaming(async ({ sc, ssc, clock }) => {
      await clock.advance(until('2026-11-22 23:30:20'))
      const records = [
        1,
        'two',
        ['k', 3],
        null,
        4.5,
        'café',
        [1, 'x', []],
        new Uint8Array(Buffer.from('raw')),
      ]
      const stream = ssc.queueStream([
        sc.parallelize<unknown>(records, 2),
        sc.parallelize<unknown>([], 2),
        sc.parallelize<unknown>([true], 1),
      ])
      stream.saveAsTextFiles(path.join(directory, 'out'))
      stream.saveAsTextFiles(path.join(directory, 'suf'), 'txt')
      await ssc.start()
      await clock.advance('4s')
      const batches = {
        '1795390221000': {
          'part-00000': "1\ntwo\n('k', 3)\nNone\n",
          'part-00001': "4.5\ncafé\n[1, 'x', []]\nraw\n",
        },
        '1795390222000': { 'part-00000': '', 'part-00001': '' },
        '1795390223000': { 'part-00000': 'True\n' },
        '1795390224000': { 'part-00000': '' },
      }
      const expected: Record<string, string> = {}
      for (const [prefix, suffix] of [
        ['out', ''],
        ['suf', '.txt'],
      ])
        for (const [time, files] of Object.entries(batches))
          for (const [name, text] of Object.entries({ _SUCCESS: '', ...files }))
            expected[path.join(`${prefix}-${time}${suffix}`, name)] = text
      exactly(tree(directory), expected)
    }),
  ))

test('nobody sees a directory before it is complete, and a failed batch leaves nothing', () =>
  withDirectory(directory =>
    withStreaming(async ({ ssc, clock }) => {
      const seen = ssc.context.accumulator<string[]>([], {
        zero: () => [],
        addInPlace: (a, b) => [...a, ...b],
      })
      const stream = ssc.queueStream([[1], [2], [3]]).map(
        x => {
          // The names that are there while a task writes.
          const fs = process.getBuiltinModule('node:fs')
          seen.add(fs.readdirSync(directory).filter(name => !name.startsWith('.')))
          if (x === 2) throw new Error('two')
          return x
        },
        { directory, seen },
      )
      stream.saveAsTextFiles(path.join(directory, 'out'))
      await ssc.start()
      await clock.advance('3s')
      exactly(
        Object.keys(tree(directory)).filter(name => name.includes('_SUCCESS')),
        ['out-1000/_SUCCESS', 'out-3000/_SUCCESS'],
      )
      exactly(readdirSync(directory).sort(), ['out-1000', 'out-3000'])
      exactly([...new Set(seen.value)], ['out-1000'])
      await fails(ssc.awaitTermination(), 'MILLRACE_TASK', /two/)
    }),
  ))

test('a directory that is there stays as it is, and is no error: a batch may be run again', () =>
  withDirectory(directory =>
    withStreaming(async ({ ssc, clock }) => {
      mkdirSync(path.join(directory, 'out-1000'))
      writeFileSync(path.join(directory, 'out-1000', 'mine'), 'kept')
      ssc.queueStream([[1], [2]]).saveAsTextFiles(path.join(directory, 'out'))
      await ssc.start()
      await clock.advance('2s')
      const files = tree(directory)
      exactly(files['out-1000/mine'], 'kept')
      exactly(
        Object.keys(files).filter(name => name.startsWith('out-1000')),
        ['out-1000/mine'],
      )
      exactly(files['out-2000/_SUCCESS'], '')
      await ssc.stop()
      await ssc.awaitTermination()
    }),
  ))

test('missing directories above are made; where nothing can be written, the batch fails', () =>
  withDirectory(directory =>
    withStreaming(async ({ ssc, clock }) => {
      writeFileSync(path.join(directory, 'file'), '')
      const stream = ssc.queueStream([[1], [2]])
      stream.saveAsTextFiles(path.join(directory, 'a', 'b', 'out'))
      stream.saveAsTextFiles(path.join(directory, 'file', 'out'))
      const records = recordsOf(stream)
      await ssc.start()
      await clock.advance('2s')
      exactly(readdirSync(path.join(directory, 'a', 'b')), ['out-1000', 'out-2000'])
      exactly(records, [[1], [2]])
      await fails(ssc.awaitTermination(), 'MILLRACE_OUTPUT', /cannot save to .*file\/out-1000: ENOTDIR/)
      await fails(() => stream.saveAsTextFiles(''), 'MILLRACE_OPTION', /a path that is not empty/)
    }),
  ))

test.run()
