import http from 'node:http'
import { quantile } from './statistics.js'

/**
 * Asks a server on this machine, one request after another with a millisecond between them, and measures each. A
 * process of its own, so that its times are the server's and not those of a shared event loop.
 *
 *   fork(…, [PORT]); a message asks for the times since the last one
 */
const port = Number(process.argv[2])
const agent = new http.Agent({ keepAlive: true })
let times: number[] = []

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get({ port, host: '127.0.0.1', agent }, response => response.resume().on('end', resolve))
      .on('error', reject)
  })
}

process.on('message', () => {
  process.send!({ p50: quantile(times, 0.5), p99: quantile(times, 0.99), requests: times.length })
  times = []
})
process.on('disconnect', () => process.exit())

for (;;) {
  const begin = performance.now()
  await ask()
  times.push(performance.now() - begin)
  await new Promise(resolve => setTimeout(resolve, 1))
}
