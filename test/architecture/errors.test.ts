import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ERROR_CODES, MillraceError } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..')
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')

test('the README and the code have the same error codes, with the same words', () => {
  const documented = new Map(
    [...readme.matchAll(/^\| `(MILLRACE_\w+)` +\| (.+?) +\|$/gm)].map(m => [m[1]!, m[2]!]),
  )
  assert.equal([...documented.keys()].sort(), Object.keys(ERROR_CODES).sort())
  for (const [code, text] of Object.entries(ERROR_CODES)) assert.is(documented.get(code), text, code)
})

test('every code is used, and no other', () => {
  const visit = (directory: string): string[] =>
    readdirSync(directory, { withFileTypes: true }).flatMap(e =>
      e.isDirectory()
        ? visit(path.join(directory, e.name))
        : [readFileSync(path.join(directory, e.name), 'utf8')],
    )
  const text = visit(path.join(root, 'src'))
    .filter(t => !t.includes('export const ERROR_CODES'))
    .join('\n')
  const used = new Set(
    [...text.matchAll(/'(MILLRACE_[A-Z_]+)'/g)].map(m => m[1]!).filter(code => code in ERROR_CODES),
  )
  for (const code of Object.keys(ERROR_CODES)) assert.ok(used.has(code), `${code} is never raised`)
})

test('an error carries its code, what is known, and its cause', () => {
  const cause = new TypeError('x')
  const error = new MillraceError('MILLRACE_TASK', 'text', { cause, partition: 3, retryable: true })
  assert.is(error.message, 'MILLRACE_TASK: text')
  assert.is(error.code, 'MILLRACE_TASK')
  assert.is(error.cause, cause)
  assert.is(error.partition, 3)
  assert.is(error.retryable, true)
  assert.is(Object.hasOwn(error, 'record'), false)
})

test.run()
