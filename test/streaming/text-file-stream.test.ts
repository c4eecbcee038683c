import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Context, StreamingContext } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { withDirectory } from '../support/temporary-directory.js'
import { recordsOf, type Streaming, until, withStreaming } from '../support/with-streaming.js'

interface Watched extends Streaming {
  directory: string
  /** Puts a file in place that was last changed at a time of the manual clock. */
  put(name: string, text: string | Uint8Array, modified: number): void
}

/** A check with an empty directory. */
const withWatched = (
  check: (watched: Watched) => Promise<void>,
  options: Parameters<typeof withStreaming>[1] = {},
): Promise<void> =>
  withDirectory(directory =>
    withStreaming(streaming => {
      const put: Watched['put'] = (name, text, modified) => {
        const hidden = path.join(directory, '..', `.${path.basename(directory)}-${path.basename(name)}`)
        writeFileSync(hidden, text)
        utimesSync(hidden, modified / 1000, modified / 1000)
        renameSync(hidden, path.join(directory, name))
      }
      return check({ ...streaming, directory, put })
    }, options),
  )

/** Warnings of the process while an action runs. */
async function warningsOf(action: () => Promise<void>): Promise<string[]> {
  const warnings: string[] = []
  const listen = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', listen)
  try {
    await action()
    await sleep(1)
  } finally {
    process.off('warning', listen)
  }
  return warnings
}

test('a file belongs to the first batch that ends at its modification time or later', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    await clock.advance('10s')
    const records = recordsOf(ssc.textFileStream(directory))
    await ssc.start()
    put('b', 'two\nthree', 11_000)
    put('a', 'one\n', 10_500)
    put('c', 'four\r\n', 11_001)
    await clock.advance('3s')
    exactly(records, [['one', 'two', 'three'], ['four'], []])
  }))

test('files that were there before, or whose time is before, are not new', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    await clock.advance('10s')
    put('there', 'x', 9_995)
    put('at once', 'x', 10_000)
    const records = recordsOf(ssc.textFileStream(directory))
    put('old', 'x', 9_980)
    await ssc.start()
    put('new', 'new', 10_001)
    await clock.advance('2s')
    exactly(records, [['new'], []])
  }))

test('a file that was there before is new when another one takes its place', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    await clock.advance('10s')
    put('current', 'old', 9000)
    const records = recordsOf(ssc.textFileStream(directory))
    await ssc.start()
    await clock.advance('1s')
    put('current', 'new', 11_500)
    await clock.advance('1s')
    exactly(records, [[], ['new']])
  }))

test('with newFilesOnly false, every file that is there is taken, however old, once', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    await clock.advance('1000s')
    put('ancient', 'ancient', 1000)
    put('recent', 'recent', 999_000)
    const records = recordsOf(ssc.textFileStream(directory, { newFilesOnly: false }))
    await ssc.start()
    await clock.advance('100s')
    put('late', 'late', 2000)
    await clock.advance('1s')
    exactly(records.flat(), ['ancient', 'recent', 'late'])
    exactly(records[0], ['ancient', 'recent'])
  }))

test('a new file may take up to a minute to appear', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    const records = recordsOf(ssc.textFileStream(directory))
    await ssc.start()
    await clock.advance('100s')
    put('slow', 'slow', 42_000)
    put('too-slow', 'too slow', 41_000)
    await clock.advance('1s')
    exactly(records.flat(), ['slow'])
  }))

test('later changes of a file are not seen', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    const records = recordsOf(ssc.textFileStream(directory))
    await ssc.start()
    put('a', 'first', 500)
    await clock.advance('1s')
    put('a', 'second', 1500)
    await clock.advance('2s')
    exactly(records, [['first'], [], []])
  }))

