import { Receiver, type ReceiverInfo } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { FreeClock } from '../support/free-clock.js'
import { deferred, recordsOf, until, withClock, withStreaming } from '../support/with-streaming.js'

/** Writes down what happens to it. */
class Noting extends Receiver<number> {
  readonly notes: string[] = []

  onStart(): void {
    this.notes.push('start')
  }
  onStop(): void {
    this.notes.push('stop')
  }
}

test('what a receiver stores are the records of the batch it comes in', () =>
  withStreaming(async ({ ssc, clock }) => {
    const receiver = new Noting()
    const records = recordsOf(ssc.receiverStream(receiver))
    exactly([receiver.isStarted(), receiver.notes], [false, []])
    await ssc.start()
    exactly([receiver.isStarted(), receiver.notes], [true, ['start']])
    await receiver.store(1)
    await receiver.storeAll([2, 3])
    await clock.advance('1s')
    await receiver.store(4)
    await clock.advance('2s')
    exactly(records, [[1, 2, 3], [4], []])
    await ssc.stop({ stopContext: false })
    exactly([receiver.isStopped(), receiver.notes], [true, ['start', 'stop']])
    await receiver.store(5) // nobody listens, and nobody waits
  }))

test('restart stops, tells listeners, and starts again when the delay is over', () =>
  withStreaming(async ({ ssc, clock }) => {
    const receiver = new Noting()
    const records = recordsOf(ssc.receiverStream(receiver))
    const events: string[] = []
    ssc.addStreamingListener({
      onReceiverStarted: () => void events.push('started'),
      onReceiverError: ({ receiverInfo }) => void events.push(`error: ${receiverInfo.lastErrorMessage}`),
      onReceiverStopped: () => void events.push('stopped'),
    })
    await ssc.start()
    receiver.reportError('only said')
    receiver.restart('lost', new Error('reset'), '1500ms')
    await clock.advance('1s')
    exactly([receiver.notes, receiver.isStarted()], [['start', 'stop'], false])
    exactly(events.splice(0), ['started', 'error: only said', 'error: lost', 'stopped'])
    await clock.advance('1s')
    exactly([receiver.notes, receiver.isStarted()], [['start', 'stop', 'start'], true])
    await receiver.store(7)
    await clock.advance('1s')
    exactly(records.flat(), [7])
    await ssc.stop()
    exactly(events, ['started', 'stopped'])
    exactly(receiver.notes, ['start', 'stop', 'start', 'stop'])
  }))

test('a receiver that is stopped while it waits for its restart is not stopped twice', () =>
  withStreaming(async ({ ssc, clock }) => {
    const receiver = new Noting()
    let stopped = 0
    ssc.addStreamingListener({ onReceiverStopped: () => void stopped++ })
    const records = recordsOf(ssc.receiverStream(receiver))
    await ssc.start()
    void receiver.store(1)
    receiver.restart('lost')
    await ssc.stop({ gracefully: true, stopContext: false })
    await clock.advance('3s')
    exactly([records, receiver.notes, stopped], [[[1]], ['start', 'stop'], 1])
  }))

test('a receiver starts again only when it has stopped', () =>
  withStreaming(async ({ ssc, clock }) => {
    const gate = deferred()
    class Slow extends Noting {
      override async onStop(): Promise<void> {
        await gate.promise
        super.onStop()
      }
    }
    const receiver = new Slow()
    recordsOf(ssc.receiverStream(receiver))
    await ssc.start()
    receiver.restart('lost', undefined, '1s')
    setImmediate(gate.resolve)
    await clock.advance('1s')
    exactly(receiver.notes, ['start', 'stop', 'start'])
  }))

test('listeners hear of an error by its message and, apart from that, its cause', () =>
  withStreaming(async ({ ssc, clock }) => {
    await clock.advance('500ms')
    const receiver = new Noting()
    const infos: ReceiverInfo[] = []
    ssc.addStreamingListener({
      onReceiverStarted: ({ receiverInfo }) => void infos.push(receiverInfo),
      onReceiverError: ({ receiverInfo }) => void infos.push(receiverInfo),
    })
    ssc.receiverStream(receiver).pprint()
    await ssc.start()
    const cause = new Error('cause')
    receiver.reportError('report error', cause)
    receiver.reportError('no more', 'a text')
    receiver.reportError('alone')
    const same = { streamId: 0, name: 'Noting', active: true, location: 'localhost', executorId: 'driver' }
    exactly(infos, [
      { ...same, lastErrorMessage: '', lastError: '', lastErrorTime: -1 },
      { ...same, lastErrorMessage: 'report error', lastError: cause.stack, lastErrorTime: 500 },
      { ...same, lastErrorMessage: 'no more', lastError: 'a text', lastErrorTime: 500 },
      { ...same, lastErrorMessage: 'alone', lastError: '', lastErrorTime: 500 },
    ])
  }))

test('a receiver may stop; what it has stored is not lost, and batches go on', () =>
  withStreaming(async ({ ssc, clock }) => {
    const receiver = new Noting()
    let stopped = 0
    ssc.addStreamingListener({ onReceiverStopped: () => void stopped++ })
    const records = recordsOf(ssc.receiverStream(receiver))
    await ssc.start()
    void receiver.storeAll([1, 2])
    receiver.stop('enough')
    await until(() => stopped === 1)
    await clock.advance('2s')
    exactly(records, [[1, 2], []])
    exactly(receiver.notes, ['start', 'stop'])
  }))

