import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { counters, leavingNothing } from '../support/faults.js'
import { evaluated } from '../support/functions.js'
import { withContext } from '../support/with-context.js'

test('each attempt of a task that throws is counted, the others run once, and the next job is none the worse', () =>
  leavingNothing(async sc => {
    const runs = counters(4)
    const numbers = sc.range(0, 4, 1, 4).map(
      x => {
        Atomics.add(runs, x, 1)
        if (x === 2) throw new Error('two')
        return x
      },
      { runs },
    )
    for (const times of [3, 6]) {
      await fails(numbers.collect(), 'MILLRACE_TASK')
      assert.is(runs[2], times)
    }
    exactly(
      await sc
        .range(0, 4, 1, 4)
        .map(x => Math.hypot(x))
        .collect(),
      [0, 1, 2, 3],
    )
  }))

test('with maxTaskFailures 1 there is one attempt', () =>
  leavingNothing(
    async sc => {
      const runs = counters(1)
      const rdd = sc.range(1).map(
        () => {
          Atomics.add(runs, 0, 1)
          throw new Error('once')
        },
        { runs },
      )
      await fails(rdd.count(), 'MILLRACE_TASK')
      assert.is(runs[0], 1)
    },
    { maxTaskFailures: 1 },
  ))

test('the error has the operator, the partition, the record, and as its cause what was thrown, with its stack', () =>
  withContext(async sc => {
    const error = await fails(
      sc
        .parallelize(
          [1, 2, 3, 4].map(id => ({ id })),
          2,
        )
        .filter(record => {
          const checked = (id: number): boolean => {
            if (id < 4) return true
            throw Object.assign(new RangeError('too many', { cause: new TypeError('of four') }), {
              code: 'E_MANY',
              limit: 3,
            })
          }
          return checked(record.id)
        })
        .collect(),
      'MILLRACE_TASK',
      /RangeError: too many in filter at .* \(partition 1, at the record \{ id: 4 \}\)$/,
    )
    assert.match(error.operator ?? '', /^filter at /)
    assert.is(error.partition, 1)
    assert.is(error.record, '{ id: 4 }')
    assert.is(error.retryable, false)
    const cause = error.cause as RangeError & { code: string; limit: number }
    exactly([cause.name, cause.message, cause.code, cause.limit], ['RangeError', 'too many', 'E_MANY', 3])
    assert.match(cause.stack ?? '', /^RangeError: too many\n +at checked \(millrace: filter at /)
    exactly(Object.keys(cause).sort(), ['code', 'limit'])
    const inner = cause.cause as TypeError
    exactly([inner.name, inner.message], ['TypeError', 'of four'])
  }))

test('anything can be thrown', () =>
  leavingNothing(
    async sc => {
      const thrown: [text: string, message: RegExp | string][] = [
        ['null', 'null'],
        ['undefined', 'undefined'],
        ['""', ''],
        ['"text"', 'text'],
        ['NaN', 'NaN'],
        ['Symbol("s")', 'Symbol(s)'],
        ['1n', '1n'],
        ['() => 1', '[Function (anonymous)]'],
        ['({ id: 1 })', '{ id: 1 }'],
        ['({ get code() { throw 1 } })', '{ code: [Getter] }'],
        ['({ toString() { throw 1 } })', /^\{ toString/],
        ['({ [Symbol.for("nodejs.util.inspect.custom")]() { throw 1 } })', 'something that cannot be shown'],
        ['Object.create(null)', '[Object: null prototype] {}'],
        ['(r => (r.revoke(), r.proxy))(Proxy.revocable({}, {}))', '<Revoked Proxy>'],
        ['new Proxy(new Error("behind"), {})', 'behind'],
        ['Object.freeze(new Error("frozen"))', 'frozen'],
        ['Object.assign(new Error("m"), { stack: undefined })', 'm'],
        ['Object.assign(new Error("m"), { message: Symbol("s") })', 'an error without a readable message'],
        ['Object.defineProperty(new Error("m"), "message", { get() { throw 1 } })', /without a readable/],
        ['Object.defineProperty(new Error("m"), "stack", { get() { throw 1 } })', 'm'],
        ['Object.defineProperty(new Error("m"), "code", { get() { throw 1 } })', 'm'],
        ['Object.defineProperty(new Error("m"), "own", { enumerable: true, get() { throw 1 } })', 'm'],
        ['(e => (e.cause = e))(new Error("its own cause"))', 'its own cause'],
        ['new AggregateError([new Error("a")], "of one")', 'of one'],
      ]
      for (const [text, message] of thrown) {
        const throws = evaluated<(x: number) => number>(`x => { throw ${text} }`)
        const error = await fails(sc.range(1).map(throws).collect(), 'MILLRACE_TASK')
        const cause = error.cause as Error
        assert.instance(cause, Error, text)
        if (typeof message === 'string') assert.is(cause.message, message, text)
        else assert.match(cause.message, message)
        assert.match(error.operator ?? '', /^map at /, text)
        assert.is(error.record, '0', text)
        assert.type(cause.stack, 'string', text)
        assert.not.match(cause.stack ?? '', /worker\/failure/, text)
      }
    },
    { maxTaskFailures: 1, memory: '8MiB' },
  ))

test('an error of any length arrives, both ends of it', () =>
  leavingNothing(
    async sc => {
      const error = await fails(
        sc
          .range(1)
          .map(() => {
            throw Object.assign(new Error(`begin${'x'.repeat(20_000_000)}end`), {
              data: 'y'.repeat(20_000_000),
            })
          })
          .collect(),
        'MILLRACE_TASK',
      )
      const { message, stack = '', data } = error.cause as Error & { data: string }
      assert.match(message, /^beginx+ … x+end$/)
      assert.match(stack, /^Error: beginx+ … x+end\n +at millrace: map at/)
      assert.match(data, /^y+ … y+$/)
      assert.ok(Math.max(error.message.length, stack.length, data.length) < 20_000)
    },
    { maxTaskFailures: 1, memory: '8MiB' },
  ))

test('the next attempt gets the same records, and what the others had added is not counted', () =>
  leavingNothing(async sc => {
    const runs = counters(4)
    const [sum, seen] = [sc.accumulator(0), sc.accumulator(0)]
    const records = await sc
      .range(0, 4000, 1, 4)
      .map(
        x => {
          sum.add(x)
          // Every task fails at its last record but one, the third not until its second attempt.
          if (x % 1000 === 998 && Atomics.add(runs, (x - 998) / 1000, 1) < (x === 2998 ? 2 : 1))
            throw new Error('again')
          return x
        },
        { sum, runs },
      )
      .mapPartitions(
        rows => {
          const all = [...rows]
          seen.add(all.length)
          return all
        },
        { seen },
      )
      .collect()
    exactly(
      records,
      Array.from({ length: 4000 }, (_, x) => x),
    )
    exactly([...runs], [2, 2, 3, 2])
    assert.is(sum.value, (3999 * 4000) / 2)
    assert.is(seen.value, 4000)
  }))

test.run()
