import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Program } from '../support/program.js'

test('it counts posted lines, answers meanwhile, and loses none when it is ended', async () => {
  const program = new Program('examples/http-server.js', ['--port', '0'])
  try {
    const [, url] = await program.prints(/Listening on (http:\S+);/)
    const post = (body: string): Promise<Response> => fetch(`${url}/events`, { method: 'POST', body })
    const posted = await Promise.all(Array.from({ length: 50 }, (_, i) => post(`home\npage ${i % 5}\n`)))
    assert.ok(posted.every(({ status }) => status === 202))

    let total: Record<string, number> = {}
    while (total.home !== 50) {
      const response = await fetch(`${url}/counts`)
      assert.match(response.headers.get('content-type')!, 'application/json')
      total = ((await response.json()) as { total: Record<string, number> }).total
    }
    assert.equal(total, { home: 50, 'page 0': 10, 'page 1': 10, 'page 2': 10, 'page 3': 10, 'page 4': 10 })

    assert.is((await fetch(`${url}/else`)).status, 404)
    assert.is((await post('x'.repeat(20_000))).status, 413)

    await post('late')
    program.interrupt()
    assert.is(await program.ended(), 0, program.err)
    assert.match(program.out, /Counted in all: .*late: 1/s)
  } finally {
    await program.kill()
  }
})

test.run()
