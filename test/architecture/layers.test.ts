import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..')

/** From the ground up. Folders on one line are siblings: they do not import each other. */
const LAYERS = [
  ['core'],
  ['memory', 'kernels'],
  ['functions'],
  ['plan'],
  ['worker'],
  ['execution'],
  ['streaming'],
  ['api'],
  ['index.ts'],
]

/** Beside the layers: implements the seams of core, and is imported by nobody. */
const ASIDE = { testing: ['core'] }

/** Files that are a seam to the machine, or are about the machine itself. Everything else gets the seam handed to it. */
const SEAMS = new Map([
  ['src/core/clock.ts', 'time'],
  ['src/core/files.ts', 'files'],
  ['src/core/network.ts', 'sockets'],
  ['src/core/time-slice.ts', 'gives the event loop its turn'],
  ['src/kernels/load.ts', 'looks for the addon'],
  ['src/execution/engine.ts', 'the executor: real threads take real time to end'],
  ['src/execution/pooled-job.ts', 'the executor: keeps the process alive and polls against lost wake-ups'],
])

interface Source {
  file: string
  folder: string
  text: string
}

function sources(directory: string): Source[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap(entry => {
    const full = path.join(directory, entry.name)
    if (entry.isDirectory()) return sources(full)
    const file = path.relative(root, full).split(path.sep).join('/')
    return /\.ts$/.test(file) ? [{ file, folder: file.split('/')[1]!, text: readFileSync(full, 'utf8') }] : []
  })
}

const files = sources(path.join(root, 'src'))

/** The folders of src that a file imports from, with the import's text. */
function imports({ file, text }: Source): { folder: string; specifier: string }[] {
  const found = [
    ...text.matchAll(
      /^\s*(?:import|export)\b[^'"]*?from\s+'(\.[^']+)'|^import '(\.[^']+)'|import\('(\.[^']+)'\)/gm,
    ),
  ]
  return found.map(match => {
    const specifier = match[1] ?? match[2] ?? match[3]!
    const target = path.posix.join(path.posix.dirname(file), specifier)
    return { folder: target.split('/')[1]!.replace(/\.js$/, '.ts'), specifier }
  })
}

const rank = (folder: string): number => LAYERS.findIndex(layer => layer.includes(folder))

test('every folder of src has a place in the layers', () => {
  for (const { file, folder } of files)
    assert.ok(rank(folder) >= 0 || folder in ASIDE, `${file}: add its folder to LAYERS`)
})

test('imports go down only', () => {
  let seen = 0
  for (const source of files) {
    for (const { folder, specifier } of imports(source)) {
      seen++
      if (folder === source.folder) continue
      const allowed =
        source.folder in ASIDE
          ? ASIDE[source.folder as keyof typeof ASIDE].includes(folder)
          : rank(folder) >= 0 && rank(folder) < rank(source.folder)
      assert.ok(allowed, `${source.file} imports '${specifier}': ${source.folder} may not know ${folder}`)
    }
  }
  assert.ok(seen > 200, `only ${seen} imports were found: the pattern of this test is out of date`)
})

test('only the seams touch time, files and sockets', () => {
  const direct =
    /\bDate\.now\(|\bnew Date\(\)|\bset(Timeout|Interval)\(|from 'node:(fs|net|http|dgram|tls)|\bperformance\.timeOrigin/
  for (const { file, text } of files) {
    if (SEAMS.has(file)) continue
    const match = direct.exec(text)
    assert.is(match?.[0], undefined, `${file} uses ${match?.[0]} directly: take it from a seam (src/core)`)
  }
})

test('text becomes code in one file only', () => {
  for (const { file, text } of files) {
    if (file === 'src/functions/compile.ts') continue
    assert.not.match(
      text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, ''),
      /\bnew Function\(|[^.\w]eval\(|\bvm\.(run|compile|Script)/,
      file,
    )
  }
})

test('no file grows past what can be read at a sitting', () => {
  const lengths = files.map(({ text }) => text.split('\n').length).sort((a, b) => a - b)
  for (const { file, text } of files)
    assert.ok(
      text.split('\n').length <= 380,
      `${file} has ${text.split('\n').length} lines: it holds more than one idea`,
    )
  assert.ok(lengths[lengths.length >> 1]! <= 110, `the median file has ${lengths[lengths.length >> 1]} lines`)
})

test('every suite is run', () => {
  const visit = (directory: string): string[] =>
    readdirSync(directory, { withFileTypes: true }).flatMap(e =>
      e.isDirectory() ? visit(path.join(directory, e.name)) : [path.join(directory, e.name)],
    )
  for (const file of visit(path.join(root, 'test')).filter(f => f.endsWith('.test.ts'))) {
    const text = readFileSync(file, 'utf8')
    assert.match(text.trimEnd(), /\.run\(\)$/, `${file} does not end with .run(), so nothing of it runs`)
    assert.not.match(
      text,
      /\.before\(|\.only\(|\.skip\(/,
      `${file} uses before, only or skip, which hide failures`,
    )
  }
})

test.run()
