import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cases } from '../../bench/cases/index.js'
import { parseOptions } from '../../bench/options.js'
import { withDirectory } from '../support/temporary-directory.js'

const RUN = path.join(import.meta.dirname, '../../bench/run.js')

function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [RUN, ...args], { encoding: 'utf8' })
}

test('a case is measured from its input to the verdict', () =>
  withDirectory(async directory => {
    const json = path.join(directory, 'readings.json')
    const { status, stdout, stderr } = bench('--quick', '--only', 'w7', '--data', directory, '--json', json)
    assert.is(status, 0, stderr)
    assert.match(stdout, /^### W7: .*batch/m)
    assert.match(stdout, /^\| millrace +\| .* 2000000 \|$/m)
    assert.match(stdout, /^\| W7 +\| +p99 \|.*<= 1 ms \| +(pass|MISS) \|$/m)
    assert.ok(existsSync(path.join(directory, 'w7.txt')))
    const [w7] = JSON.parse(readFileSync(json, 'utf8'))
    assert.is(w7.case, 'W7')
    assert.is(w7.series[0].readings.length, 1)
    assert.ok(w7.series[0].readings[0].values.p50 > 0)
  }))

test('a case or an option that does not exist is an error that lists what does', () => {
  const { status, stderr } = bench('--only', 'W1,W99')
  assert.is(status, 2)
  assert.match(stderr, /no case 'W99': the cases are W1, W2/)
  assert.match(bench('--fast').stderr, /Unknown option '--fast'[\s\S]*--only W1/)
  assert.match(bench('--rounds', 'few').stderr, /--rounds must be a whole number from 1 on, not 'few'/)
})

test('quick means one round, unless it is said how many', () => {
  assert.is(parseOptions([]).rounds, 3)
  assert.is(parseOptions(['--quick']).rounds, 1)
  assert.is(parseOptions(['--quick', '--rounds', '5']).rounds, 5)
})

test('every case has a name of its own, and targets that refer to its figures', () => {
  assert.is(new Set(cases.map(c => c.name)).size, cases.length)
  for (const c of cases) {
    assert.ok(c.figures[c.subject ?? 'millrace'], `${c.name} measures its subject`)
    const known = [Object.keys(c.figures), c.limit?.figures, c.loops, c.packages, c.engines].flat()
    for (const target of c.targets ?? []) {
      if (target.of !== undefined) assert.ok(known.includes(target.of), `${c.name}: ${target.of}`)
      if (target.metric !== undefined)
        assert.ok(
          c.metrics?.some(m => m.name === target.metric),
          `${c.name}: ${target.metric}`,
        )
    }
  }
})

test.run()
