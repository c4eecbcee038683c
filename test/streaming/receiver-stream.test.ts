import { Receiver } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../support/exactly.js'
import { recordsOf, until, withStreaming } from '../support/with-streaming.js'

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
    const errors: string[] = []
    ssc.addStreamingListener({
      onReceiverError: ({ receiverInfo }) => void errors.push(receiverInfo.lastErrorMessage),
    })
    await ssc.start()
    receiver.reportError('only said')
    receiver.restart('lost', new Error('reset'), '1500ms')
    await clock.advance('1s')
    exactly(receiver.notes, ['start', 'stop'])
    await clock.advance('1s')
    exactly(receiver.notes, ['start', 'stop', 'start'])
    await receiver.store(7)
    await clock.advance('1s')
    exactly(records.flat(), [7])
    exactly(errors, ['only said', 'lost: reset'])
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
