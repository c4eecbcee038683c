import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ADDONS } from '../support/kernels.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Threads that do nothing but this, each ended in the midst of it. */
const script = (addon: string, body: string): string => `
  const { Worker } = require('node:worker_threads')
  const code = \`
    const addon = require(${JSON.stringify(addon)})
    const buffer = new SharedArrayBuffer(65536)
    const view = new Uint8Array(buffer, 0, 64)
    require('node:worker_threads').parentPort.postMessage('ready')
    for (;;) { ${body} }\`
  let left = 12
  const next = () => {
    if (left-- === 0) return console.log('all ended')
    const worker = new Worker(code, { eval: true })
    worker.once('message', () => setTimeout(() => worker.terminate(), left % 4))
    worker.once('exit', next)
  }
  next()`

for (const { name } of ADDONS) {
  test(`${name}: a thread that is ended while it binds the kernels, or calls one, does not end the process`, () => {
    for (const body of [
      'addon.bind(view, 65536, true)',
      'try { addon.bind(view, 65536).validateUtf8(70000, 0) } catch {}',
    ]) {
      const { stdout, stderr, signal } = spawnSync(
        process.execPath,
        ['-e', script(path.join(ROOT, name), body)],
        {
          encoding: 'utf8',
        },
      )
      assert.is(signal, null, stderr)
      assert.is(stdout, 'all ended\n', stderr)
    }
  })
}

test('there is an addon to end a thread in', () => {
  assert.ok(ADDONS.length > 0 || process.env.MILLRACE_NATIVE !== 'require')
})

test.run()
