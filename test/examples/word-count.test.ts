import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { output, Program } from '../support/program.js'
import { withDirectory } from '../support/temporary-directory.js'

test('it prints the ten most frequent words of the files of a directory', () =>
  withDirectory(async directory => {
    const word = (n: number): string => `w${n} `.repeat(n)
    writeFileSync(path.join(directory, 'a.txt'), `${[1, 2, 3, 4, 5, 6].map(word).join('\n')}\r\n\t\n`)
    writeFileSync(path.join(directory, 'b.txt'), `  ${[7, 8, 9, 10, 11, 12].map(word).join('')}`)
    assert.is(
      await output('examples/word-count.js', [directory]),
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map(n => `${n} w${n}\n`).join(''),
    )
  }))

test('a file that is not there is named', () =>
  withDirectory(async directory => {
    const program = new Program('examples/word-count.js', [path.join(directory, 'none')])
    assert.is(await program.ended(), 1)
    assert.match(program.err, `MILLRACE_INPUT: Input path does not exist, or cannot be read: ${directory}`)
    assert.is(program.out, '')
  }))

test.run()
