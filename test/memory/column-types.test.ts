import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type BuildOptions, build, holds, withArena } from '../support/columns.js'
import { exactly, fails } from '../support/exactly.js'

const wide = (names: number): object =>
  Object.fromEntries(Array.from({ length: names }, (_, i) => [`p${i}`, i]))
const items = (length: number): number[] => Array.from({ length }, (_, i) => i)
const holed = (length: number): unknown[] => {
  const list: unknown[] = items(length)
  delete list[length - 1]
  return list
}
const proto = JSON.parse('{"__proto__":1,"a":2}') as object
const words = (count: number): string[] => Array.from({ length: count }, (_, i) => `word ${i}`)

/** Records and the type of the narrowest column that holds them exactly. */
const TYPES: [type: string, records: unknown[], options?: BuildOptions][] = [
  // Numbers
  ['i32', [1, 0, -1, 2 ** 31 - 1, -(2 ** 31)]],
  ['f64', [2 ** 31]],
  ['f64', [-(2 ** 31) - 1]],
  ['f64', [-0]],
  ['f64', [0, -0, 0]],
  ['f64', [1, 2, 0.5]],
  ['f64', [NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE]],
  ['f64', [2 ** 53, 2 ** 53 + 2, -(2 ** 53), 1]],
  ['f64?', [1, null, 0.5]],
  // BigInts and booleans
  ['i64', [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]],
  ['any', [2n ** 63n]],
  ['any', [1n, -(2n ** 63n) - 1n]],
  ['any', [1, 1n]],
  ['bool', [true, false]],
  ['any', [true, 1]],
  ['any', [0, false]],
  // Text
  ['utf8', ['', 'a', '\0', 'é€😀', '\uFEFFmark', '\uFFFF', 'x'.repeat(32), 'é'.repeat(33)]],
  ['utf8', ['x'.repeat(200_000), 'é'.repeat(200_000)]],
  ['any', ['\ud800']],
  ['any', ['a', '\udc00']],
  ['any', ['a', `${'x'.repeat(40)}\ud800`]],
  ['any', ['1', 1]],
  ['dict', ['a', 'b', 'a', ''], { dictionaries: true }],
  ['dict?', [null, 'a', null, ''], { dictionaries: true }],
  ['dict?', ['', null], { dictionaries: true }],
  ['dict', [...words(1024), ...words(1024)], { dictionaries: true }],
  ['utf8', words(1500), { dictionaries: true }],
  ['utf8?', [...words(1100), null, ...words(1500)], { dictionaries: true }],
  ['any', ['a', 'b', '\ud800'], { dictionaries: true }],
  ['any', ['a', 1], { dictionaries: true }],
  // Bytes
  ['binary', [Uint8Array.of(), Uint8Array.of(0, 255)]],
  ['binary?', [Uint8Array.of(1), null]],
  ['any', [Uint8Array.of(1), 'a']],
  ['any', [Uint8ClampedArray.of(1)]],
  ['any', [Int8Array.of(1), Float64Array.of(-0)]],
  // Nothing
  ['const<object>', []],
  ['const<object>', [null, null]],
  ['i32?', [null, null, 1]],
  ['bool?', [true, null]],
  ['i64?', [null, 1n]],
  ['utf8?', ['a', null, '']],
  ['any', [undefined]],
  ['any', [null, undefined]],
  ['any', [1, undefined, null]],
  // Arrays: of one length, or lists
  ['tuple(utf8,i32)', [['a', 1]]],
  [
    'tuple(utf8,f64)',
    [
      ['a', 1],
      ['b', 2.5],
    ],
  ],
  [
    'tuple(utf8,any)',
    [
      ['a', 1],
      ['b', 'c'],
    ],
  ],
  [
    'tuple(utf8?,i32?)',
    [
      ['a', null],
      [null, 1],
    ],
  ],
  ['tuple(utf8?,i32?)?', [['a', 1], null]],
  ['tuple(const<object>)', [[null], [null]]],
  ['tuple(any)', [[undefined]]],
  [
    'tuple(dict,i32)',
    [
      ['a', 1],
      ['a', 2],
    ],
    { dictionaries: true },
  ],
  ['tuple(i32,tuple(i32,tuple(i32)))', [[1, [2, [3]]]]],
  [`tuple(${Array(16).fill('i32')})`, [items(16)]],
  ['list<i32>', [items(17)]],
  ['list<i32>', [[1, 2], [3]]],
  ['list<i32>', [[], [1]]],
  ['list<i32>', [[1], []]],
  ['list<const<object>>', [[]]],
  ['list<i32?>?', [[1, 2], [null], null, []]],
  ['list<any>', [[1, 'a'], [2]]],
  ['list<list<f64>>', [[], [[], [1, 0.5]]]],
  ['any', [[1, 2], 'a']],
  ['any', [holed(3)]],
  ['any', [[1, 2, 3], holed(3)]],
  ['any', [[1, 2], [1], holed(3)]],
  ['any', [[], holed(20)]],
  ['any', [new Array(2)]],
  ['any', [/(a)b/.exec('xab')]],
  ['any', [['ab', 'a'], /(a)b/.exec('xab')]],
  // Objects
  ['struct{"a":i32,"b":utf8}', [{ a: 1, b: 'x' }]],
  ['struct{"a":f64}', [{ a: 1 }, { a: -0 }]],
  ['struct{"a":any}', [{ a: 1 }, { a: undefined }]],
  ['struct{"a":i32?}?', [{ a: 1 }, null]],
  ['struct{"1":i32,"":i32,"é":i32}', [{ '': 1, é: 2, 1: 3 }]],
  ['struct{"toString":i32,"constructor":i32}', [{ toString: 1, constructor: 2 }]],
  ['struct{"a":struct{"b":tuple(i32,struct{"c":bool})}}', [{ a: { b: [1, { c: true }] } }]],
  ['struct{"a":list<struct{"b":i32}>}', [{ a: [] }, { a: [{ b: 1 }, { b: 2 }] }]],
  [
    'any',
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
  ],
  ['any', [{ a: 1, b: 2 }, { a: 1 }]],
  ['any', [{ a: 1 }, { a: 1, b: undefined }]],
  ['any', [{ a: 1 }, {}]],
  ['any', [{}]],
  ['any', [{ a: 1 }, [1]]],
  ['any', [[1], { 0: 1 }]],
  ['any', [proto]],
  ['any', [{ a: 1, b: 2 }, proto]],
  [`struct{${items(64).map(i => `"p${i}":i32`)}}`, [wide(64)]],
  ['any', [wide(65)]],
  // What only the structured form holds
  ['any', [new Date(0), new Date(NaN)]],
  ['any', [new Map([[1, { a: -0 }]]), new Set([NaN])]],
  ['any', [/a/g, new Error('x')]],
  ['struct{"at":any}', [{ at: new Date(5) }, { at: new Map() }]],
]

