import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LAYOUT } from '../../src/kernels/layout.js'
import { ADDONS } from '../support/kernels.js'
import { withDirectory } from '../support/temporary-directory.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PREBUILT = `prebuilds/${process.platform}-${process.arch}/millrace.node`

/** A stand-in for an addon: the numbers of its layout, and kernels that do nothing. */
const addon = (instructions: string, layout: object = {}): string =>
  JSON.stringify({ layout: { ...LAYOUT, ...layout }, instructions })

/** What the loader of a package with these addons says, with each mode in turn. */
async function load(
  files: Record<string, string>,
): Promise<Record<'auto' | 'require' | 'off', { kind?: string; line?: string; error?: string }>> {
  return withDirectory(async directory => {
    for (const part of ['core', 'kernels'])
      cpSync(path.join(ROOT, 'dist/src', part), path.join(directory, 'dist/src', part), { recursive: true })
    writeFileSync(path.join(directory, 'package.json'), '{ "type": "module" }')
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(directory, file)), { recursive: true })
      writeFileSync(path.join(directory, file), text)
    }
    // A file that is no JSON goes to the system's loader, as it would.
    const script = `
      import Module from 'node:module'
      import { readFileSync } from 'node:fs'
      const system = Module._extensions['.node']
      Module._extensions['.node'] = (module, file) => {
        const text = readFileSync(file, 'utf8')
        if (!text.startsWith('{')) return system(module, file)
        const { layout, instructions } = JSON.parse(text)
        module.exports = { layout, bind: () => ({ instructions }) }
      }
      const { loadKernels, describeKernels } = await import('./dist/src/kernels/load.js')
      const said = {}
      for (const mode of ['off', 'auto', 'require']) {
        try {
          const kernels = loadKernels(new SharedArrayBuffer(1024), mode)
          said[mode] = { kind: kernels.kind, line: describeKernels(kernels, mode) }
        } catch (error) {
          said[mode] = { error: error.message }
        }
      }
      console.log(JSON.stringify(said))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: directory,
      encoding: 'utf8',
    })
    assert.is(stderr, '')
    return JSON.parse(stdout)
  })
}

test('without an addon JavaScript does the work, unless native kernels are required', async () => {
  const { off, auto, require } = await load({})
  assert.equal(off, { kind: 'js', line: "JavaScript kernels (native: 'off')" })
  assert.is(auto.kind, 'js')
  assert.match(auto.line!, /JavaScript kernels \(there is no addon for \w+-\w+\)/)
  assert.match(
    require.error!,
    /^MILLRACE_NATIVE: .* there is no addon .*npm run build:native.*native: 'auto'/,
  )
})

test('a file that is no addon is named, and JavaScript does the work', async () => {
  const { auto, require } = await load({ 'build/Release/millrace.node': 'not an addon' })
  assert.is(auto.kind, 'js')
  assert.match(auto.line!, /build\/Release\/millrace\.node does not load: /)
  assert.match(require.error!, /^MILLRACE_NATIVE: .*build\/Release\/millrace\.node does not load: /)
})

test('an addon built from other sources is refused, whichever number differs', async () => {
  for (const name of ['ABI', 'T_KEYS', 'UTF8_INVALID']) {
    const { auto, require } = await load({ 'build/Release/millrace.node': addon('x', { [name]: 99 }) })
    assert.is(auto.kind, 'js')
    assert.match(auto.line!, `built from other sources (${name} differs)`)
    assert.match(require.error!, 'MILLRACE_NATIVE')
  }
})

test('a local build comes before one that was shipped, a good one before a bad one', async () => {
  const native = (said: { kind?: string; line?: string }): string => {
    assert.is(said.kind, 'native')
    return said.line!
  }
  const shipped = addon('shipped')
  const both = await load({ 'build/Release/millrace.node': addon('local'), [PREBUILT]: shipped })
  assert.is(native(both.auto), 'native kernels (local)')
  assert.is(native(both.require), 'native kernels (local)')
  assert.is(both.off.kind, 'js')
  const old = addon('local', { ABI: 0 })
  assert.is(
    native((await load({ 'build/Release/millrace.node': old, [PREBUILT]: shipped })).require),
    'native kernels (shipped)',
  )
  assert.is(
    native((await load({ 'build/Debug/millrace.node': addon('debug') })).auto),
    'native kernels (debug)',
  )
})

test('layout.h and layout.ts say the same', () => {
  const header = readFileSync(path.join(ROOT, 'native/layout.h'), 'utf8').replace(/\/\/.*$/gm, '')
  const found: Record<string, number> = {}
  for (const [, body] of header.matchAll(/enum \w*\s*\{([^}]*)\}/g)) {
    let next = 0
    for (const entry of body!.split(',').map(text => text.trim())) {
      if (entry === '') continue
      const [name, value] = entry.split('=').map(text => text.trim())
      found[name!] = next = value === undefined ? next : Number(value)
      next++
    }
  }
  // How many folds there are is the header's own business.
  const { FOLD_OPS, ...shared } = found
  assert.is(FOLD_OPS, Object.keys(LAYOUT).filter(name => name.startsWith('FOLD_')).length)
  assert.equal(shared, { ...LAYOUT })
})

for (const { name, addon } of ADDONS) {
  test(`the addon says of its layout what layout.ts says (${name})`, () => {
    assert.equal(addon.layout, { ...LAYOUT })
  })
}

test.run()
