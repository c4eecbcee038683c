import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { output } from './support/program.js'
import { withDirectory } from './support/temporary-directory.js'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..')
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind, text]) => ({
  kind: kind!,
  text: text!,
}))

/** Times and versions of the moment. */
const timeless = (text: string): string => text.replace(/^Time: .+$/gm, 'Time')

test('there is running code within 35 lines, below one sentence', () => {
  const lines = readme.split('\n')
  assert.is(lines[0], '# millrace')
  assert.ok(lines.indexOf('```', lines.indexOf('```js')) < 35)
})

test('every block of code runs as it stands, and prints what the block below it says', () =>
  withDirectory(async directory => {
    // As an installed package finds itself.
    mkdirSync(path.join(directory, 'node_modules'))
    symlinkSync(root, path.join(directory, 'node_modules/millrace'), 'junction')
    const file = path.join(directory, 'example.mjs')
    const programs = blocks.filter(({ kind }) => kind === 'js')
    assert.ok(programs.length >= 3)
    for (const program of programs) {
      const expected = blocks[blocks.indexOf(program) + 1]
      assert.is(expected?.kind, 'text', `what does this print?\n${program.text}`)
      writeFileSync(file, program.text)
      const printed = timeless(await output(file))
      assert.is(printed.slice(0, timeless(expected!.text).length), timeless(expected!.text), program.text)
    }
  }))

test('every kind of block is checked, and every command is a script', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  assert.equal([...new Set(blocks.map(({ kind }) => kind))].sort(), ['js', 'sh', 'text'])
  for (const { text } of blocks.filter(({ kind }) => kind === 'sh'))
    for (const line of text.trim().split('\n')) {
      const [, script] = /^npm (?:run )?(\S+)/.exec(line) ?? []
      assert.ok(script! in scripts, line)
    }
})

test('every link leads somewhere', () => {
  for (const [, target] of readme.matchAll(/\]\(([^)]+)\)/g))
    assert.ok(existsSync(path.join(root, target!)), target)
})

test.run()
