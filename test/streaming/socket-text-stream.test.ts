import type net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamingContext } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { FreeClock } from '../support/free-clock.js'
import { LineServer } from '../support/line-server.js'
import { recordsOf, type Streaming, until, withClock, withStreaming } from '../support/with-streaming.js'

type SocketOptions = Parameters<StreamingContext['socketTextStream']>[2]

interface Received extends Streaming {
  server: LineServer
  socket: net.Socket
  records: string[][]
  /** Ticks until there are so many lines in all. */
  lines(count: number): Promise<string[]>
}

/** A check with the lines that a connected socket stream gives. */
const withSocket = (
  check: (received: Received) => Promise<void>,
  options: SocketOptions & { memory?: `${number}MiB` } = {},
): Promise<void> => {
  const { memory = '128MiB', ...socketOptions } = options
  return LineServer.with(server =>
    withStreaming(
      async streaming => {
        const { ssc, clock } = streaming
        const records = recordsOf(ssc.socketTextStream('127.0.0.1', server.port, socketOptions))
        await ssc.start()
        const socket = await server.connection()
        const lines = async (count: number): Promise<string[]> => {
          while (records.flat().length < count) {
            await sleep(2)
            await clock.advance('1s')
          }
          return records.flat()
        }
        await check({ ...streaming, server, socket, records, lines })
      },
      { memory },
    ),
  )
}

/** Writes, and lets the packet go before the next. */
async function send(socket: net.Socket, ...packets: (string | Uint8Array)[]): Promise<void> {
  socket.setNoDelay(true)
  for (const packet of packets) {
    await new Promise(done => socket.write(packet, done))
    await sleep(3)
  }
}

test('lines end in \\n, \\r\\n or \\r, wherever packets are split', () =>
  withSocket(async ({ socket, lines }) => {
    await send(socket, 'one\ntw', 'o\r\nthree\r', '\nfour\n\n', 'a\rb\n')
    exactly(await lines(7), ['one', 'two', 'three', 'four', '', 'a', 'b'])
  }))

test('UTF-8 may be split between packets; what is not UTF-8 is replaced as TextDecoder does', () =>
  withSocket(async ({ socket, lines }) => {
    const text = Buffer.from('häß 😀 \u2603\n')
    await send(socket, ...Array.from(text, byte => Uint8Array.of(byte)))
    const bad = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0x0a, 0xf0, 0x9f, 0x0a])
    await send(socket, bad)
    const decoder = new TextDecoder()
    exactly(await lines(3), [
      'häß 😀 \u2603',
      decoder.decode(bad.subarray(0, 6)),
      decoder.decode(bad.subarray(7, 9)),
    ])
  }))

test('half a line waits for the rest', () =>
  withSocket(async ({ socket, lines, records, clock }) => {
    await send(socket, 'whole\nha')
    exactly(await lines(1), ['whole'])
    await clock.advance('2s')
    await send(socket, 'lf\n')
    exactly(await lines(2), ['whole', 'half'])
    assert.ok(records.length >= 4)
  }))

test('when the other side ends the connection, its last line needs no line end', () =>
  withSocket(async ({ socket, server, lines, clock }) => {
    await send(socket, 'one\nlast')
    socket.end()
    exactly(await lines(2), ['one', 'last'])
    await clock.advance('2s') // and it is tried again
    await send(await server.connection(), 'again\n')
    exactly(await lines(3), ['one', 'last', 'again'])
  }))

test('half a line before a reset is no record, and does not mix with what comes later', () =>
  withSocket(async ({ socket, server, lines, clock }) => {
    await send(socket, 'kept\nlost')
    exactly(await lines(1), ['kept'])
    socket.resetAndDestroy()
    await sleep(10)
    await clock.advance('2s')
    await send(await server.connection(), 'new\n')
    exactly(await lines(2), ['kept', 'new'])
  }))

test('a server that is not there yet is tried again, every reconnectDelay', () =>
  LineServer.with(async server => {
    await server.close()
    await withStreaming(async ({ ssc, clock }) => {
      const errors: string[] = []
      ssc.addStreamingListener({
        onReceiverError: ({ receiverInfo }) => errors.push(receiverInfo.lastErrorMessage),
      })
      const warnings: string[] = []
      const listen = (warning: Error): void => void warnings.push(warning.message)
      process.on('warning', listen)
      const records = recordsOf(ssc.socketTextStream('127.0.0.1', server.port, { reconnectDelay: '500ms' }))
      await ssc.start()
      for (let i = 1; i <= 3; i++) {
        while (errors.length < i) await sleep(1)
        await clock.advance('500ms')
      }
      assert.match(errors[0]!, /ECONNREFUSED.*trying again in 500 ms/)
      while (errors.length < 4) await sleep(1)
      await server.listen()
      await clock.advance('500ms')
      await send(await server.connection(), 'here\n')
      while (records.flat().length < 1) await clock.advance('1s')
      exactly(records.flat(), ['here'])
      assert.is(errors.length, 4)
      exactly(warnings.length, 1, 'once is enough')
      assert.match(warnings[0]!, /ECONNREFUSED.*trying again/)
      process.off('warning', listen)
      await ssc.stop()
      await ssc.awaitTermination() // trouble with a connection is not an error of the stream
    })
  }))

