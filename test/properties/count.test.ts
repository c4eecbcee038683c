import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Property } from '../support/properties/prove.js'

const here = path.dirname(fileURLToPath(import.meta.url))
const sources = path.join(here, '../../../test')
const textsOf = (folder: string): string =>
  readdirSync(path.join(sources, folder))
    .map(file => readFileSync(path.join(sources, folder, file), 'utf8'))
    .join('\n')

/** Every list of properties there is. */
const lists: [name: string, properties: Property[]][] = []
const folder = path.join(here, '../support/properties')
for (const file of readdirSync(folder).filter(name => name.endsWith('.js')))
  for (const [name, value] of Object.entries(await import(path.join(folder, file))))
    if (name.endsWith('_PROPERTIES')) lists.push([name, value as Property[]])

test('there are at least 25 properties, no two of one name', () => {
  const names = lists.flatMap(([, properties]) => properties.map(({ name }) => name))
  assert.ok(names.length >= 25, `there are ${names.length}`)
  assert.is(new Set(names).size, names.length)
})

test('every property is proven in the test command, and more often in the deep tests', () => {
  const [short, deep] = [textsOf('properties'), textsOf('deep')]
  for (const [name] of lists) {
    assert.match(short, new RegExp(`\\b${name}\\b.*\\bRUNS\\b`), `${name} is not in test/properties`)
    assert.match(deep, new RegExp(`\\b${name}\\b`), `${name} is not in test/deep`)
  }
})

test.run()
