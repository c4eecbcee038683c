import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Case, Reading } from '../../bench/case.js'
import type { Program } from '../../bench/programs.js'
import { differing, measure, type Result } from '../../bench/rounds.js'
import { sameCheck, slope, spread } from '../../bench/statistics.js'
import { caseTable, figure, table, verdictTable } from '../../bench/table.js'
import { judge, ratios } from '../../bench/targets.js'

const plan: Case = {
  name: 'C',
  title: 'a case',
  figures: {},
  targets: [
    { of: 'N2', atMost: 0.5 },
    { of: 'L', atLeast: 2, atMost: 4 },
    { of: 'ND', atMost: 1 },
    { atMost: 25 },
  ],
}

/** A program that takes these times, one each run. */
function taking(name: string, times: number[], check?: string): Program {
  const left = [...times]
  const reading = (): Reading => ({
    values: { time: left.shift()! },
    ...(check === undefined ? {} : { check }),
  })
  return { figures: [name], run: async () => new Map([[name, reading()]]) }
}

const measured = (programs: Program[], c: Case = plan): Promise<Result> => measure(c, programs, 3, () => {})

test('programs take turns, so that a busy minute disturbs all of them', async () => {
  const order: string[] = []
  const programs = [taking('millrace', [1, 2, 3]), taking('N2', [1, 2, 3])]
  await measure(plan, programs, 3, figure => order.push(figure))
  assert.equal(order, ['C millrace', 'C N2', 'C millrace', 'C N2', 'C millrace', 'C N2'])
})

test('a ratio is taken within its round', async () => {
  // The second round was three times slower for both: neither the ratio nor its median sees it.
  const result = await measured([taking('millrace', [10, 36, 14]), taking('N2', [20, 60, 20])])
  assert.equal(ratios(result, 'N2', 'time'), [0.5, 0.6, 0.7])
})

test('a target is a bound for a ratio or for a value; without a figure it is neither met nor missed', async () => {
  const result = await measured([
    taking('millrace', [30, 30, 20]),
    taking('N2', [50, 60, 60]),
    taking('L', [10, 10, 10]),
  ])
  const verdicts = judge(result)
  assert.equal(
    verdicts.map(v => [v.what, v.wanted, v.met]),
    [
      ['time, millrace / N2', '<= 0.5 x', true],
      ['time, millrace / L', '>= 2, <= 4 x', true],
      ['time, millrace / ND', '<= 1 x', undefined],
      ['time', '<= 25 ms', false],
    ],
  )
  const lines = verdictTable(verdicts).split('\n').slice(2)
  assert.equal(
    lines.map(line => line.split('|').at(-2)!.trim()),
    ['pass', 'pass', 'not measured', 'MISS'],
  )
})

test('just beyond a bound is missed, on either side', async () => {
  const met = async (time: number): Promise<boolean | undefined> => {
    const programs = [taking('millrace', [time, time, time]), taking('L', [10, 10, 10])]
    return judge(await measured(programs))[1]!.met
  }
  assert.equal([await met(19.9), await met(20), await met(40), await met(40.1)], [false, true, true, false])
})

test('a program that fails keeps its row, says why, and is not tried again', async () => {
  let tries = 0
  const broken: Program = {
    figures: ['ND'],
    run: async () => {
      tries++
      throw new Error('no such package')
    },
  }
  const result = await measured([taking('millrace', [1, 1, 1]), broken])
  assert.is(tries, 1)
  const text = caseTable(result)
  assert.match(text, /\| ND +\| +- \| +- \| +- \| failed \|/)
  assert.match(text, /ND failed: no such package/)
})

test('who computed something else is named', async () => {
  const same = [
    taking('millrace', [1, 1, 1], '5:10'),
    taking('N2', [1, 1, 1], '5:10'),
    taking('L', [1, 1, 1]),
  ]
  assert.equal(differing(await measured(same)), [])
  const result = await measured([...same.slice(0, 1), taking('N2', [1, 1, 1], '5:11')])
  assert.equal(differing(result), ['N2'])
  assert.match(caseTable(result), /\| N2 .*DIFFERS \|/)
})

test('checks are compared figure by figure, within the tolerance of the case', () => {
  assert.ok(sameCheck('5:10', '5:10'))
  assert.not.ok(sameCheck('5:10', '5:10.0001'))
  assert.ok(sameCheck('5:10', '5:10.0001', 1e-4))
  assert.not.ok(sameCheck('5:10', '6:10', 1e-4))
  assert.not.ok(sameCheck('5:10', '5', 1e-4))
  assert.not.ok(sameCheck('5:10', '5:many', 1e-4))
})

test('the spread is a share of the median; the slope is that of the best line', () => {
  assert.is(spread([9, 10, 12]), 0.3)
  assert.is(slope([5, 7, 9, 11]), 2)
  assert.is(slope([4, 4, 4]), 0)
})

test('figures have three digits; a table keeps its columns in line', () => {
  assert.equal([1234.5, 123.45, 12.345, 0.012345, 0, Number.NaN].map(figure), [
    '1,235',
    '123',
    '12.3',
    '0.0123',
    '0',
    '-',
  ])
  assert.is(
    table(
      ['', 'ms'],
      [
        ['a', '1.5'],
        ['long', '1,000'],
      ],
    ),
    ['|      |    ms |', '| ---- | ----: |', '| a    |   1.5 |', '| long | 1,000 |'].join('\n'),
  )
})

test.run()
