import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { moduleFunction } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { leavingNothing } from '../support/faults.js'
import { withDirectory } from '../support/temporary-directory.js'

/** The exported function `f` of a module with this text. */
function from(directory: string, name: string, text: string): (x: number) => number {
  const file = path.join(directory, `${name}.mjs`)
  writeFileSync(file, text)
  return moduleFunction<(x: number) => number>(pathToFileURL(file), 'f')
}

test('a module that cannot be imported, ends its thread or never loads is the fault of the task that needs it', () =>
  withDirectory(directory =>
    leavingNothing(
      async sc => {
        const numbers = sc.range(0, 4, 1, 4)
        const throwing = from(directory, 'throws', `throw new Error('at import')`)
        await fails(numbers.map(throwing).collect(), 'MILLRACE_FUNCTION', /throws\.mjs.*at import/s)
        const ending = from(directory, 'ends', `process.exit(5); export const f = x => x`)
        await fails(numbers.map(ending).collect(), 'MILLRACE_TASK', /exited with code: 5/)
        const hanging = from(directory, 'hangs', `await new Promise(() => {}); export const f = x => x`)
        const error = await fails(numbers.map(hanging).collect(), 'MILLRACE_TASK_TIMEOUT')
        assert.type(error.partition, 'number')
        const sound = from(directory, 'sound', `export const f = x => x + 1`)
        exactly(await numbers.map(sound).collect(), [1, 2, 3, 4])
      },
      { taskTimeout: '200ms', maxTaskFailures: 2 },
    ),
  ))

test.run()
