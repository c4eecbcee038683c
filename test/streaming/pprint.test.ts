import type { DStream, Duration } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { block, until } from '../support/golden.js'
import { printed } from '../support/stdout.js'
import { withStreaming } from '../support/with-streaming.js'

interface Setting<T> {
  /** When the context starts. */
  start?: string
  batch?: Duration
  output?: (stream: DStream<T>) => void
}

/** What is printed for batches, one after the other. */
function output<T>(
  batches: T[][],
  { start = '2026-11-22 23:29:54', batch = '1s', output = s => s.pprint() }: Setting<T> = {},
): Promise<string> {
  return withStreaming(
    async ({ ssc, clock }) => {
      await clock.advance(until(start))
      output(ssc.queueStream(batches))
      await ssc.start()
      return printed(async () => {
        for (const _ of batches) await clock.advance(batch)
      })
    },
    { batch },
  )
}

const ring: { list: unknown[]; self?: unknown } = { list: [1, 2] }
ring.self = ring
ring.list.push(ring.list)

/** The blocks of the captures, where JavaScript has the same values: [title, records, printed lines]. */
const BLOCKS: [title: string, records: unknown[], lines: string[]][] = [
  ['whole numbers', [1, -2, 0, 12345678901234567890n], ['1', '-2', '0', '12345678901234567890']],
  [
    'strings',
    ['hello', '', 'with space', "quote's", 'dq"', 'tab\there', 'new\nline', 'café \u2603 \u{1F600}', '\\'],
    ['hello', '', 'with space', "quote's", 'dq"', 'tab\there', 'new', 'line', 'café ☃ 😀', '\\'],
  ],
  [
    'tuples',
    [
      ['a', 1],
      ['b', 2.5],
      ["it's", null],
      ['x', ['y', true]],
      ['say "hi" it\'s', 1],
      ['new\nline', '\t\\\x00\x7f\xa0\u2603'],
    ],
    [
      "('a', 1)",
      "('b', 2.5)",
      '("it\'s", None)',
      "('x', ('y', True))",
      `('say "hi" it\\'s', 1)`,
      "('new\\nline', '\\t\\\\\\x00\\x7f\\xa0☃')",
    ],
  ],
  ['null and undefined', [null, undefined], ['None', 'None']],
  ['booleans', [true, false], ['True', 'False']],
  [
    'nested lists',
    [[1, [2, 3, ['x']], []], [], [['k', [1, 2, 3]], null, true], [1.5, '1']],
    ["[1, [2, 3, ['x']], []]", '[]', "[('k', [1, 2, 3]), None, True]", "(1.5, '1')"],
  ],
  [
    'dicts',
    [
      { a: 1, b: [1, 2, 3] },
      {},
      new Map<unknown, unknown>([
        [1, 'x'],
        [null, true],
        [[1, 2], { n: 0.5 }],
      ]),
    ],
    ["{'a': 1, 'b': [1, 2, 3]}", '{}', "{1: 'x', None: True, (1, 2): {'n': 0.5}}"],
  ],
  [
    'sets and bytes',
    [new Set([1]), new Set(), new Uint8Array([0x61, 0x62, 0, 0x27]), new Uint8Array([0x22, 0x27, 0xe9])],
    ['{1}', 'set()', 'b"ab\\x00\'"', `b'"\\'\\xe9'`],
  ],
  [
    'numbers, as JavaScript writes them',
    [0.1, 0.1 + 0.2, 1e16, 1e21, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53],
    [
      '0.1',
      '0.30000000000000004',
      '10000000000000000',
      '1e+21',
      '1e-7',
      'NaN',
      'Infinity',
      '9007199254740992',
    ],
  ],
  [
    'pairs with lists',
    [
      ['a', [1, 2, 3]],
      ['b', []],
    ],
    ["('a', [1, 2, 3])", "('b', [])"],
  ],
  ['typed arrays', [new Float64Array([1, 2.5, 3])], ['[1, 2.5, 3]']],
  [
    'what holds itself, and the same twice',
    [ring, [ring.list, ring.list, 1]],
    ["{'list': [1, 2, [...]], 'self': {...}}", '[[1, 2, [...]], [1, 2, [...]], 1]'],
  ],
  ['no date', [[new Date(Number.NaN), new Date(0), 1]], ['[Invalid Date, 1970-01-01T00:00:00.000Z, 1]']],
  [
    'text that cannot be printed, within a record',
    [['\u200b\u2028\ud800', '\u{10ffff}\x85']],
    ["('\\u200b\\u2028\\ud800', '\\U0010ffff\\x85')"],
  ],
]