for (const [type, records, options] of TYPES) {
  const shown = JSON.stringify(records, (_, v) => (typeof v === 'bigint' ? `${v}n` : v)).slice(0, 60)
  test(`${type} holds ${shown}`, () =>
    withArena(arena => {
      const column = build(arena, records, options)
      exactly(column.type, type)
      holds(arena, column, records)
    }))
}

test('an object without a prototype, and an instance of a class, come back as plain objects', () =>
  withArena(arena => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 })
    class Point {
      a = 1
    }
    holds(arena, build(arena, [bare, { a: 2 }]), [{ a: 1 }, { a: 2 }])
    exactly(build(arena, [bare]).type, 'struct{"a":i32}')
    holds(arena, build(arena, [{ a: 2 }, new Point()]), [{ a: 2 }, { a: 1 }])
  }))

test('a column of bytes gives copies', () =>
  withArena(arena => {
    const column = build(arena, [Uint8Array.of(1, 2), Buffer.from('ab')])
    const first = column.get(0) as Uint8Array
    first[0] = 9
    exactly([column.get(0), column.get(1)], [Uint8Array.of(1, 2), Uint8Array.of(97, 98)])
    assert.is(first.buffer.byteLength, 2)
  }))

test('what is no data is refused at any depth, and in a column of any type', async () => {
  for (const before of [[], [1], ['a'], [[1, 2]], [[1], [2, 3]], [{ a: 1 }], [null]])
    for (const bad of [Symbol('x'), () => 1, [1, Symbol('x')], { a: () => 1 }])
      await fails(
        () => withArena(arena => build(arena, [...before, bad])),
        'MILLRACE_VALUE',
        /Symbol\(x\)|function/,
      )
})

test.run()