test('hidden files, unfinished ones, directories and what is in them are passed over', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    const records = recordsOf(ssc.textFileStream(directory))
    await ssc.start()
    for (const name of ['.hidden', '_SUCCESS', '_tmp', 'a.tmp', 'b.part', 'c._COPYING_']) put(name, name, 500)
    mkdirSync(path.join(directory, 'inner'))
    put('inner/file', 'inner', 500)
    put('a.txt', 'a', 500)
    put('part-00000', 'part', 500)
    await clock.advance('1s')
    exactly(records, [['a', 'part']])
    renameSync(path.join(directory, 'a.tmp'), path.join(directory, 'z'))
    await clock.advance('1s')
    exactly(records, [['a', 'part'], ['a.tmp']])
  }))

test('empty files, byte order marks, malformed UTF-8 and missing line ends', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    const records = recordsOf(ssc.textFileStream(directory))
    await ssc.start()
    put('a', '', 500)
    put('b', '\n', 500)
    put('c', Uint8Array.of(0x61, 0xff, 0x0a, 0xc3), 500)
    put('d', 'häß 😀\rnext', 500)
    await clock.advance('1s')
    exactly(records, [['', 'a\ufffd', '\ufffd', 'häß 😀', 'next']])
  }))

test('a glob names the directories, those that come later as well', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    mkdirSync(path.join(directory, 'day-1'))
    const records = recordsOf(ssc.textFileStream(path.join(directory, 'day-*')))
    await ssc.start()
    put('day-1/a', 'one', 500)
    put('no', 'no', 500)
    await clock.advance('1s')
    mkdirSync(path.join(directory, 'day-2'))
    put('day-2/a', 'two', 1500)
    put('day-1/b', 'three', 1500)
    await clock.advance('1s')
    exactly(records, [['one'], ['three', 'two']])
  }))

test('what is no directory is passed over where a glob was given', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    for (const name of ['a', 'b']) mkdirSync(path.join(directory, name))
    put('c', 'a file', 0)
    symlinkSync(path.join(directory, 'nothing'), path.join(directory, 'dangling'))
    symlinkSync(path.join(directory, 'b'), path.join(directory, 'linked'))
    const errors: string[] = []
    ssc.addStreamingListener({
      onReceiverError: ({ receiverInfo }) => errors.push(receiverInfo.lastErrorMessage),
    })
    const records = recordsOf(ssc.textFileStream(`${directory}/*/`))
    const warnings = await warningsOf(async () => {
      await ssc.start()
      put('a/1', 'one', 500)
      put('b/2', 'two', 500)
      await clock.advance('2s')
    })
    exactly([records, warnings, errors], [[['one', 'two', 'two'], []], [], []])
  }))

test('a directory that is missing, or is none, is warned of once and looked for again', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    const inbox = path.join(directory, 'inbox')
    const errors: string[] = []
    ssc.addStreamingListener({
      onReceiverError: ({ receiverInfo }) => errors.push(receiverInfo.lastErrorMessage),
    })
    const records = recordsOf(ssc.textFileStream(inbox))
    const warnings = await warningsOf(async () => {
      await ssc.start()
      await clock.advance('2s')
      put('inbox', 'a file', 500)
      await clock.advance('2s')
      rmSync(inbox)
      mkdirSync(inbox)
      put('inbox/a', 'there', 4500)
      await clock.advance('1s')
    })
    exactly(records, [[], [], [], [], ['there']])
    exactly(warnings, errors)
    assert.is(warnings.length, 2)
    for (const text of warnings) assert.ok(text.startsWith(`No directory to scan: ${inbox} (`), text)
    assert.match(warnings[0]!, /ENOENT.*It is looked for again at every batch\./)
    assert.match(warnings[1]!, /ENOTDIR/)
    await ssc.stop()
    await ssc.awaitTermination()
  }))

test('a file that vanishes before its batch is listed is as if it had never been', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    const records = recordsOf(ssc.textFileStream(directory))
    await ssc.start()
    symlinkSync(path.join(directory, 'nothing'), path.join(directory, 'dangling'))
    put('a', 'a', 500)
    await clock.advance('1s')
    exactly(records, [['a']])
  }))