test('records of every kind print as Python prints the like', async () => {
  const text = await output(BLOCKS.map(([, records]) => records))
  let from = 0
  for (const [i, [title, , lines]] of BLOCKS.entries()) {
    const expected = block(
      `2026-11-22 23:${29 + Math.floor((55 + i) / 60)}:${`${(55 + i) % 60}`.padStart(2, '0')}`,
      ...lines,
    )
    assert.is(text.slice(from, from + expected.length), expected, title)
    from += expected.length
  }
  assert.is(from, text.length)
})

test('exactly ten records, more than ten, and none', async () => {
  const numbers = (n: number): number[] => [...Array(n).keys()]
  const ten = numbers(10).map(String)
  assert.is(
    await output([numbers(10), numbers(11), numbers(25), []], { start: '2026-11-22 23:30:08' }),
    block('2026-11-22 23:30:09', ...ten) +
      block('2026-11-22 23:30:10', ...ten, '...') +
      block('2026-11-22 23:30:11', ...ten, '...') +
      block('2026-11-22 23:30:12'),
  )
})

test('num is how many are shown, over all partitions', async () => {
  const five = [0, 1, 2, 3, 4]
  const first = '2026-11-22 23:29:55'
  assert.is(await output([five], { output: s => s.pprint(3) }), block(first, '0', '1', '2', '...'))
  assert.is(await output([five], { output: s => s.pprint(5) }), block(first, '0', '1', '2', '3', '4'))
  assert.is(await output([[1, 2]], { output: s => s.pprint(0) }), block(first, '...'))
  assert.is(await output([[]], { output: s => s.pprint(0) }), block(first))
  assert.is(
    await output([five], { output: s => s.repartition(7).pprint(1000) }),
    block(first, '0', '1', '2', '3', '4'),
  )
})

test('an empty batch: reduce prints no record, count prints 0', async () => {
  const [reduced, counted] = [
    await output<number>([[]], { output: s => s.reduce((a, b) => a + b).pprint() }),
    await output<number>([[]], { output: s => s.count().pprint() }),
  ]
  assert.is(reduced, block('2026-11-22 23:29:55'))
  assert.is(counted, block('2026-11-22 23:29:55', '0'))
})

test('fractions of a second show as microseconds', async () => {
  assert.is(
    await output([[1], [2], [3]], { start: '2026-11-22 23:30:18', batch: '500ms' }),
    `-------------------------------------------
Time: 2026-11-22 23:30:18.500000
-------------------------------------------
1

-------------------------------------------
Time: 2026-11-22 23:30:19
-------------------------------------------
2

-------------------------------------------
Time: 2026-11-22 23:30:19.500000
-------------------------------------------
3

`,
  )
  assert.is(
    await output([[1], [2]], { start: '2026-11-22 23:30:19.500', batch: '250ms' }),
    block('2026-11-22 23:30:19.750000', '1') + block('2026-11-22 23:30:20', '2'),
  )
})

test('several outputs print in the order in which they were declared, within each batch', async () => {
  const [first, second] = ['2026-11-22 23:29:55', '2026-11-22 23:29:56']
  assert.is(
    await output([[1], [2]], {
      output(stream) {
        stream.map(x => x * 10).pprint()
        stream.pprint()
      },
    }),
    block(first, '10') + block(first, '1') + block(second, '20') + block(second, '2'),
  )
})

test("print shows the same block with values as Node's console shows them", async () => {
  const records = ['bare', ['a', 1], { a: [1, { b: null }] }, null, -0, 3n, new Map([[1, 2]])]
  assert.is(
    await output([[...records, 'x', 'y', 'z', 'over']], { output: s => s.print() }),
    block(
      '2026-11-22 23:29:55',
      'bare',
      "[ 'a', 1 ]",
      '{ a: [ 1, { b: null } ] }',
      'null',
      '-0',
      '3n',
      'Map(1) { 1 => 2 }',
      'x',
      'y',
      'z',
      '...',
    ),
  )
  assert.is(await output([[1, 2]], { output: s => s.print(1) }), block('2026-11-22 23:29:55', '1', '...'))
})

test.run()