test('a graceful stop processes all that was stored before it', () =>
  withStreaming(async ({ ssc }) => {
    const receiver = new Noting()
    const records = recordsOf(ssc.receiverStream(receiver))
    await ssc.start()
    const stored = receiver.storeAll(Array(1000).keys())
    await ssc.stop({ gracefully: true })
    exactly(records, [[...Array(1000).keys()]])
    await stored
    await receiver.store(0) // dropped
  }))

test('a graceful stop processes what waits for batches to be done, too, in several batches', () =>
  withStreaming(
    async ({ ssc, clock }) => {
      const receiver = new Noting()
      const counts: number[] = []
      const sums: number[] = []
      ssc.receiverStream(receiver).foreachRDD(async rdd => {
        counts.push(await rdd.count())
        sums.push(await rdd.sum())
      })
      await ssc.start()
      void receiver.storeAll(Array(250_000).keys())
      await ssc.stop({ gracefully: true })
      exactly(counts, [100_000, 100_000, 50_000])
      exactly(
        sums.reduce((a, b) => a + b),
        (250_000 * 249_999) / 2,
      )
      exactly(clock.now(), 0)
    },
    { memory: '256MiB' },
  ))

test('a graceful stop waits for onStop, and processes what it stores, however much that is', () =>
  withStreaming(
    async ({ ssc }) => {
      class Flushing extends Noting {
        override async onStop(): Promise<void> {
          exactly(this.isStopped(), true)
          for (let i = 0; i < 150_000; i++) {
            if (i % 50_000 === 0) await new Promise(setImmediate)
            await this.store(i)
          }
          super.onStop()
        }
      }
      const receiver = new Flushing()
      let count = 0
      ssc.receiverStream(receiver).foreachRDD(async rdd => {
        count += await rdd.count()
      })
      await ssc.start()
      await receiver.store(0)
      await ssc.stop({ gracefully: true })
      exactly([count, receiver.notes], [150_001, ['start', 'stop']])
      await receiver.store(0)
    },
    { memory: '256MiB' },
  ))

test('all receivers are stopped at once, also when one of them takes its time', () =>
  withStreaming(async ({ ssc }) => {
    const gate = deferred()
    class Slow extends Noting {
      override onStop(): Promise<void> {
        super.onStop()
        return gate.promise
      }
    }
    const [slow, quick] = [new Slow(), new Noting()]
    const records = recordsOf(ssc.receiverStream(slow).union(ssc.receiverStream(quick)))
    await ssc.start()
    const stopping = ssc.stop({ gracefully: true })
    exactly(
      [slow.notes, quick.notes],
      [
        ['start', 'stop'],
        ['start', 'stop'],
      ],
    )
    void slow.store(1)
    gate.resolve()
    await stopping
    exactly(records, [[1]])
  }))

test('a receiver whose onStop never ends keeps no stop from ending that has a limit, and no immediate one', async () => {
  class Endless extends Noting {
    override onStop(): Promise<void> {
      return new Promise(() => {})
    }
  }
  await withStreaming(async ({ ssc }) => {
    const receiver = new Endless()
    const records = recordsOf(ssc.receiverStream(receiver))
    await ssc.start()
    const stored = receiver.storeAll([1, 2])
    await ssc.stop()
    exactly(records, [])
    await stored
    await receiver.store(3)
  })
  await withClock(new FreeClock(), async ({ ssc, clock }) => {
    const receiver = new Endless()
    const records = recordsOf(ssc.receiverStream(receiver))
    await ssc.start()
    const stopping = ssc.stop({ gracefully: true, timeout: '3s' })
    clock.pass(2999)
    await new Promise(setImmediate)
    exactly(ssc.state, 'active')
    clock.pass(1)
    await stopping
    exactly([ssc.state, records], ['stopped', []])
    await receiver.store(1)
  })
  await withStreaming(async ({ ssc }) => {
    ssc.receiverStream(new Endless()).pprint()
    await ssc.start()
    await Promise.all([ssc.stop({ gracefully: true }), ssc.stop()])
  })
})

test('an error of onStop is the context’s, and what was stored is processed', () =>
  withStreaming(async ({ ssc }) => {
    class Broken extends Noting {
      override onStop(): void {
        throw new Error('no goodbye')
      }
    }
    const receiver = new Broken()
    const records = recordsOf(ssc.receiverStream(receiver))
    await ssc.start()
    void receiver.store(1)
    const failed = ssc.awaitTermination().catch(error => error.message)
    await ssc.stop({ gracefully: true })
    exactly([records, await failed], [[[1]], 'no goodbye'])
  }))

test('an error of onStart is the context’s', () =>
  withStreaming(async ({ ssc }) => {
    class Broken extends Noting {
      override onStart(): void {
        throw new Error('no port')
      }
    }
    const receiver = new Broken()
    ssc.receiverStream(receiver).pprint()
    await ssc.start()
    let error: Error | undefined
    await ssc.awaitTermination().catch(e => {
      error = e
    })
    exactly(error?.message.includes('no port'), true)
    exactly(receiver.isStopped(), true)
  }))

test('a receiver is for one stream', () =>
  withStreaming(async ({ ssc }) => {
    const receiver = new Noting()
    ssc.receiverStream(receiver)
    await fails(() => ssc.receiverStream(receiver), 'MILLRACE_STATE', /for one stream/)
    await fails(() => ssc.receiverStream({} as never), 'MILLRACE_OPTION', /a Receiver/)
  }))

test.run()
