import { Context, StreamingContext } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Captures, copyCapture } from '../../src/functions/captures.js'
import { exactly, fails } from '../support/exactly.js'
import { carried, evaluated, reading } from '../support/functions.js'
import { withContext } from '../support/with-context.js'

/** The captured value as the function on the other thread sees it. */
const arrived = (value: unknown): unknown => carried('() => value', { value })()

class Point {
  x = 1
  y = 2
}
class Secret {
  #key = 1
  get key(): number {
    return this.#key
  }
}
const cyclic: { self?: unknown; list: unknown[] } = { list: [] }
cyclic.self = cyclic
cyclic.list.push(cyclic.list)
// biome-ignore lint/suspicious/noSparseArray: it is the case
const sparse = [1, , 3]

for (const [name, value] of Object.entries({
  number: 1.5,
  'not a number': Number.NaN,
  'minus zero': -0,
  infinity: Number.NEGATIVE_INFINITY,
  text: 'a\u0000\ud83d\ude00',
  'a lone surrogate': '\ud800',
  'no value': undefined,
  null: null,
  'a big whole number': 2n ** 70n,
  'an array': [1, [2, [-0]]],
  'an array with holes': sparse,
  'an object': { a: { b: [undefined] }, __proto: 1 },
  'an object with an own __proto__': JSON.parse('{ "__proto__": 1 }') as object,
  'a Map': new Map<unknown, unknown>([
    [{ a: 1 }, new Set([1, 'b'])],
    [Number.NaN, -0],
  ]),
  'a Set': new Set([null, 'a']),
  'a Date': new Date(5),
  'an invalid Date': new Date(Number.NaN),
  'a RegExp': /a(?<n>b)/giu,
  'an Error': Object.assign(new RangeError('far'), { stack: 'here' }),
  'typed arrays': [new Float64Array([1, -0]), new Uint8Array([255]), new BigInt64Array([-1n])],
  'a DataView': new DataView(new ArrayBuffer(2)),
  'an ArrayBuffer': new ArrayBuffer(3),
  'boxed values': [Object(1), Object('a')],
  cycles: cyclic,
})) {
  test(`a function finds what it captured: ${name}`, () => exactly(arrived(value), value))
}

test('an instance of a class without methods arrives as its data', () => {
  exactly(arrived(new Point()), { x: 1, y: 2 })
})

test('a captured value is copied when the operator is built', () => {
  const list = [1]
  const fn = carried('() => list', { list })
  list.push(2)
  exactly(fn(), [1])
})

test('what is not used is not looked at', () => {
  const fn = reading('x => x', { x: () => {}, promise: Promise.resolve(), weak: new WeakMap() })
  assert.is(fn.captures.size, 0)
})

test('a parameter and a local name hide a capture', () => {
  assert.is(carried('x => { const y = 2; return x + y }', { x: 100, y: 100 })(1), 3)
})

test('a capture hides a global name', () => {
  assert.is(carried('() => escape("a b")', { escape: (s: string) => s.length })(), 3)
})

// ---- functions

test('captured functions find their own captures', () => {
  const captures: Captures = {
    half: (x: number) => x / 2,
    rounded: evaluated('x => Math.round(half(x)) + shift'),
    shift: 100,
  }
  assert.is(carried('x => rounded(x)', captures)(5), 103)
})

test('captured functions may be of any kind: methods, generators, async, built in', async () => {
  const holder = {
    twice(x: number): number {
      return x * 2
    },
  }
  function* upTo(n: number): Generator<number> {
    for (let i = 0; i < n; i++) yield i
  }
  const later = async (x: number): Promise<number> => x + 1
  const fn = carried<(x: number) => unknown[]>(
    'x => [twice(x), [...upTo(x)], later(x), parse("[1]"), floor(2.5), Text(1)]',
    { twice: holder.twice, upTo, later, parse: JSON.parse, floor: Math.floor, Text: String },
  )
  const results = fn(3)
  results[2] = await results[2]
  exactly(results, [6, [0, 1, 2], 4, [1], 2, '1'])
})

test('a function that captures itself is refused with the way out', async () => {
  const fact = evaluated('n => n < 2 ? 1 : n * fact(n - 1)')
  await fails(() => reading('x => fact(x)', { fact }), 'MILLRACE_CAPTURE', /'fact'/, /function fact\(…\)/)
  const even = evaluated('n => n === 0 || odd(n - 1)')
  const odd = evaluated('n => n !== 0 && even(n - 1)')
  await fails(() => reading('x => even(x)', { even, odd }), 'MILLRACE_CAPTURE', /moduleFunction/)
  // The way out.
  function factorial(n: number): number {
    return n < 2 ? 1 : n * factorial(n - 1)
  }
  assert.is(carried('x => factorial(x)', { factorial })(5), 120)
  // A refusal leaves nothing behind: the same function can be read where its captures are others.
  assert.is(carried('x => even(x)', { even, odd: () => 'odd' })(2), 'odd')
})

