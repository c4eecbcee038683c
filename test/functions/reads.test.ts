import { test } from 'uvu'
import { UsersFunction } from '../../src/functions/captures.js'
import { type Reads, readsOf, readsOfSteps } from '../../src/functions/reads.js'
import { readFunction } from '../../src/functions/user-function.js'
import { exactly } from '../support/exactly.js'
import { evaluated, reading } from '../support/functions.js'

/** What is looked at in short: `all`, or the fields, with what is looked at of them in brackets where it is not all. */
function text(reads: Reads): string {
  if (reads === true) return 'all'
  const fields = [...reads].map(([name, inner]) => (inner === true ? name : `${name}(${text(inner)})`))
  return fields.join(' ')
}

for (const [source, expected] of [
  ['o => o.a', 'a'],
  ['o => o.a + o.b', 'a b'],
  ['o => o["a b"] + o[1]', 'a b 1'],
  ['o => o?.a', 'a'],
  ['o => o.a.b.c', 'a(b(c))'],
  ['o => o.a.b + o.a.c', 'a(b c)'],
  ['o => o.a + o.a.b', 'a'],
  ['o => o.length', 'length'],
  ['() => 1', ''],
  ['o => 1', ''],
  ['o => o', 'all'],
  ['o => [o.a, o]', 'all'],
  ['o => ({ ...o })', 'all'],
  ['o => ({ a: o.a, b: 1 })', 'a'],
  ['o => ({ o: o.a })', 'a'],
  ['o => ({ [o.a]: o.b })', 'a b'],
  ['o => `${o.a} ${o.b}`', 'a b'],
  ['o => o[o.a]', 'all'],
  ['o => "a" in o', 'all'],
  ['o => Object.keys(o)', 'all'],
  ['o => JSON.stringify(o.a)', 'a'],
  ['o => o.toString()', 'all'],
  ['o => o.a.toString()', 'a'],
  ['o => o.a.b.slice(1).length', 'a(b)'],
  ['o => o?.at(-1)', 'all'],
  ['o => (o.f)(1)', 'all'],
  ['o => o.f`x`', 'all'],
  ['o => o.a`x`.b', 'all'],
  ['o => String(o.a, o.b)', 'a b'],
  ['o => typeof o.a', 'a'],
  ['o => { o.a = 1; return o.b }', 'all'],
  ['o => { o.a.b = 1; return o.a.c }', 'all'],
  ['o => { o.a++; return 1 }', 'all'],
  ['o => { delete o.a; return 1 }', 'all'],
  ['o => { o = { a: 1 }; return o.a }', 'all'],
  ['({ a }) => a', 'a'],
  ['({ a: { b }, c }) => b + c', 'a(b) c'],
  ['({ a = 1 }) => a', 'a'],
  ['({ a } = {}) => a', 'a'],
  ['({ "a b": a, 1: c }) => a + c', 'a b 1'],
  ['({ a, ...rest }) => rest', 'all'],
  ['({ ["a"]: b }) => b', 'a'],
  ['({ [1 + 1]: b }) => b', 'all'],
  ['({ a }) => a.b', 'a(b)'],
  ['({ a }) => 1', 'a()'],
  ['([k, v]) => v', '0() 1'],
  ['([, [time]]) => time', '1(0)'],
  ['([k, ...rest]) => k', 'all'],
  ['([k, { a, b }]) => [k, a]', '0 1(a b())'],
  ['o => { const { a } = o; return a }', 'a'],
  ['o => { const a = o.a; return a.b + a.c }', 'a(b c)'],
  ['o => { const p = o; return p.a }', 'a'],
  ['o => { const p = o; return p }', 'all'],
  ['o => { const f = () => p.b; const p = o; return f() }', 'b'],
  ['o => { let p = o.a; p = 1; return p }', 'a'],
  ['o => { const { a } = o; { const { a } = o.b; return a } }', 'a b(a)'],
  ['o => { for (const x of o.a) return x.b }', 'a'],
  ['o => { for (const x of o) return x }', 'all'],
  ['o => [1, 2].map(i => i + o.a)', 'a'],
  ['o => [1, 2].map(o => o)', 'all'],
  ['o => o.a ? o.b : o.c', 'a b c'],
  ['o => (o.a ? o : null).b', 'all'],
  ['(...args) => args[0]', 'all'],
  ['function (o) { return arguments[0].b }', 'all'],
  ['function (o) { return o.a }', 'a'],
  ['function f(o) { return o.next ? f(o.next) : o.v }', 'next v'],
  ['function* (o) { yield o.a; yield* o.b }', 'a b'],
  ['o => new Date(o.a)', 'a'],
  ['o => new Map(o)', 'all'],
  ['o => (0, o).a', 'all'],
] as const)
  test(`${source} looks at ${expected || 'nothing'}`, () => {
    exactly(text(readsOf(reading(evaluated(source), undefined, 'any'))), expected)
  })

test("what a user's function looks at is what the function around it looks at by way of it", () => {
  const $key = new UsersFunction({ fn: (o: { a: unknown }) => o.a, captures: undefined, location: 'keyBy' })
  const around = readFunction(
    new Function('return ([key, record]) => [$key(record), key]')(),
    { $key },
    'map',
  )
  exactly(text(readsOf(around)), '0 1(a)')
})

test('a chain looks at what its filters, and the first function behind them, look at', () => {
  const step = (kind: string, source: string): { kind: string; reads: Reads } => ({
    kind,
    reads: readsOf(reading(evaluated(source))),
  })
  const filters = [step('filter', 'o => o.a'), step('filter', 'o => o.b.c')]
  exactly(text(readsOfSteps(filters, false)), 'a b(c)')
  exactly(text(readsOfSteps(filters, true)), 'all')
  exactly(
    text(readsOfSteps([...filters, step('map', 'o => o.d'), step('map', 'o => o.e')], true)),
    'a b(c) d',
  )
  exactly(text(readsOfSteps([step('filter', 'o => o'), step('map', 'o => o.d')], true)), 'all')
})

test.run()
