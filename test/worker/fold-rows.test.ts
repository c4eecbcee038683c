import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exactly, fails } from '../support/exactly.js'
import { withContext } from '../support/with-context.js'

// Folded in the loop that makes the values, from the second chunk of a partition on.
const ROWS = 50_000
const rows = Array.from({ length: ROWS }, (_, i) => i)

test('results of maps and filters are folded in order, each once', () =>
  withContext(async sc => {
    const calls = sc.accumulator(0)
    const roots = sc
      .range(0, ROWS, 1, 1)
      .map(
        x => {
          calls.add(1)
          return Math.sqrt(x)
        },
        { calls },
      )
      .filter(x => Math.trunc(x) % 2 === 0)
    const kept = rows.map(Math.sqrt).filter(x => Math.trunc(x) % 2 === 0)
    exactly(
      await roots.reduce((a, b) => a / 2 + b),
      kept.reduce((a, b) => a / 2 + b),
    )
    assert.is(calls.value, ROWS)
    exactly(
      await roots.reduce((a, b) => a + b),
      kept.reduce((a, b) => a + b),
    )
    exactly(
      await roots.fold(-0, (a, b) => a + b),
      kept.reduce((a, b) => a + b, -0),
    )
  }))

test('a result that is not a number reaches the reducer as a record would', () =>
  withContext(async sc => {
    const late = sc
      .range(0, ROWS, 1, 1)
      .map((x): unknown => (x < 40_000 ? 1 : x === 40_000 ? [x, undefined] : 'x'))
    const values = rows.map((x): unknown => (x < 40_000 ? 1 : x === 40_000 ? [x, undefined] : 'x'))
    const fold = (a: unknown, b: unknown): string => `${typeof a}${JSON.stringify(b)}`
    exactly(await late.reduce((a, b) => `${typeof a}${JSON.stringify(b)}`), values.reduce(fold))
    await fails(
      sc
        .range(0, ROWS, 1, 1)
        .map(x => (x < 40_000 ? x : new WeakMap()) as number)
        .reduce((a, b) => a + b),
      'MILLRACE_VALUE',
      /WeakMap/,
    )
  }))

test('an error names the function that threw and what it was given', () =>
  withContext(async sc => {
    const halves = sc.range(0, ROWS, 1, 1).map(x => Math.abs(x) / 2)
    const inReducer = await fails(
      halves.reduce((a, b) => {
        if (b === 20_000) throw new Error('in the reducer')
        return a + b
      }),
      'MILLRACE_TASK',
      /in the reducer/,
    )
    assert.match(inReducer.message, /20000/)
    await fails(
      sc
        .range(0, ROWS, 1, 1)
        .map(x => {
          if (x === 30_000) throw new Error('in the map')
          return Math.abs(x)
        })
        .reduce((a, b) => a + b),
      'MILLRACE_TASK',
      /in the map/,
      /30000/,
    )
  }))

test.run()
