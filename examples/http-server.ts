// A stream inside an HTTP server: it counts the lines that are posted, a batch a second. Worker threads do the
// counting, so the server goes on answering meanwhile.
//
//   node dist/examples/http-server.js --port 8080
//   printf 'home\ncart\nhome\n' | curl --data-binary @- http://127.0.0.1:8080/events
//   curl http://127.0.0.1:8080/counts

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { Context, StreamingContext } from 'millrace'

/** Bytes of a request; at most 10,000 of them wait for their batch. */
const LONGEST_BODY = 16_384

const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' } } })
const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])

const sc = new Context()
const ssc = new StreamingContext(sc, '1s')

// The queue between the requests and the stream: a write resolves when the stream has taken the body.
const queue = new TransformStream<string, string>()
const bodies = queue.writable.getWriter()

const total = new Map<string, number>()
let latest = { time: new Date(), counts: new Map<string, number>() }

ssc
  .from(queue.readable, { name: 'events', maxPendingRecords: 10_000 })
  .flatMap(body => body.split('\n'))
  .filter(line => line !== '')
  .map(key => [key, 1])
  .reduceByKey((a, b) => a + b)
  .foreachRDD(async (rdd, time) => {
    latest = { time: new Date(time), counts: await rdd.collectAsMap() }
    for (const [key, n] of latest.counts) total.set(key, (total.get(key) ?? 0) + n)
  })

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
  async 'POST /events'(request, response) {
    if (!(Number(request.headers['content-length']) <= LONGEST_BODY)) {
      response.writeHead(413).end(`a body has a Content-Length of at most ${LONGEST_BODY}\n`)
      return
    }
    await bodies.write(await text(request))
    response.writeHead(202).end()
  },

  async 'GET /counts'(_, response) {
    const { time, counts } = latest
    const answer = { time, lastSecond: Object.fromEntries(counts), total: Object.fromEntries(total) }
    response.setHeader('content-type', 'application/json').end(`${JSON.stringify(answer)}\n`)
  },
}

const server = createServer((request, response) => {
  const route = routes[`${request.method} ${request.url}`]
  if (route === undefined) response.writeHead(404).end('POST /events or GET /counts\n')
  else route(request, response).catch(() => response.destroy())
})

try {
  await ssc.start()
  server.listen(Number(values.port), '127.0.0.1')
  await once(server, 'listening')
  console.log(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}; Ctrl-C ends it.`)
  await Promise.race([ended, ssc.awaitTermination()])
} finally {
  server.close()
  await once(server, 'close') // every request is answered: what was posted is in the stream
  await ssc.stop({ gracefully: true })
}
console.log('Counted in all:', Object.fromEntries(total))
