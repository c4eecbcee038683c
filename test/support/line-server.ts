import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'

/** A TCP server on a free loopback port, whose connections a test takes one by one. */
export class LineServer {
  readonly #server = net.createServer(socket => {
    socket.on('error', () => {}) // the other side may be gone
    this.#sockets.add(socket)
    const take = this.#waiting.shift()
    if (take === undefined) this.#fresh.push(socket)
    else take(socket)
  })
  readonly #sockets = new Set<net.Socket>()
  readonly #fresh: net.Socket[] = []
  readonly #waiting: ((socket: net.Socket) => void)[] = []
  port = 0

  /** Runs a check with a server, and ends it whatever happens. */
  static async with<R>(check: (server: LineServer) => Promise<R>): Promise<R> {
    const server = new LineServer()
    await server.listen()
    try {
      return await check(server)
    } finally {
      await server.close()
    }
  }

  /** Listens, on the port it had before if there was one. */
  async listen(): Promise<void> {
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
  }

  /** The next connection, when it is there. */
  connection(): Promise<net.Socket> {
    const socket = this.#fresh.shift()
    return socket === undefined
      ? new Promise(resolve => {
          this.#waiting.push(resolve)
        })
      : Promise.resolve(socket)
  }

  /** Ends all connections and listens no more. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }
}
