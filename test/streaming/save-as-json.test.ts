import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { withDirectory } from '../support/temporary-directory.js'
import { withContext } from '../support/with-context.js'
import { withStreaming } from '../support/with-streaming.js'

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n')

test('saveAsJSONFile writes a line of JSON for each record, a file for each partition', () =>
  withDirectory(directory =>
    withContext(async sc => {
      const records = ['a\nb', 1.5, [1, 'x', null], { n: 1, list: [] }, undefined, Number.NaN, new Date(0)]
      const target = path.join(directory, 'out')
      await sc.parallelize<unknown>(records, 2).saveAsJSONFile(target)
      exactly(readdirSync(target), ['_SUCCESS', 'part-00000', 'part-00001'])
      exactly(linesOf(path.join(target, 'part-00000')), ['"a\\nb"', '1.5', '[1,"x",null]', ''])
      exactly(linesOf(path.join(target, 'part-00001')), [
        '{"n":1,"list":[]}',
        'null',
        'null',
        '"1970-01-01T00:00:00.000Z"',
        '',
      ])
      await fails(sc.parallelize([1]).saveAsJSONFile(target), 'MILLRACE_OUTPUT', /already exists/)
      const atBigInt = [/BigInt in saveAsJSONFile/, /at the record 1n/]
      await fails(
        sc.parallelize([1n]).saveAsJSONFile(path.join(directory, 'big')),
        'MILLRACE_TASK',
        ...atBigInt,
      )
      exactly(readdirSync(directory), ['out'])
    }),
  ))

test('saveAsJSONFiles writes a directory for each batch', () =>
  withDirectory(directory =>
    withStreaming(async ({ ssc, clock }) => {
      const stream = ssc.queueStream([[{ word: 'a', n: 1 }], []])
      stream.saveAsJSONFiles(path.join(directory, 'out'), 'json')
      await fails(() => stream.saveAsJSONFiles(''), 'MILLRACE_OPTION', /prefix of saveAsJSONFiles/)
      await ssc.start()
      await clock.advance('2s')
      exactly(readdirSync(directory), ['out-1000.json', 'out-2000.json'])
      const parts = readdirSync(path.join(directory, 'out-1000.json')).filter(name => name !== '_SUCCESS')
      const text = parts
        .map(name => readFileSync(path.join(directory, 'out-1000.json', name), 'utf8'))
        .join('')
      exactly(text, '{"word":"a","n":1}\n')
    }),
  ))

test.run()
