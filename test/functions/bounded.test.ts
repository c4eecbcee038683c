import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { evaluated, reading } from '../support/functions.js'

/** What a function may use: `small`, `words` and so on stand for captured values. */
const CAPTURES = {
  limit: 10,
  word: 'the',
  small: new Map([['a', 1]]),
  large: Array.from({ length: 1000 }, (_, i) => i),
  wide: 'x'.repeat(10_000),
  cyclic: [] as unknown[],
  double: (x: number) => x + x,
  loop: () => {
    for (;;);
  },
  // A capture of a capture is looked up by its name.
  viaDouble: evaluated('x => double(x)'),
}
CAPTURES.cyclic.push(CAPTURES.cyclic)

const bounded = (text: string): boolean => reading(text, CAPTURES, 'any').bounded

for (const text of [
  'x => x + 1',
  'x => { const y = x * 2; return y > 5 ? [y, `${x}`] : [] }',
  '({ user, amount: [a, ...rest] = [] }) => ({ user, a, rest })',
  'x => { if (x.n > limit) throw new RangeError("too large"); return { ...x, ok: true } }',
  'w => w.trim().toLowerCase()',
  'l => l.split(",")[0]',
  'l => l.split(/\\s+/)',
  'l => l.split(word)',
  'l => l.includes("error") && !l.startsWith(word)',
  'l => JSON.parse(l).user?.name',
  'x => Math.sqrt(x.a * x.a + x.b ** 2)',
  'x => Math.PI * x',
  'x => small.get(x) ?? 0',
  'x => double(x) + double(limit)',
  'x => Object.keys(x).join(",")',
  't => new Date(t).getUTCHours()',
  'x => { cov_abc1234567().s[0]++; return x > limit }',
  'function (x) { return x % 3 === 0 }',
]) {
  test(`is over soon: ${text}`, () => {
    assert.is(bounded(text), true)
  })
}

for (const [why, text] of [
  ['a loop', 'x => { for (;;); }'],
  ['a loop', 'x => { while (x) x--; }'],
  ['a loop', 'x => { do {} while (x) }'],
  ['a loop', 'x => { for (const y of x) return y }'],
  ['a loop', 'x => { for (const y in x) return y }'],
  ['a loop in a default', '(x = (() => { for (;;); })()) => x'],
  ['recursion', 'function f(x) { return f(x - 1) + f(x - 2) }'],
  ['recursion of an arrow function', 'x => { const f = n => n < 2 ? n : f(n - 1) + f(n - 2); return f(x) }'],
  ['a function called at once', 'x => (y => y)(x)'],
  ['callbacks in callbacks', 'x => x.map(a => x.map(b => x.map(c => a + b + c)))'],
  ['a captured function with a loop', 'x => loop(x)'],
  ['a captured function that calls others', 'x => viaDouble(x)'],
  ['a captured function as a value', 'x => [double]'],
  ['an unknown function of the record', 'x => x.f()'],
  ['a regular expression', 'x => /(a+)+b/.test(x)'],
  ['a regular expression', 'x => x.replace(/(a+)+b/, "")'],
  ['one that is no simple separator', 'x => x.split(/(a+)+b/)'],
  ['one by its constructor', 'x => new RegExp("(a+)+b").test(x)'],
  ['text made long', 'x => "a".repeat(x)'],
  ['text made long by another spelling', 'x => "a"["repeat"](x)'],
  ['text made long by a computed name', 'x => "a"["re" + "peat"](x)'],
  ['text made long by a method in an object', 'x => ({ get: x.repeat }).get(1e9)'],
  ['text made long by a method taken out', '({ repeat }) => ({ get: repeat }).get(1e9)'],
  ['text made long, doubling', `x => { ${doubling('+')} return a20 }`],
  ['lists made long, doubling', `x => { ${doubling(',', '[...', ']')} return a20 }`],
  ['text in text', 'x => x.a.replaceAll("a", x.b)'],
  ['text in text', 'x => x.items.join(x.separator)'],
  ['text sought in text', 'x => x.a.includes(x.b)'],
  ['much memory', 'x => new Array(x)'],
  ['much memory', 'x => Array(1e9).fill(0)'],
  ['much memory', 'x => Array.from({ length: 1e9 })'],
  ['much memory', 'x => Buffer.alloc(1e10)'],
  ['much memory', 'x => new Uint8Array(1e10)'],
  ['a huge power', 'x => x ** x'],
  ['a huge BigInt', 'x => 10n ** 100000000n'],
  ['a huge BigInt', 'x => 1n << x'],
  ['a large capture', 'x => large.indexOf(x)'],
  ['a large capture', 'x => wide.includes("y")'],
  ['a capture that holds itself', 'x => JSON.stringify(cyclic)'],
  ['code from text', 'x => (() => 1).constructor("for (;;);")()'],
  ['code from text', 'x => new Function(x)()'],
  ['code from text', 'x => x.split.constructor("for (;;);")()'],
  ['the end of the process', 'x => process.exit()'],
  ['the end of the process', 'x => globalThis.process.exit()'],
  ['an error nobody catches', 'x => queueMicrotask(() => { throw x })'],
  ['an error nobody catches', 'x => setTimeout(() => { throw x })'],
  ['an error nobody catches', 'x => Promise.reject(x)'],
  ['a thread put to sleep', 'x => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
  ['a prototype that changes', 'x => { String.prototype.split = x }'],
  ['a prototype that changes', 'x => { x.__proto__.a = 1 }'],
  ['a prototype that changes', 'x => Object.assign(Object.prototype, x)'],
  ['a prototype that changes', 'x => delete Object.prototype.toString'],
  ['an import', 'x => import(x)'],
  ['waiting', 'async x => x'],
  ['a generator', 'function* (x) { yield x }'],
  ['a counter that is none', 'x => { x.n++; return x }'],
  ['a shadowed global', '(Math) => Math.max(1, 2)'],
  ['a local function by the name of a capture', 'x => { if (x) { const double = x } return double(x) }'],
] as const) {
  test(`may take long: ${why}: ${text.slice(0, 60)}`, () => {
    assert.is(bounded(text), false)
  })
}

/** Twenty constants, each twice as long as the one before. */
function doubling(operator: string, open = '', close = ''): string {
  const spread = open === '' ? '' : '...'
  let text = 'const a0 = x;'
  for (let i = 1; i <= 20; i++) text += `const a${i} = ${open}a${i - 1}${operator}${spread}a${i - 1}${close};`
  return text
}

test('built-in functions are over soon but for those that make what their argument says', () => {
  for (const fn of [String, Number, parseFloat, JSON.parse, Math.max, Object.keys])
    assert.is(reading(fn).bounded, true, fn.name)
  for (const fn of [Array.from, String.raw, Object.assign]) assert.is(reading(fn).bounded, false, fn.name)
})

test.run()
