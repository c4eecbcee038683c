import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { RDD } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { Seeded } from '../support/seeded.js'
import { withDirectory } from '../support/temporary-directory.js'
import { onWorkers, withContext } from '../support/with-context.js'

/** What the lines of these bytes are, the naive way. */
function linesOf(bytes: Uint8Array): string[] {
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Writes files, `name: content`, into a directory. */
function put(directory: string, files: Record<string, string | Uint8Array>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, content)
  }
}

test('lines end in \\n, \\r\\n or \\r, and the last one need not end', () =>
  withDirectory(directory =>
    withContext(async sc => {
      const texts = [
        '',
        '\n',
        '\n\n',
        'a',
        'a\n',
        'a\r\nb\r\n\r\nc',
        'a\rb\r\rc\r',
        '\r\n',
        'a\u2028b\u0085c\0d\n\v\f',
      ]
      for (const text of texts) {
        put(directory, { text })
        const lines = sc.textFile(path.join(directory, 'text'))
        exactly(await lines.collect(), linesOf(Buffer.from(text)), JSON.stringify(text))
        exactly(await onWorkers(lines).count(), linesOf(Buffer.from(text)).length)
      }
    }),
  ))

test('a file is cut at any byte without losing, repeating or tearing a line', () =>
  withDirectory(directory =>
    withContext(async sc => {
      const random = new Seeded(11)
      const pieces = ['a', 'bb', '\n', '\r', '\r\n', 'é', '😀', '\ufeff'].map(text => [...Buffer.from(text)])
      const broken = [[0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f], [0x80]]
      for (let run = 0; run < 40; run++) {
        const bytes = Uint8Array.from(
          random.many(random.below(14), run % 2 === 0 ? pieces : [...pieces, ...broken]).flat(),
        )
        put(directory, { file: bytes })
        for (let parts = 1; parts <= bytes.length + 2; parts++) {
          const records = await sc.textFile(path.join(directory, 'file'), parts).collect()
          exactly(records, linesOf(bytes), `${parts} partitions of ${Buffer.from(bytes).toString('hex')}: `)
        }
      }
    }),
  ))

test('lines that are longer than what is read at once stay whole', () =>
  withDirectory(directory =>
    withContext(async sc => {
      const random = new Seeded(12)
      const text = Array.from({ length: 60 }, (_, i) => `${i}`.repeat(random.below(20_000))).join('\r\n')
      put(directory, { text })
      for (const parts of [1, 2, 9, 50]) {
        const lines = sc.textFile(path.join(directory, 'text'), parts)
        exactly(
          await lines.map(l => l.length).collect(),
          linesOf(Buffer.from(text)).map(l => l.length),
        )
        exactly((await lines.first()).length, linesOf(Buffer.from(text))[0]!.length)
      }
    }),
  ))

test('a byte order mark is no part of the first line', () =>
  withDirectory(directory =>
    withContext(async sc => {
      put(directory, { marked: '\ufeffa\n\ufeffb\n', only: '\ufeff' })
      exactly(await sc.textFile(path.join(directory, 'marked')).collect(), ['a', '\ufeffb'])
      exactly(await sc.textFile(path.join(directory, 'only')).collect(), [])
    }),
  ))

test('large files are cut, and small ones only as far as it was asked for', () =>
  withDirectory(directory =>
    withContext(async sc => {
      put(directory, { small: 'abcdefghi\n'.repeat(100), large: 'abcdefghi\n'.repeat(100_000), none: '' })
      const parts = (name: string, n?: number): number =>
        sc.textFile(path.join(directory, name), n).getNumPartitions()
      exactly([parts('small'), parts('small', 1), parts('small', 7)], [1, 1, 7])
      exactly([parts('large'), parts('large', 5)], [2, 5])
      assert.is(await sc.textFile(path.join(directory, 'large'), 5).count(), 100_000)
      exactly(await sc.textFile(path.join(directory, 'none')).collect(), [])
    }),
  ))

