import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..')
const programs = readdirSync(path.join(root, 'examples'))
  .filter(name => name.endsWith('.ts'))
  .map(name => name.slice(0, -3))
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

test('the table has every example, and no other', () => {
  const named = [...read('examples/README.md').matchAll(/\[([\w-]+)\]\(\1\.ts\)/g)].map(([, name]) => name!)
  assert.equal(named.sort(), programs.sort())
})

test('every example says at its top what it does and how to run it', () => {
  for (const name of programs)
    assert.match(
      read(`examples/${name}.ts`),
      new RegExp(`^//[^]*?node dist/examples/${name}\\.js|^//[^]*?npm start`),
      name,
    )
})

test('every example is run by a test', () => {
  const tests = readdirSync(path.join(root, 'test/examples'))
    .map(file => read(`test/examples/${file}`))
    .join('\n')
  for (const name of programs) assert.ok(tests.includes(`${name}.js`), `${name} is not run by a test`)
})

test.run()
