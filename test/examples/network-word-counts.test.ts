import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LineServer } from '../support/line-server.js'
import { blocks, Program } from '../support/program.js'
import { withDirectory } from '../support/temporary-directory.js'

const TEXT = 'the cat saw a dog\na dog saw the cat\ndog\n'

/** Serves a text to a program until that has printed a pattern, then ends it as Ctrl-C does. */
async function served(file: string, args: string[], text: string, pattern: RegExp): Promise<Program> {
  return LineServer.with(async server => {
    const program = new Program(file, ['127.0.0.1', String(server.port), ...args])
    try {
      const socket = await server.connection()
      socket.write(text)
      await program.prints(pattern)
      program.interrupt()
      assert.is(await program.ended(), 0, program.err)
      return program
    } finally {
      await program.kill()
    }
  })
}

test('the network word count counts the lines of a server', async () => {
  const { out } = await served('examples/network-word-count.js', [], TEXT, /\('dog', \d\)[\s\S]*\n\n/)
  const counts = new Map<string, number>()
  for (const record of blocks(out).flatMap(({ records }) => records)) {
    const [, word, n] = /^\('(.+)', (\d+)\)$/.exec(record)!
    counts.set(word!, (counts.get(word!) ?? 0) + Number(n))
  }
  assert.equal(Object.fromEntries(counts), { the: 2, cat: 2, saw: 2, a: 2, dog: 3 })
})

test('the filtered word count leaves out and counts the words of its list, and appends each batch to a file', () =>
  withDirectory(async directory => {
    const file = path.join(directory, 'counts.txt')
    const { out } = await served('examples/filtered-word-count.js', [file], TEXT, /dropped 4 so far/)
    const batches = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.is(out.match(/^Counted \d+ words/gm)!.length, batches.length)
    const total: Record<string, number> = {}
    for (const { counts } of batches) for (const [word, n] of counts) total[word] = (total[word] ?? 0) + n
    assert.equal(total, { cat: 2, saw: 2, dog: 3 })
  }))

test('the stateful word count goes on from batch to batch, beginning with its initial counts', async () => {
  const { out } = await LineServer.with(async server => {
    const program = new Program('examples/stateful-network-word-count.js', ['127.0.0.1', String(server.port)])
    try {
      const socket = await server.connection()
      socket.write('hello streams\n')
      await program.prints(/\('hello', 2\)/)
      socket.write('hello again\n')
      await program.prints(/\('hello', 3\)[\s\S]*\n\n/)
      program.interrupt()
      assert.is(await program.ended(), 0, program.err)
      return program
    } finally {
      await program.kill()
    }
  })
  const last = blocks(out).at(-1)!.records.sort()
  assert.equal(last, ["('again', 1)", "('hello', 3)", "('streams', 1)", "('world', 1)"])
})

test.run()
