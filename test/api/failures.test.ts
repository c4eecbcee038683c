import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fails } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

/** With source maps, which the runner asks for, a place is one in the TypeScript. */
const file = path.basename(fileURLToPath(import.meta.url)).replace(/\.js$/, '')

test('a failure names the operator and the line that called it, not one of the library', () =>
  withContext(async sc => {
    const { operator } = await fails(
      sc
        .range(3)
        .map(x => {
          throw new Error(`no ${x}`)
        })
        .collect(),
      'MILLRACE_TASK',
    )
    assert.match(operator ?? '', new RegExp(`^map at ${file}\\.(js|ts):\\d+$`))
  }))

test.run()
