import net from 'node:net'

/** What a connection tells its user. */
export interface ConnectionEvents {
  connected(): void
  /** Where the next bytes may be written: at least one byte of room. */
  buffer(): Uint8Array
  /** Bytes have been written to the start of the latest buffer. */
  received(bytes: number): void
  /** The other side has sent everything. Comes before `closed`. */
  ended(): void
  /** The last event, with the reason if there is one. */
  closed(error: Error | undefined): void
}

export interface Connection {
  pause(): void
  resume(): void
  close(): void
}

/** The seam to the network. */
export interface Network {
  connect(host: string, port: number, events: ConnectionEvents): Connection
}

/** After so many milliseconds of silence the system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 30_000

/** TCP, reading straight into the caller's buffers. */
export const systemNetwork: Network = {
  connect(host, port, events) {
    let failure: Error | undefined
    const socket = net.connect({
      host,
      port,
      onread: {
        buffer: () => events.buffer(),
        callback(bytes) {
          events.received(bytes)
          return true
        },
      },
    })
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.once('connect', () => events.connected())
    socket.once('end', () => events.ended())
    socket.once('error', error => {
      failure = error
    })
    socket.once('close', () => events.closed(failure))
    return {
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      close: () => void socket.destroy(),
    }
  },
}
