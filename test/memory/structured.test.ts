import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { canonicalKey, decodeValue, encodeValue } from '../../src/memory/structured.js'
import { exactly, fails } from '../support/exactly.js'

/** Through the bytes and back, with other bytes around. */
function through(value: unknown): unknown {
  const bytes = encodeValue(value)
  const around = new Uint8Array(new SharedArrayBuffer(bytes.length + 20)).fill(0xff)
  around.set(bytes, 7)
  return decodeValue(around, 7)
}

const deep = (depth: number): unknown => {
  let value: unknown = 'bottom'
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { in: value }
  return value
}
const sparse = [1, 2, 3]
delete sparse[1]
const named = Object.assign([1, 2], { name: 'x' })
const cyclic: unknown[] = [1]
cyclic.push({ cyclic })

/** Values that come back as they were. */
const VALUES: [name: string, value: unknown][] = [
  ['nothing', [undefined, null]],
  ['truth', [true, false]],
  ['whole numbers', [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, -(2 ** 53)]],
  ['other numbers', [-0, 0.5, NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2]],
  ['BigInts', [0n, 1n, -1n, 2n ** 63n, -(2n ** 64n), 10n ** 100n, -(10n ** 100n)]],
  ['texts', ['', 'a', 'é€😀', '\0', '\uFEFFmark', '\uFFFF', 'x'.repeat(33), 'é'.repeat(100_000)]],
  ['lone surrogates', ['\ud800', 'a\udc00b', '\udc00\ud800', `${'x'.repeat(100)}\ud83d`]],
  ['empty containers', [[], {}, new Map(), new Set(), new Uint8Array(0)]],
  ['arrays in arrays', [[[]], [1, [2, [3]]], [undefined, null]]],
  ['a hole', sparse],
  ['only holes', new Array(3)],
  ['an array with a property', named],
  ['a match', /(a)b/.exec('xaby')],
  ['objects', { a: 1, b: { c: [{ d: undefined }] }, '': 0, 'é\ud800': 1 }],
  ['the order of properties', { b: 1, a: 2, 10: 3, 9: 4 }],
  ['__proto__ as a property', JSON.parse('{"__proto__":{"x":1},"y":2}')],
  ['names of Object.prototype', { toString: 1, constructor: 2, hasOwnProperty: 3 }],
  [
    'a map',
    new Map<unknown, unknown>([
      ['a', 1],
      [{ b: 1 }, new Map([[NaN, -0]])],
    ]),
  ],
  ['a set', new Set<unknown>([3, 1, '1', null, undefined, NaN])],
  ['dates', [new Date(0), new Date(-1.5e12), new Date(NaN)]],
  ['expressions', [/a+/giu, /\//]],
  ['boxes', [new Number(-0), new String('x'), new Boolean(false), Object(5n)]],
  ['bytes', Uint8Array.of(0, 1, 255)],
  [
    'typed arrays',
    [Float64Array.of(-0, NaN), Int16Array.of(-1), new BigInt64Array([2n ** 62n]), new Float32Array(0)],
  ],
  ['clamped bytes', Uint8ClampedArray.of(1, 255)],
  ['a view and a buffer', [new DataView(Uint8Array.of(1, 2).buffer), Uint8Array.of(9, 8).buffer]],
  ['errors', [new Error('message', { cause: 1 }), new TypeError('type')]],
  ['100 levels', deep(99)],
  ['120 levels', deep(120)],
  ['a cycle', cyclic],
  ['many items', Array.from({ length: 100_000 }, (_, i) => (i % 3 ? i : `${i}`))],
]
for (const [name, value] of VALUES)
  test(`${name} come back as they were`, () => exactly(through(value), value))

/** What is given up is what a structured clone gives up. */
class Point {
  readonly #hidden = 1
  x = 1
  get sum(): number {
    return this.x + this.#hidden
  }
}
class Items extends Array<number> {}
class Table extends Map<number, number> {}
const CLONES: [name: string, value: unknown, as: unknown][] = [
  ['an instance of a class', new Point(), { x: 1 }],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ['a symbol as a name', { a: 1, [Symbol('s')]: 2 }, { a: 1 }],
  [
    'a property that is hidden',
    Object.defineProperty({ a: 1 }, 'b', { value: 2, enumerable: false }),
    { a: 1 },
  ],
  [
    'a getter',
    {
      get a() {
        return 5
      },
    },
    { a: 5 },
  ],
  ['a Buffer', Buffer.from('ab'), Uint8Array.of(97, 98)],
  ['a class of arrays', new Items(1, 2, 3), [1, 2, 3]],
  ['a class of maps', new Table([[1, 2]]), new Map([[1, 2]])],
  ['another realm’s array', runInNewContext('[1, [2]]'), [1, [2]]],
  ['an instance of a class without anything', new (class Nothing {})(), {}],
  ['another realm’s empty object', runInNewContext('({})'), {}],
  ['another realm’s object', runInNewContext('({ a: { b: 1 } })'), { a: { b: 1 } }],
  ['groups of a match', /(?<first>a)/.exec('a')!.groups, { first: 'a' }],
]
for (const [name, value, as] of CLONES)
  test(`${name} comes back as its data`, () => exactly(through(value), as))

test('what comes back has memory of its own, and only that', () => {
  const given = [Uint8Array.of(1, 2), Int32Array.of(1, 2), new DataView(new ArrayBuffer(2)), sparse] as const
  const typed = Object.assign([...given], { more: [Float64Array.of(1), Buffer.from('ab')] })
  const views = (value: unknown): ArrayBufferView[] => {
    const all = value as typeof typed
    return [...all.slice(0, 3), ...all.more] as ArrayBufferView[]
  }
  const found = views(through(typed))
  views(typed).forEach((view, i) => {
    assert.is(found[i]!.byteLength, view.byteLength)
    assert.is(found[i]!.buffer.byteLength, view.byteLength, 'not a view of something larger')
    assert.is.not(found[i]!.buffer, view.buffer)
  })
  exactly(through(given), given.slice())
  exactly(found[4], Uint8Array.of(97, 98), 'a Buffer anywhere is bytes')
})

test('what is too deep even for V8 is refused', async () => {
  await fails(() => encodeValue(deep(1e6)), 'MILLRACE_VALUE', /call stack/)
  exactly(through('the next one'), 'the next one')
})

test('what is no data is refused, wherever it is, and named', async () => {
  const refused: [value: unknown, named: RegExp][] = [
    [() => 1, /functions do not cross threads/],
    [function twice() {}, /function twice/],
    [Symbol('tag'), /Symbol\(tag\)/],
    [Promise.resolve(1), /Promise.*synchronous/],
    [new WeakMap(), /WeakMap/],
    [new WeakRef({}), /WeakRef/],
    [(function* () {})(), /Generator/],
  ]
  for (const [value, named] of refused) {
    for (const record of [value, [value], { a: [value] }, new Map([[1, value]]), new Set([value])]) {
      await fails(() => encodeValue(record), 'MILLRACE_VALUE', /a record cannot hold/, named)
      await fails(() => canonicalKey(record), 'MILLRACE_VALUE', named)
    }
  }
  const holding: unknown[] = [1, 2, () => 1]
  delete holding[1]
  await fails(() => encodeValue(holding), 'MILLRACE_VALUE', /a record cannot hold/)
  exactly(through('the next one'), 'the next one')
})

test('bytes that are no value are a defect with a name', () =>
  fails(() => decodeValue(Uint8Array.of(200), 0), 'MILLRACE_INTERNAL', /tag 200/).then(() => {}))

test('the result is a view of memory that the next call writes over', () => {
  const first = encodeValue('first')
  const copy = Uint8Array.from(first)
  encodeValue('other')
  assert.not.equal(Uint8Array.from(first), copy)
})

test.run()
