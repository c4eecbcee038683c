import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import path, { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import * as util from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { runProgram } from '../support/run-program.js'
import { withContext } from '../support/with-context.js'

test("Node's own functions, classes and modules are handed over as they are", () =>
  withContext(async sc => {
    const paths = sc.parallelize(['/a/b.txt', '/c/d.txt'], 2)
    exactly(await paths.map(basename).collect(), ['b.txt', 'd.txt'])
    exactly(await paths.map(p => basename(p, '.txt'), { basename }).collect(), ['b', 'd'])
    exactly(await paths.map(p => path.dirname(p), { path }).collect(), ['/a', '/c'])
    exactly(await paths.map(p => util.format('<%s>', p), { util }).collect(), ['</a/b.txt>', '</c/d.txt>'])
    const md5 = (s: string): string => createHash('md5').update(s).digest('hex')
    exactly(await paths.map(p => md5(p), { md5, createHash }).collect(), ['/a/b.txt', '/c/d.txt'].map(md5))
    const same = paths.filter(p => timingSafeEqual(Buffer.from(p), Buffer.from('/a/b.txt')), {
      timingSafeEqual,
    })
    exactly(await same.collect(), ['/a/b.txt'])
  }))

test('a connection of Node for each partition', () =>
  withContext(async sc => {
    const received: Promise<string>[] = []
    const server = createServer(socket => received.push(text(socket)))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await sc.range(0, 6, 1, 2).foreachPartition(
      async numbers => {
        const socket = createConnection(port, '127.0.0.1')
        for (const n of numbers) socket.write(`${n}`)
        await new Promise<void>(ended => socket.end(ended))
      },
      { createConnection, port },
    )
    exactly((await Promise.all(received)).sort(), ['012', '345'])
    server.close()
  }))

test('a function may import what it needs, and nobody is warned; console.log is a function like others', async () => {
  const output = await runProgram(`
    const sc = new Context({ threads: 2 })
    await sc.range(2).foreachPartition(async numbers => {
      const { format } = await import('node:util')
      for (const n of numbers) if (format('%d', n) !== String(n)) throw new Error(format(n))
    })
    await sc.parallelize(['done'], 1).foreach(console.log)
    await sc.stop()`)
  assert.is(output, 'done')
})

test('a function that lacks a name of its module is told how to be named', () =>
  withContext(async sc => {
    const weight = 10
    const weighed = (x: number): number => x * weight
    const hint = /\{ weighed, weight \}.*moduleFunction\(.*, 'weighed'\)/
    await fails(() => sc.range(3).map(x => weighed(x), { weighed }), 'MILLRACE_FREE_NAME', hint)
    const inline = await fails(
      () => sc.range(3).map(x => x * weight),
      'MILLRACE_FREE_NAME',
      /\{ weight \}\.$/,
    )
    assert.not.match(inline.message, /moduleFunction/)
  }))

test.run()
