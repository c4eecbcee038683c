import type { Duration, EventTimeOptions, EventTimeStream, StreamingContext } from 'millrace'
import { test } from 'uvu'
import { exactly, fails } from '../../support/exactly.js'
import { withStreaming } from '../../support/with-streaming.js'

const outside = 1
const events = (ssc: StreamingContext): EventTimeStream<number> =>
  ssc.queueStream([[1]]).withEventTime(x => x)
/** Any value where a type would not let it pass. */
const any = <T>(value: unknown): T => value as T

test('a list is no options', () =>
  withStreaming(async ({ ssc }) => {
    const stream = ssc.queueStream([[1]])
    const list = any<EventTimeOptions>([])
    const of = (operator: string): RegExp =>
      new RegExp(`expected an object for the options of ${operator} but received \\[\\]\\.`)
    await fails(() => stream.withEventTime(x => x, list), 'MILLRACE_OPTION', of('withEventTime'))
    await fails(() => events(ssc).tumbling('1s', any([])), 'MILLRACE_OPTION', of('tumbling'))
    await fails(() => events(ssc).session('1s', any([])), 'MILLRACE_OPTION', of('session'))
    await fails(() => events(ssc).join(events(ssc), any([])), 'MILLRACE_OPTION', of('join'))
  }))

test('a function is read where it is given', () =>
  withStreaming(async ({ ssc }) => {
    await fails(
      () => events(ssc).keyBy(x => x + outside),
      'MILLRACE_FREE_NAME',
      /keyBy at arguments\.test.*\{ outside \}/,
    )
    const zero = any<number>(() => 0)
    await fails(
      () =>
        events(ssc)
          .tumbling('1s')
          .aggregate(
            zero,
            (n, x) => n + x,
            (a, b) => a + b,
          ),
      'MILLRACE_CAPTURE',
      /the zero value \(function .anonymous.\) cannot be copied to another thread/,
    )
    class Sum {
      total = 0
      add(x: number): this {
        this.total += x
        return this
      }
    }
    await fails(
      () =>
        events(ssc)
          .session('1s')
          .aggregate(
            new Sum(),
            (sum, x) => sum.add(x),
            a => a,
          ),
      'MILLRACE_CAPTURE',
      /the zero value is or holds an instance of the class Sum/,
    )
  }))

test('a duration that may be none is not asked to be positive', () =>
  withStreaming(async ({ ssc }) => {
    const negative = any<Duration>('-1s')
    const text = (what: string): RegExp =>
      new RegExp(`${what}: expected a whole number of milliseconds with its unit, .* but received "-1s"`)
    const [a, b] = [events(ssc), events(ssc)]
    const stream = ssc.queueStream([[1]])
    await fails(
      () => stream.withEventTime(x => x, { lateness: negative }),
      'MILLRACE_DURATION',
      text('lateness'),
    )
    await fails(() => a.join(b, { before: negative }), 'MILLRACE_DURATION', text('before'))
    await fails(() => a.join(b, { after: negative }), 'MILLRACE_DURATION', text('after'))
    await fails(() => a.join(b, negative), 'MILLRACE_DURATION', text('how far apart .* may be'))
    await fails(
      () => stream.withEventTime(x => x, { idle: '0s' }),
      'MILLRACE_DURATION',
      /idle: expected a positive whole number/,
    )
    a.join(b, { before: '0s', after: '0ms' })
  }))

test('what is joined has event times, too', () =>
  withStreaming(async ({ ssc }) => {
    const plain = any<EventTimeStream<number>>(ssc.queueStream([[1]]))
    const text =
      'expected a stream with event time, made by withEventTime, for join but received QueueStream.'
    const { message } = await fails(() => events(ssc).join(plain, '1s'), 'MILLRACE_OPTION')
    exactly(message, `MILLRACE_OPTION: ${text}`)
    const windows = any<EventTimeStream<number>>(events(ssc).tumbling('1s'))
    await fails(() => events(ssc).join(windows, '1s'), 'MILLRACE_OPTION', /received EventTimeWindows\./)
    await fails(
      () => events(ssc).join(any<EventTimeStream<number>>(5), '1s'),
      'MILLRACE_OPTION',
      /received 5\./,
    )
  }))

test.run()