test('a file that vanishes before it is read fails its batch, by name; later batches go on', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    const stream = ssc.textFileStream(directory)
    stream.foreachRDD(() => rmSync(path.join(directory, 'gone'), { force: true }))
    const records = recordsOf(stream)
    await ssc.start()
    put('gone', 'gone', 500)
    await clock.advance('1s')
    put('a', 'a', 1500)
    await clock.advance('1s')
    exactly(records, [['a']])
    const file = path.join(directory, 'gone')
    const error = await fails(
      ssc.awaitTermination(),
      'MILLRACE_INPUT',
      new RegExp(`cannot read the file ${file}: ENOENT.*stays in place until its batch is done`),
    )
    assert.is(error.batchTime, 1000)
  }))

test('a line longer than the limit fails its batch, naming the file and the place', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    const records = recordsOf(ssc.textFileStream(directory, { maxLineBytes: 100 }))
    await ssc.start()
    put('long', `short\n${'x'.repeat(101)}\n`, 500)
    await clock.advance('1s')
    put('fits', 'x'.repeat(100), 1500)
    await clock.advance('1s')
    exactly(records, [['x'.repeat(100)]])
    const file = path.join(directory, 'long')
    await fails(
      ssc.awaitTermination(),
      'MILLRACE_LINE_TOO_LONG',
      new RegExp(`a line of file ${file} that begins at byte 6 is longer than the limit of 100 bytes`),
    )
  }))

test('listeners hear of the files and the number of their lines', () =>
  withWatched(async ({ ssc, clock, directory, put }) => {
    const seen: unknown[] = []
    ssc.addStreamingListener({
      onBatchCompleted: ({ batchInfo }) => {
        const { metadata, metadataDescription } = batchInfo.streamIdToInputInfo.get(0)!
        seen.push([batchInfo.numRecords, metadata, metadataDescription])
      },
    })
    ssc.textFileStream(directory).foreachRDD(async rdd => void (await rdd.first().catch(() => {})))
    await ssc.start()
    put('a', '1\n2\n3', 500)
    put('b', '4', 500)
    await clock.advance('2s')
    const files = ['a', 'b'].map(name => path.join(directory, name))
    exactly(seen, [
      [4, { files }, files.join('\n')],
      [0, { files: [] }, undefined],
    ])
  }))

test('with the system clock, a file that is moved into place right after the stream was made is taken', () =>
  withDirectory(async directory => {
    const sc = new Context({ threads: 1, memory: '32MiB' })
    try {
      const ssc = new StreamingContext(sc, '20ms')
      const inbox = path.join(directory, 'inbox')
      mkdirSync(inbox)
      writeFileSync(path.join(inbox, 'before'), 'before')
      const records = recordsOf(ssc.textFileStream(inbox))
      writeFileSync(path.join(inbox, 'at once'), 'at once')
      await ssc.start()
      writeFileSync(path.join(directory, 'x'), 'moved')
      renameSync(path.join(directory, 'x'), path.join(inbox, 'moved'))
      await until(() => records.flat().length === 2)
      exactly(records.flat().sort(), ['at once', 'moved'])
    } finally {
      await sc.stop()
    }
  }))

test('bad arguments are refused', () =>
  withStreaming(async ({ ssc }) => {
    await fails(() => ssc.textFileStream(''), 'MILLRACE_OPTION', /a path/)
    await fails(() => ssc.textFileStream(3 as never), 'MILLRACE_OPTION', /received 3/)
    await fails(
      () => ssc.textFileStream('x', { newFiles: true } as never),
      'MILLRACE_OPTION',
      /no option 'newFiles'/,
    )
    await fails(
      () => ssc.textFileStream('x', { newFilesOnly: 1 as never }),
      'MILLRACE_OPTION',
      /true or false.*'newFilesOnly'/,
    )
    await fails(() => ssc.textFileStream('x', { maxLineBytes: 1.5 }), 'MILLRACE_OPTION', /'maxLineBytes'/)
  }))

test.run()
