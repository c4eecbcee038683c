import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { canonicalKey } from '../../src/memory/structured.js'
import { fails } from '../support/exactly.js'

const bytes = (key: unknown): string => Buffer.from(canonicalKey(key)).toString('hex')

const nan = new Float64Array(new BigUint64Array([0xfff8000000000001n]).buffer)[0]!

/** Keys that are one key. */
const SAME: [a: unknown, b: unknown][] = [
  [0, -0],
  [NaN, nan],
  [
    [0, 'a'],
    [-0, 'a'],
  ],
  [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ],
  [{ a: { x: 1, y: [{ p: 1, q: 2 }] } }, { a: { y: [{ q: 2, p: 1 }], x: 1 } }],
  [
    { '\ud800': 1, a: 2 },
    { a: 2, '\ud800': 1 },
  ],
  [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  [new Date(5), new Date(5)],
  [Uint8Array.of(1, 2), Buffer.from([1, 2])],
  [new Map([[1, 2]]), new Map([[1, 2]])],
  ['é', 'e\u0301'.normalize()],
  [10n, BigInt(10)],
]
for (const [a, b] of SAME)
  test(`one key: ${String(bytes(a)).slice(0, 40)}`, () => assert.is(bytes(a), bytes(b)))

test('keys that differ in value, type or shape have different bytes', () => {
  const keys = [
    undefined,
    null,
    false,
    true,
    0,
    1,
    -1,
    0.5,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    NaN,
    Infinity,
    -Infinity,
    5e-324,
    0n,
    1n,
    -1n,
    2n ** 64n,
    '',
    '0',
    '1',
    'a',
    'a\0',
    '\ud800',
    '\udc00',
    '\ufffd',
    'é',
    'e\u0301',
    'null',
    [],
    [[]],
    [undefined],
    [null],
    [1],
    ['1'],
    [1, 2],
    [2, 1],
    [[1], 2],
    [1, [2]],
    ['ab', 'c'],
    ['a', 'bc'],
    {},
    { a: undefined },
    { a: null },
    { a: 1 },
    { b: 1 },
    { a: 1, b: 2 },
    { a: 2, b: 1 },
    { 0: 1 },
    new Map(),
    new Set(),
    new Map([[1, 2]]),
    new Set([1, 2]),
    new Date(0),
    new Date(1),
    new Date(NaN),
    Uint8Array.of(),
    Uint8Array.of(1),
    Int8Array.of(1),
    new Array(1),
  ]
  const seen = new Map<string, number>()
  keys.forEach((key, i) => {
    const form = bytes(key)
    assert.not(seen.has(form), `keys ${seen.get(form)} and ${i} have the same bytes`)
    seen.set(form, i)
  })
})

const nested = (depth: number, flip: boolean): unknown => {
  let key: unknown = 1
  for (let i = 1; i < depth; i++) key = flip ? { b: key, a: i } : { a: i, b: key }
  return key
}

test('the order of properties does not matter at any depth that a key may have', async () => {
  for (const depth of [1, 2, 100]) assert.is(bytes(nested(depth, true)), bytes(nested(depth, false)))
  const cycle: unknown[] = []
  cycle.push(cycle)
  for (const key of [nested(110, true), cycle])
    await fails(
      () => canonicalKey(key),
      'MILLRACE_VALUE',
      /key cannot contain itself or nest deeper than 100/,
    )
})

test.run()