test('stop closes the connection, drops half a line, and tries no more', () =>
  withSocket(async ({ ssc, socket, server, records, clock }) => {
    await send(socket, 'one\nhalf')
    const closed = new Promise(resolve => socket.once('close', resolve))
    await ssc.stop({ gracefully: true })
    await closed
    exactly(records, [['one']])
    await clock.advance('10s')
    const again = Promise.race([server.connection(), sleep(20).then(() => 'nobody')])
    assert.is(await again, 'nobody')
  }))

test('a stop while nobody answers ends the waiting', () =>
  LineServer.with(async server => {
    await server.close()
    await withClock(new FreeClock(), async ({ ssc, clock }) => {
      let errors = 0
      ssc.addStreamingListener({ onReceiverError: () => errors++ })
      recordsOf(ssc.socketTextStream('127.0.0.1', server.port))
      await ssc.start()
      await until(() => errors === 1)
      await ssc.stop()
      assert.is(clock.waiting, 0)
    })
  }))

test('a line longer than the limit fails its batch, naming source and place; later lines come', () =>
  withSocket(
    async ({ ssc, server, socket, lines, clock }) => {
      await send(socket, 'short\n', `${'x'.repeat(20_000)}\nafter\n`)
      const place = `socketTextStream\\('127\\.0\\.0\\.1', ${server.port}\\) that begins at byte 6`
      await clock.advance('1s')
      await fails(
        ssc.awaitTermination(),
        'MILLRACE_LINE_TOO_LONG',
        new RegExp(`${place} is longer than the limit of 10000 bytes.*maxLineBytes`),
      )
      await send(socket, 'later\n')
      exactly(await lines(1), ['later'])
    },
    { maxLineBytes: 10_000 },
  ))

test('a line longer than a segment of the heap is whole; one above the limit is passed over to its end', () =>
  withSocket(
    async ({ ssc, socket, lines, clock }) => {
      const long = 'y'.repeat(2_500_000)
      await send(socket, `${long}\nnext\n`)
      exactly(
        (await lines(2)).map(line => line.length),
        [2_500_000, 4],
      )
      await send(socket, 'z'.repeat(5_000_000))
      for (let i = 0; i < 20; i++) {
        await sleep(5)
        await clock.advance('1s')
      }
      await fails(ssc.awaitTermination(), 'MILLRACE_LINE_TOO_LONG', /begins at byte 2500006 is longer/)
      await send(socket, `${'z'.repeat(1000)}\nafter\n`)
      exactly((await lines(3))[2], 'after')
    },
    { maxLineBytes: 3_000_000 },
  ))

test('the sender is held back while maxPendingBytes wait, and nothing is lost', () =>
  withSocket(
    async ({ sc, socket, lines }) => {
      const sent = Array.from({ length: 40_000 }, (_, i) => `${i}`.padStart(200, '.'))
      let written = false
      socket.write(`${sent.join('\n')}\n`, () => {
        written = true
      })
      await sleep(50)
      assert.not(written, 'eight megabytes lie in buffers of the system')
      assert.ok(sc.info().heap.used < 12_000_000)
      exactly(await lines(sent.length), sent)
    },
    { maxPendingBytes: 100_000 },
  ))

test('an unfinished line longer than maxPendingBytes does not hold itself back', () =>
  withSocket(
    async ({ socket, lines }) => {
      await send(socket, 'x'.repeat(30_000), 'x'.repeat(30_000), '\nnext\n')
      exactly(
        (await lines(2)).map(line => line.length),
        [60_000, 4],
      )
    },
    { maxPendingBytes: 10_000 },
  ))

test('bad arguments are refused', () =>
  withStreaming(async ({ ssc }) => {
    const refuse = (action: () => unknown, pattern: RegExp): Promise<unknown> =>
      fails(action, 'MILLRACE_OPTION', pattern)
    await refuse(() => ssc.socketTextStream('', 9999), /a host name/)
    await refuse(() => ssc.socketTextStream(9999 as never, 1), /a host name.*received 9999/)
    await refuse(() => ssc.socketTextStream('localhost', 0), /from 1 to 65535/)
    await refuse(() => ssc.socketTextStream('localhost', '9' as never), /the port of socketTextStream/)
    await refuse(() => ssc.socketTextStream('localhost', 1, { maxLineBytes: 0 }), /'maxLineBytes'/)
    await refuse(
      () => ssc.socketTextStream('localhost', 1, { reconnect: 1 } as never),
      /no option 'reconnect'/,
    )
    await fails(
      () => ssc.socketTextStream('localhost', 1, { reconnectDelay: 5 as never }),
      'MILLRACE_DURATION',
      /'reconnectDelay' carries its unit/,
    )
  }))

test.run()
