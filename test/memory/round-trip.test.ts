import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { appended, build, holds, rowsOf, withArena } from '../support/columns.js'
import { exactly } from '../support/exactly.js'
import { Seeded } from '../support/seeded.js'

type Make = (random: Seeded) => unknown

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  NaN,
  Infinity,
  -Infinity,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  5e-324,
]
const TEXTS = ['', 'a', 'é€', '😀', '\0', '\uFEFF', 'x'.repeat(40), 'é'.repeat(40)]
const BIGINTS = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]

/** A type of records at random, as a function that makes them. */
function someType(random: Seeded, depth: number): Make {
  const simple: Make[] = [
    r => r.below(100) - 50,
    r => r.pick([2 ** 31 - 1, -(2 ** 31), 0]),
    r => r.pick(NUMBERS),
    r => r.next() * 1e10,
    r => r.pick(TEXTS),
    r => `${r.below(1e9)}`,
    r => r.chance(0.5),
    r => r.pick(BIGINTS),
    r => Uint8Array.from({ length: r.below(5) }, () => r.below(256)),
    r => r.pick([new Date(7), undefined, null, new Map([[1, -0]]), '\ud800', 2n ** 70n]),
  ]
  if (depth === 0 || random.chance(0.3)) return random.pick(simple)
  const child = (): Make => someType(random, depth - 1)
  const children = Array.from({ length: 1 + random.below(4) }, child)
  const names = random.many(children.length, ['a', 'b', '', '7', '10', 'é', 'toString', 'x y'])
  const nullable = child()
  return random.pick<Make>([
    r => children.map(make => make(r)),
    r => Object.fromEntries(children.map((make, k) => [names[k]!, make(r)])),
    r => Array.from({ length: r.below(r.chance(0.1) ? 40 : 4) }, () => children[0]!(r)),
    r => (r.chance(0.2) ? null : nullable(r)),
  ])
}

/** Records of one type, and with `strange` some of another in between: the types of real records are not pure. */
function someRecords(random: Seeded): unknown[] {
  const make = someType(random, 3)
  const strange = someType(random, 2)
  const chance = random.pick([0, 0, 0.01, 0.3])
  const length = random.pick([0, 1, 2, 3, 63, 64, 65, 130, 300])
  return Array.from({ length }, () => (random.chance(chance) ? strange : make)(random))
}

for (let seed = 1; seed <= 8; seed++) {
  test(`random records, nested and mixed, come back as they were: ${seed}`, () => {
    const random = new Seeded(seed)
    for (let round = 0; round < 12; round++) {
      const records = someRecords(random)
      const options = { expected: random.pick([0, records.length, 1000]), dictionaries: random.chance(0.5) }
      withArena(arena =>
        holds(arena, build(arena, records, options), records, `seed ${seed}, round ${round}:`),
      )
    }
  })
}

/** A value of each kind of column for each row. */
const KINDS: [kind: string, at: (row: number) => unknown][] = [
  ['i32', i => i * 7 - 1000],
  ['f64', i => i / 3 - 50],
  ['i64', i => BigInt(i) * 10n ** 15n],
  ['bool', i => i % 3 === 0],
  ['utf8', i => 'é'.repeat(i % 70) + i],
  ['dict', i => `word ${i % 10}`],
  ['binary', i => Uint8Array.from({ length: i % 30 }, () => i)],
  ['any', i => (i % 2 ? new Date(i) : undefined)],
  ['list', i => Array.from({ length: i % 5 }, (_, k) => (k % 2 ? null : i + k))],
  ['tuple', i => [i, `${i}`, [i % 2 ? null : i]]],
  ['struct', i => ({ a: i, b: { c: i % 3 ? `${i}` : null } })],
]
for (const [kind, at] of KINDS) {
  test(`a column of ${kind} grows, with nulls wherever the room ends`, () => {
    for (const nulls of [[], [0], [63], [64], [65], [0, 1, 62, 63, 64, 127, 128, 129, 299], [299]]) {
      const records = Array.from({ length: 300 }, (_, i) => (nulls.includes(i) ? null : at(i)))
      withArena(arena => {
        const column = build(arena, records, { dictionaries: kind === 'dict' })
        assert.is(column.kind, kind)
        // Structured bytes hold null like any other value.
        assert.is(column.valid !== undefined, nulls.length > 0 && kind !== 'any')
        holds(arena, column, records, `nulls at ${nulls}:`)
      })
    }
  })
}

test('a type widens at any row, and what came before stays as it was', () => {
  for (const at of [1, 63, 64, 65, 200]) {
    for (const [first, then] of [
      [7, 0.5],
      [7, -0],
      [7, 'text'],
      [0.5, 1n],
      ['text', '\udfff'],
      [[1, 2], [3]],
      [
        [1, 2],
        ['a', 2],
      ],
      [[1, 2], 'text'],
      [{ a: 1 }, { a: 1, b: 2 }],
      [
        { a: 1, b: [1, 2] },
        { a: 0.5, b: [3] },
      ],
    ]) {
      const records = Array.from({ length: 210 }, (_, i) => (i === at ? then : i % 50 === 3 ? null : first))
      withArena(arena => {
        holds(arena, build(arena, records), records)
        holds(arena, build(arena, records, { dictionaries: true }), records)
      })
    }
  }
})

test('columns of different types are copied into one that holds both', () => {
  const parts: unknown[][] = [
    [1, 2],
    [0.5],
    [null, null],
    ['a'],
    [[1, 2]],
    [[3]],
    [{ a: 1 }],
    [2n],
    [undefined],
    [],
  ]
  const random = new Seeded(99)
  for (let round = 0; round < 100; round++) {
    const chosen = random.many(1 + random.below(4), parts)
    withArena(arena => {
      const columns = chosen.map(part => build(arena, part))
      const rows = chosen.flat()
      const all = columns.reduce<unknown[]>((list, column) => list.concat(rowsOf(column)), [])
      exactly(all, rows)
      for (const startLike of [true, false]) exactly(rowsOf(appended(arena, columns, startLike)), rows)
    })
  }
})

test.run()
