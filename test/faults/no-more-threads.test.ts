import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runProgram } from '../support/run-program.js'
import { withDirectory } from '../support/temporary-directory.js'

/** Once the file `refused` is there, every new thread fails while it starts. */
const preload = (refused: string, how: string): string => `
  const { isMainThread } = require('node:worker_threads')
  if (!isMainThread && require('node:fs').existsSync(${JSON.stringify(refused)})) ${how}`

const program = (refused: string): string => `
  import { rmSync, writeFileSync } from 'node:fs'
  const refused = ${JSON.stringify(refused)}
  const sc = new Context({ threads: 2, memory: '16MiB' })
  const numbers = sc.range(0, 4, 1, 4)
  const show = async job => console.log(await job.then(records => records.join(), error => error.message))
  const sound = () => show(numbers.map(x => { for (;;) return x }).collect())
  await sound()
  writeFileSync(refused, '')
  const lost = new Int32Array(new SharedArrayBuffer(4))
  await show(numbers.map(x => { if (x === 1 && Atomics.add(lost, 0, 1) === 0) process.exit(); return x }, { lost }).collect())
  await sound()
  await show(numbers.map(x => process.exit()).collect())
  await sound()
  rmSync(refused)
  await sound()
  await sc.stop()
  console.log(sc.info().heap.used)`

for (const [how, message] of [
  [`throw new Error('no more')`, /no more/],
  ['process.exit(9)', /a thread ended while it was starting/],
] as const) {
  test(`workers that cannot be replaced are missed, and the last one fails the job: ${how}`, () =>
    withDirectory(async directory => {
      const [refused, hook] = [path.join(directory, 'refused'), path.join(directory, 'hook.cjs')]
      writeFileSync(hook, preload(refused, how))
      const lines = (await runProgram(program(refused), ['--require', hook])).split('\n')
      assert.equal(
        [lines.slice(0, 3), lines.slice(5)],
        [Array(3).fill('0,1,2,3'), ['0,1,2,3', '0']],
        lines.join('\n'),
      )
      for (const line of lines.slice(3, 5)) {
        assert.match(line, /^MILLRACE_WORKER: the worker threads cannot be started: /)
        assert.match(line, message)
      }
    }))
}

test('without leave to start threads, the error says what leave is needed', async () => {
  const flag = ['--permission', '--experimental-permission'].find(f =>
    process.allowedNodeEnvironmentFlags.has(f),
  )!
  const output = await runProgram(
    `const sc = new Context({ threads: 2, memory: '16MiB' })
    await sc.range(2).map(x => { for (;;) return x }).collect().catch(error => console.log(error.message))
    await sc.stop()`,
    ['--no-warnings', flag, '--allow-fs-read=/'],
  )
  assert.match(output, /^MILLRACE_WORKER: the worker threads cannot be started: .*--allow-worker/)
})

test.run()
