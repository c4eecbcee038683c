import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

process.env.MILLRACE_VERIFY = '1'

test('with MILLRACE_VERIFY=1 a difference between two runs of a function is an error that shows it', () =>
  withContext(async sc => {
    const random = sc.range(0, 3, 1, 1).map(x => x + Math.random())
    await fails(
      random.collect(),
      'MILLRACE_VERIFY',
      /differ in partition 0: 0\.\d+ the fast way, 0\.\d+ the plain way/,
    )
    const longer = sc.range(0, 3, 1, 1).flatMap(() => (Math.random() < 0.5 ? [1] : []))
    const outcomes = new Set<string>()
    for (let i = 0; i < 20; i++)
      outcomes.add(
        await longer.collect().then(
          () => 'same',
          (e: { code: string }) => e.code,
        ),
      )
    assert.ok(outcomes.has('MILLRACE_VERIFY'))
  }))

test('what is the same is not taken to differ: -0, NaN, dates, records in a circle', () =>
  withContext(async sc => {
    const ring: unknown[] = [1]
    ring.push({ ring })
    const records = [
      -0,
      Number.NaN,
      new Date(5),
      new Map([[1, [undefined]]]),
      new Float64Array([Number.NaN]),
      1n,
      null,
    ]
    exactly(
      await sc
        .parallelize(records, 2)
        .map(x => [x, { x }])
        .values()
        .map(({ x }) => x)
        .collect(),
      records,
    )
    assert.is((await sc.parallelize([ring], 1).collect()).length, 1)
    const counts = sc
      .parallelize(['a b', 'b'])
      .flatMap(l => l.split(' '))
      .map(w => [w, 1])
    exactly(await counts.reduceByKey((a, b) => a + b, 1).collect(), [
      ['a', 1],
      ['b', 2],
    ])
  }))

test('the second run counts nothing and writes nothing', () =>
  withContext(async sc => {
    const sum = sc.accumulator(0)
    const counted = sc.range(5).map(
      x => {
        sum.add(1)
        return x
      },
      { sum },
    )
    exactly([await counted.count(), sum.value], [5, 5])
    await sc.range(5).foreach(() => sum.add(1), { sum })
    assert.is(sum.value, 10)
  }))

test.run()
