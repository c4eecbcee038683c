import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import net, { type AddressInfo } from 'node:net'

/** Ten thousand records, a line each, below a line with the names of their fields. */
const FILE = new URL('../data/birdstrikes.csv', import.meta.resolve('vega-datasets'))
const LINES_AT_ONCE = 1000
const EVERY_MS = 10

export interface RecordServer {
  port: number
  /** The names of the fields of a record. */
  columns: string[]
  stop(): Promise<void>
}

/** Serves the records over TCP on the loopback interface, again and again, up to 100,000 a second. */
export async function serveRecords(): Promise<RecordServer> {
  const [names, ...lines] = (await readFile(FILE, 'utf8')).split('\n')
  const chunks: string[] = []
  for (let i = 0; i < lines.length; i += LINES_AT_ONCE)
    chunks.push(`${lines.slice(i, i + LINES_AT_ONCE).join('\n')}\n`)

  const server = net.createServer(socket => {
    let n = 0
    const timer = setInterval(() => {
      if (!socket.writableNeedDrain) socket.write(chunks[n++ % chunks.length]) // no faster than it is read
    }, EVERY_MS)
    socket.on('close', () => clearInterval(timer))
    socket.on('error', () => {}) // the reader went away
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    columns: names.split(','),
    async stop() {
      server.close()
      await once(server, 'close')
    },
  }
}