test('what a captured function cannot find is told with the way to it', async () => {
  const inner = evaluated('x => x + missing')
  await fails(
    () => reading('x => inner(x)', { inner }),
    'MILLRACE_FREE_NAME',
    /the capture 'inner' of map at app\.js:12/,
    /'missing'/,
    /\{ inner, missing \}/,
  )
})

// ---- what cannot be carried

for (const [name, value, ...patterns] of [
  ['a promise', Promise.resolve(), /#<Promise> could not be cloned/],
  ['a symbol', Symbol('s'), /Symbol\(s\)/],
  ['a function in an object', { f: () => 1 }, /\(\) => 1 could not be cloned/, /one by one/],
  ['a WeakMap', [new WeakMap()], /could not be cloned/],
  ['an instance with methods', new Secret(), /class Secret/, /lose its methods/, /: key\./, /plain data/],
  ['one deep inside', { a: [new Map([[1, new Set([new Secret()])]])] }, /class Secret/],
  ['one as a key', new Map([[new Secret(), 1]]), /class Secret/],
  ['one of a class that extends a class', new (class More extends Secret {})(), /lose its methods/],
  [
    'one of a class that extends Map',
    new (class Bag extends Map {
      sum() {}
    })(),
    /class Bag/,
    /: sum\./,
  ],
  ['a Buffer', Buffer.from('a'), /Uint8Array/, /new Uint8Array\(buffer\)/],
  ['a URL', new URL('http://a'), /class URL/],
  ['an object without a prototype', Object.create(null), /prototype/, /Map/, /\{ \.\.\.object \}/],
] as [string, unknown, ...RegExp[]][]) {
  test(`refused: ${name}`, async () => {
    await fails(
      () => reading('() => value', { value }),
      'MILLRACE_CAPTURE',
      /the capture 'value'/,
      ...patterns,
    )
  })
}

test('a zero value is checked as a capture is', async () => {
  await fails(
    () => copyCapture('the zero value', new Secret()),
    'MILLRACE_CAPTURE',
    /the zero value is or holds/,
  )
})

test('objects of the driver are refused in the words of Spark, however deep they are', () =>
  withContext(async sc => {
    const ssc = new StreamingContext(sc, '1s')
    const rdd = sc.range(3)
    const stream = ssc.queueStream<number>([])
    const refused = (value: unknown, ...patterns: RegExp[]) =>
      fails(
        () => rdd.map(x => [x, value], { value }),
        'MILLRACE_CONTEXT_CAPTURED',
        /the capture 'value' is or holds/,
        ...patterns,
      )
    await refused(rdd, /attempting to broadcast an RDD or reference an RDD from an action/, /SPARK-5063/)
    await refused(
      sc,
      /reference SparkContext from a broadcast variable, action, or transformation/,
      /a Context:/,
    )
    await refused(ssc, /a StreamingContext:/)
    await refused(stream, /Object of DStream is being serialized/, /within the closure/)
    await refused({ a: { b: { c: { d: [rdd] } } } }, /SPARK-5063/)
    await refused([...new Array(500).fill(0), sc], /SPARK-5063/)
    await refused(new Map([[1, new Set([rdd])]]), /SPARK-5063/)
    await refused(Object.assign([], { held: sc }), /SPARK-5063/)
    await fails(() => sc.broadcast([new Map([[rdd, 1]])]), 'MILLRACE_CONTEXT_CAPTURED', /the broadcast value/)
    await fails(() => rdd.map(x => rdd.map(y => x + y)), 'MILLRACE_FREE_NAME', /'rdd'/)
    await ssc.stop({ stopContext: false })
  }))

test('a Context of another copy of the package is known as well', async () => {
  const other = { [Symbol.for('millrace.driver-only')]: 'Context' }
  await fails(() => reading('() => other', { other }), 'MILLRACE_CONTEXT_CAPTURED', /SPARK-5063/)
})

test('broadcasts and accumulators are carried in place of their values', () =>
  withContext(async sc => {
    const names = sc.broadcast(new Map([[1, 'one']]))
    const seen = sc.accumulator(0)
    const named = sc.parallelize([1, 2]).map(
      x => {
        seen.add(1)
        return names.value.get(x) ?? '?'
      },
      { names, seen },
    )
    exactly(await named.collect(), ['one', '?'])
    assert.is(seen.value, 2)
  }))

test('captures that are no object are refused', async () => {
  const sc = new Context({ threads: 1 })
  try {
    await fails(() => sc.range(1).map(x => x, 'limit' as never), 'MILLRACE_OPTION', /\{ name \}/)
    await fails(() => sc.range(1).map(x => x, null as never), 'MILLRACE_OPTION', /the captures of map/)
  } finally {
    await sc.stop()
  }
})

test.run()
