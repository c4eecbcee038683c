import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Runs the tests with uvu, twice: on the native kernels and on their JavaScript twins.
 *
 *   node dist/test/run.js [words…]     only files whose path contains one of the words, and only once
 *   node dist/test/run.js --deep       what takes minutes: the files in deep/, and only once
 *
 * uvu alone has holes (an error in `before` passes, a suite without `.run()` passes, nothing times out); this runner
 * counts what should have run, has a clock, and fails a process that does not end.
 */
const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.join(here, '../..')
const deep = process.argv[2] === '--deep'
const words = process.argv.slice(deep ? 3 : 2)
/** A file that takes longer hangs. */
const FILE_SECONDS = deep ? 1800 : 240

interface Tally {
  passed: number
  failed: number
}

function testFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap(entry => {
    const file = path.join(directory, entry.name)
    if (entry.isDirectory()) return testFiles(file)
    const isDeep = path.basename(directory) === 'deep' && entry.name.endsWith('.js')
    return (deep ? isDeep : entry.name.endsWith('.test.js')) ? [file] : []
  })
}

/** One file in a process of its own: what it leaves open shows, and what it breaks stays its own. */
function runFile(file: string, native: string): Promise<Tally & { output: string }> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      cwd: root,
      env: { ...process.env, MILLRACE_NATIVE: native, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let late = false
    child.stdout.on('data', chunk => (output += chunk))
    child.stderr.on('data', chunk => (output += chunk))
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, FILE_SECONDS * 1000)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const number = (name: string): number =>
        Number(new RegExp(`^\\s*${name}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0)
      const [total, passed, skipped] = [number('Total'), number('Passed'), number('Skipped')]
      let failed = total - passed
      if (late) output += `\n${path.relative(here, file)} did not end within ${FILE_SECONDS} s\n`
      if (skipped > 0) output += `\n${skipped} tests were skipped (skip or only)\n`
      if (total === 0) output += `\nno test ran: is a suite's .run() missing?\n`
      const broken = late || skipped > 0 || total === 0 || code !== 0 || signal !== null
      if (broken && failed === 0) failed = 1
      resolve({ passed, failed, output })
    })
  })
}

async function runAll(native: string): Promise<Tally> {
  const tally = { passed: 0, failed: 0 }
  const files = testFiles(here).filter(
    file => words.length === 0 || words.some(word => path.relative(here, file).includes(word)),
  )
  console.log(`\n${native === 'off' ? 'JavaScript' : 'native'} kernels, ${files.length} files`)
  for (const file of files.sort()) {
    const started = performance.now()
    const { passed, failed, output } = await runFile(file, native)
    tally.passed += passed
    tally.failed += failed
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(
      `${failed === 0 ? '  ' : 'x '}${path
        .relative(here, file)
        .replace(/(\.test)?\.js$/, '')
        .padEnd(40)} ${passed} passed${failed ? `, ${failed} FAILED` : ''}  ${seconds} s`,
    )
    // What a file could not test here must not pass for tested.
    if (failed > 0) console.log(output)
    else for (const [line] of output.matchAll(/^not tested: .*$/gm)) console.log(`    ${line}`)
  }
  return tally
}

const total = { passed: 0, failed: 0 }
const asked = process.env.MILLRACE_NATIVE ?? 'auto'
for (const native of deep || words.length > 0 ? [asked] : new Set([asked, 'off'])) {
  const { passed, failed } = await runAll(native)
  total.passed += passed
  total.failed += failed
}
if (total.passed === 0) total.failed++
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)
