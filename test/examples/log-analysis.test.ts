import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blocks, Program } from '../support/program.js'
import { withDirectory } from '../support/temporary-directory.js'

/** Requests of five hosts, of which the i-th asks i times for each of i pages. */
const requests = [1, 2, 3, 4, 5].flatMap(i =>
  Array.from({ length: i * i }, (_, k) => ({
    host: `10.0.0.${i}`,
    page: `/page-${k % i}.html`,
    status: k % 4 === 3 ? 404 : 200,
    bytes: k % 4 === 3 ? 0 : i * 100 + k,
  })),
)
const line = ({ host, page, status, bytes }: (typeof requests)[0]): string =>
  `${host} - - [23/Nov/2026:09:00:00 +0000] "GET ${page} HTTP/1.1" ${status} ${bytes || '-'}`

/** As pprint shows pairs, by falling count and then by name. */
const counted = (keys: unknown[]): string[] => {
  const counts = new Map<unknown, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (String(a) < String(b) ? -1 : 1))
    .map(([key, n]) => `(${typeof key === 'string' ? `'${key}'` : key}, ${n})`)
}

test('it sums up sizes, statuses, hosts and pages of a log, and passes over lines of another form', () =>
  withDirectory(async directory => {
    const log = [...requests.map(line), '', 'not a request', '- - -'].join('\n')
    writeFileSync(path.join(directory, 'access.log'), `${log}\n`)
    const program = new Program('examples/log-analysis.js', [directory])
    try {
      await program.prints(/(Time: .+\n-+\n[\s\S]*){5}/)
      program.interrupt()
      assert.is(await program.ended(), 0, program.err)
    } finally {
      await program.kill()
    }
    const [sizes, statuses, hosts, pages] = blocks(program.out).map(({ records }) => records)
    const bytes = requests.map(r => r.bytes)
    const mean = Math.round(bytes.reduce((a, b) => a + b) / bytes.length)
    assert.equal(sizes, [`55 answers of 0 to ${Math.max(...bytes)} bytes, ${mean} on average`])
    assert.equal(statuses!.sort(), counted(requests.map(r => r.status)).sort())
    const often = ["('10.0.0.4', 16)", "('10.0.0.5', 25)"]
    assert.equal(hosts!.sort(), often)
    assert.equal(pages, counted(requests.map(r => r.page)))
  }))

test.run()