test('a directory is its visible files in order of name, a glob what it matches', () =>
  withDirectory(directory =>
    withContext(async sc => {
      put(directory, {
        'd/b.txt': 'b',
        'd/a.txt': 'a\n',
        'd/.hidden': 'no',
        'd/_SUCCESS': 'no',
        'd/deeper/c.txt': 'c',
        'e/a.txt': 'ea',
        'e/a.log': 'log',
        '[x] {y}/z*.txt': 'literal',
      })
      const lines = (name: string): Promise<string[]> => sc.textFile(path.join(directory, name)).collect()
      const cases: Record<string, string[]> = {
        d: ['a', 'b'],
        'd/': ['a', 'b'],
        'd/*': ['a', 'b', 'c'],
        'd/*.txt': ['a', 'b'],
        'd/?.txt': ['a', 'b'],
        'd/[ax].txt': ['a'],
        'd/[!a].txt': ['b'],
        'd/[b-z].txt': ['b'],
        '*/a.txt': ['a', 'ea'],
        '{e,d}/a.txt': ['a', 'ea'],
        '{d/{a,b},e/*}.txt': ['a', 'b', 'ea'],
        'e/*.{log,txt}': ['log', 'ea'],
        'd/*/*': ['c'],
        '[x] {y}/z*.txt': ['literal'],
      }
      for (const [name, records] of Object.entries(cases)) exactly(await lines(name), records, name)
      fs.mkdirSync(path.join(directory, 'empty'))
      exactly(await lines('empty'), [])
      for (const name of ['none', 'none/*', 'd/x*', 'd/[', 'd/[a', 'd/[z-a]', 'd/{a', '**/c']) {
        const pattern = /Input path does not exist, or cannot be read: /
        await fails(lines(name), 'MILLRACE_INPUT', pattern)
        await fails(
          () => sc.textFile(path.join(directory, name)).getNumPartitions(),
          'MILLRACE_INPUT',
          pattern,
        )
      }
    }),
  ))

test('several paths are parted by commas, and a path may be a file URL', () =>
  withDirectory(directory =>
    withContext(async sc => {
      put(directory, { 'a.txt': 'a', 'b.txt': 'b', 'c,d.txt': 'c', 'e %f/g#?.txt': 'e' })
      const at = (name: string): string => path.join(directory, name)
      const lines = (paths: string): Promise<string[]> => sc.textFile(paths).collect()
      exactly(await lines(`${at('b.txt')},${at('a.txt')}`), ['b', 'a'])
      exactly(await lines(`${at('b.txt')},${at('{a,b}.txt')},${at('a.txt')}`), ['b', 'a', 'b', 'a'])
      exactly(await lines(at('c,d.txt')), ['c'])
      exactly(await lines(pathToFileURL(at('a.txt')).href), ['a'])
      exactly(await lines(`file:${at('a.txt')},file://${at('{b,c}*.txt')}`), ['a', 'b', 'c'])
      exactly(await lines(pathToFileURL(at('e %f/g#?.txt')).href), ['e'])
      exactly(
        await sc
          .wholeTextFiles(`${at('a.txt')},${at('b.txt')}`)
          .values()
          .collect(),
        ['a', 'b'],
      )
      for (const paths of [
        `${at('a.txt')},`,
        `,${at('a.txt')}`,
        `${at('a.txt')},${at('none')}`,
        'file:///%zz',
      ])
        await fails(lines(paths), 'MILLRACE_INPUT', /Input path does not exist, or cannot be read: /)
    }),
  ))

test('a file that is compressed is refused, rather than read as the text that it is not', () =>
  withDirectory(directory =>
    withContext(async sc => {
      put(directory, { 'a.txt': 'a', 'b.txt.gz': gzipSync('b') })
      for (const paths of [directory, path.join(directory, 'b.txt.gz'), path.join(directory, '*.gz')])
        for (const rdd of [sc.textFile(paths), sc.wholeTextFiles(paths)] as RDD<unknown>[])
          await fails(rdd.collect(), 'MILLRACE_INPUT', /b\.txt\.gz is compressed.*gunzip/)
      exactly(await sc.textFile(path.join(directory, '*.txt')).collect(), ['a'])
    }),
  ))

test('a file that goes away, or grows, after it was looked up', () =>
  withDirectory(directory =>
    withContext(async sc => {
      const file = path.join(directory, 'file')
      put(directory, { file: 'a\n' })
      const lines = sc.textFile(file)
      exactly(await lines.collect(), ['a'])
      fs.appendFileSync(file, 'b\n')
      exactly([await lines.collect(), await sc.textFile(file).collect()], [['a'], ['a', 'b']])
      fs.rmSync(file)
      await fails(lines.collect(), 'MILLRACE_INPUT', /cannot read the file .*file: .*Check that it exists/)
    }),
  ))

test('a line over the limit is an error that names the file and the place', () =>
  withDirectory(directory =>
    withContext(
      async sc => {
        const limit = 16_777_216
        put(directory, {
          most: `ok\r\n${'x'.repeat(limit)}\r\nok`,
          more: `ok\n${'x'.repeat(limit + 1)}\nok`,
          end: 'x'.repeat(limit + 1),
        })
        const lengths = (name: string): Promise<number[]> =>
          sc
            .textFile(path.join(directory, name))
            .map(l => l.length)
            .collect()
        exactly(await lengths('most'), [2, limit, 2])
        await fails(
          lengths('more'),
          'MILLRACE_LINE_TOO_LONG',
          /a line of file .*more that begins at byte 3 is longer than the limit of 16777216 bytes/,
        )
        await fails(lengths('end'), 'MILLRACE_LINE_TOO_LONG', /begins at byte 0/)
      },
      { memory: '256MiB', maxTaskFailures: 1 },
    ),
  ))

test.run()
