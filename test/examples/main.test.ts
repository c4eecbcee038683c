import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blocks, Program } from '../support/program.js'
import { withDirectory } from '../support/temporary-directory.js'

const SUMMARY =
  /Summary\n {2}batches +(\d+)\n {2}records +([\d,]+) \([\d,]+ a second\)\n {2}batch time +p50 .+\n {2}event-loop .+\n {2}ran on +(.+)\n$/

async function withMain(args: string[], check: (program: Program) => Promise<void>): Promise<void> {
  const program = new Program('examples/main.js', args)
  try {
    await check(program)
  } finally {
    await program.kill()
  }
}

test('it counts words and bird strikes for the seconds it was given, and sums up', () =>
  withMain(['--seconds', '3', '--threads', '2'], async program => {
    assert.is(await program.ended(), 0, program.err)
    const printed = blocks(program.out)
    assert.ok(printed.length >= 6, program.out)
    const texts = printed.filter((_, i) => i % 2 === 0)
    const strikes = printed.filter((_, i) => i % 2 === 1)
    assert.ok(
      texts.some(({ records }) => /^\('the', \d+\)$/.test(records[0] ?? '')),
      program.out,
    )
    assert.ok(strikes.some(({ records }) => /^\('AMERICAN AIRLINES', \(\d+, \d+\)\)$/.test(records[0] ?? '')))
    const [, batches, records, ranOn] = SUMMARY.exec(program.out) ?? []
    assert.is(Number(batches), printed.length / 2, program.out)
    assert.ok(Number(records!.replaceAll(',', '')) > 10_000, records)
    assert.match(ranOn!, /^(native|JavaScript) kernels.*, 2 threads$/)
    assert.is(program.err, '')
  }))

test('it counts the files of a directory, and Ctrl-C ends it with a summary', () =>
  withDirectory(directory =>
    withMain(['--path', directory, '--seconds', '60', '--threads', '1'], async program => {
      writeFileSync(path.join(directory, 'some.txt'), 'never odd or even\nnever  even\n')
      await program.prints(/\('never', 2\)\n\('even', 2\)\n\('odd', 1\)\n\('or', 1\)\n\n/)
      program.interrupt()
      assert.is(await program.ended(), 0, program.err)
      assert.match(program.out, SUMMARY)
      assert.match(program.out, /1 thread\n$/)
    }),
  ))

test('it says what it expected of its options', async () => {
  for (const [args, message] of [
    [['--seconds', '0'], "--seconds takes a whole number from 1 to 86400, not '0'."],
    [['--threads', 'two'], "--threads takes a whole number from 1 to 256, not 'two'."],
    [['--path', 'not/there'], "--path takes a directory, and 'not/there' is none."],
    [['--second', '3'], "Unknown option '--second'"],
  ] as const)
    await withMain([...args], async program => {
      assert.is(await program.ended(), 2)
      assert.ok(program.err.startsWith(message), program.err)
      assert.match(program.err, 'See node dist/examples/main.js --help.')
    })
  await withMain(['--help'], async program => {
    assert.is(await program.ended(), 0)
    for (const option of ['--seconds', '--threads', '--path']) assert.match(program.out, option)
  })
})

test.run()
