import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { Context } from '../../src/index.js'
import type { Case, Env, Reading } from '../case.js'
import { textOf, wordCounts } from './w1.js'

const CLIENT = fileURLToPath(new URL('../loopback-client.js', import.meta.url))
const NS = 1e6

interface ClientTimes {
  p50: number
  p99: number
  requests: number
}

const times = (client: ChildProcess): Promise<ClientTimes> =>
  new Promise(resolve => {
    client.once('message', message => resolve(message as ClientTimes))
    client.send('times')
  })

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** A server with a context in the same process, idle or counting words without a break. */
async function serve(env: Env, busy: boolean): Promise<Reading> {
  const server = http.createServer((_request, response) => response.end('ok'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const client = fork(CLIENT, [String((server.address() as AddressInfo).port)])
  const sc = new Context({ threads: env.threads })
  const words = wordCounts(sc, textOf(env))
  await words.count()
  let running = busy
  let runs = 0
  const load = (async () => {
    for (; running; runs++) await words.count()
  })()
  try {
    await pause(env.quick ? 500 : 2000)
    await times(client) // those of the warm-up
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const before = runs
    await pause(env.quick ? 2000 : 8000)
    delay.disable()
    const { p50, p99, requests } = await times(client)
    return {
      values: {
        'delay p50': delay.percentile(50) / NS,
        'delay p99': delay.percentile(99) / NS,
        'delay max': delay.max / NS,
        'client p50': p50,
        'client p99': p99,
        requests,
        runs: runs - before,
      },
    }
  } finally {
    running = false
    await load
    client.disconnect()
    await once(client, 'exit') // before the server, which would reset its connection
    server.close()
    await sc.stop()
  }
}

export const eventLoop: Case = {
  name: 'event-loop',
  title: 'event loop delay, and an HTTP client on the loopback, while W1 runs without a break',
  inputs: ['w1.txt'],
  figures: { millrace: env => serve(env, true), idle: env => serve(env, false) },
  metrics: [
    { name: 'delay p50', unit: 'ms' },
    { name: 'delay p99', unit: 'ms' },
    { name: 'delay max', unit: 'ms' },
    { name: 'client p50', unit: 'ms' },
    { name: 'client p99', unit: 'ms' },
  ],
  targets: [{ metric: 'delay p99', atMost: 5 }],
}
