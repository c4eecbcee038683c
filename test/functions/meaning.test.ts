import { test } from 'uvu'
import { conditionOf, type Meaning, meaningOf } from '../../src/functions/meaning.js'
import { exactly } from '../support/exactly.js'
import { constructOf, reading } from '../support/functions.js'

const CAPTURES = {
  limit: 10,
  name: 'the',
  yes: true,
  none: null,
  nan: Number.NaN,
  big: 1n,
  list: [1],
  sep: /\s+/,
  cov_1a2b3c4d5e: 1,
}

/** A meaning in short: x for the record, quotes for texts. */
function text(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'input':
      return 'x'
    case 'const':
      return Object.is(meaning.value, -0) ? '-0' : `${JSON.stringify(meaning.value) ?? meaning.value}`
    case 'field':
      return `${text(meaning.of)}.${meaning.name}`
    case 'tuple':
      return `[${meaning.items.map(text).join(' ')}]`
    case 'record':
      return `{${meaning.items.map((item, k) => `${meaning.names[k]}=${text(item)}`).join(' ')}}`
    case 'split':
      return `split(${text(meaning.text)} ${meaning.by.kind === 'literal' ? JSON.stringify(meaning.by.text) : 'class'})`
    case 'nonEmpty':
      return `nonEmpty(${text(meaning.text)})`
    case 'checked':
      return meaning.as // of no function
  }
}

for (const [source, meant] of [
  ['x => x', 'x'],
  ['(x) => { return x }', 'x'],
  ['function (x) { return x }', 'x'],
  ['x => 1', '1'],
  ['x => -1.5', '-1.5'],
  ['x => -0', '-0'],
  ['x => "a"', '"a"'],
  ['x => `a`', '"a"'],
  ['x => null', 'null'],
  ['x => true', 'true'],
  ['x => [limit, name, yes, none]', '[10 "the" true null]'],
  ['x => x.a', 'x.a'],
  ['x => x["a b"]', 'x.a b'],
  ['x => x[0]', 'x.0'],
  ['x => x.a[1].b', 'x.a.1.b'],
  ['w => [w, 1]', '[x 1]'],
  ['(w) => { const one = 1; return [w, one]; }', '[x 1]'],
  ['x => ({ w: x, n: [1, x.y] })', '{w=x n=[1 x.y]}'],
  ['w => ({ w })', '{w=x}'],
  ['x => ({ "a b": x })', '{a b=x}'],
  ['([a, b]) => [b, a]', '[x.1 x.0]'],
  ['([, b]) => b', 'x.1'],
  ['({ user, amount: n }) => [user, n]', '[x.user x.amount]'],
  ['([k, { v: [a] }]) => [k, a]', '[x.0 x.1.v.0]'],
  ['({ length }) => [length]', '[x.length]'],
  ['x => { const { a, b } = x.c; const [d] = a; return [d, b] }', '[x.c.a.0 x.c.b]'],
  ['x => { const a = x.f, b = a; return b }', 'x.f'],
  ['x => { const p = [x.a, 1]; return p[0] }', '[x.a 1].0'],
  ['l => l.split(" ")', 'split(x " ")'],
  ['l => l.split(name)', 'split(x "the")'],
  ['l => l.split(/[ ,]+/)', 'split(x class)'],
  ['l => l.split(sep)', 'split(x class)'],
  ['({ line }) => line.split("--")', 'split(x.line "--")'],
  ['l => { const words = l.split(" "); return words }', 'split(x " ")'],
  // what tools leave
  ['w => { cov_1a2b3c4d5f().f[0]++; cov_1a2b3c4d5f().s[0]++; return [w, 1] }', '[x 1]'],
  ['w => (cov_1a2b3c4d5f().f[0]++, cov_1a2b3c4d5f().s[0]++, [w, 1])', '[x 1]'],
  ['w => [(cov_1a2b3c4d5f().s[0]++, w), 1]', '[x 1]'],
  ['w=>[w,1]', '[x 1]'],
  ['w /* word */ => // pair\n [ w , 1 ]', '[x 1]'],
  ['\\u0077 => [\\u0077, "\\u0061"]', '[x "a"]'],
] as const) {
  test(`${source} means ${meant}`, () => {
    const meaning = meaningOf(reading(source, CAPTURES))
    if ('construct' in meaning) exactly(meaning.construct, undefined, 'not understood because of')
    else exactly(text(meaning), meant)
  })
}

for (const [source, because] of [
  // more than is known
  ['x => x + 1', 'x + 1'],
  ['x => [x, x * 2]', 'x * 2'],
  ['x => f(x)', 'f(x)'],
  ['x => x.trim()', 'x.trim()'],
  ['x => x.length', 'x.length'],
  ['x => x[x]', 'x[x]'],
  ['x => x[-1]', 'x[-1]'],
  ['x => x[0.5]', 'x[0.5]'],
  ['x => x?.a', 'x?.a'],
  ['x => [...x]', '[...x]'],
  ['x => [x, , 1]', '[x, , 1]'],
  ['x => ({ ...x })', '{ ...x }'],
  ['x => ({ [x]: 1 })', '{ [x]: 1 }'],
  ['x => ({ get a() { return x } })', '{ get a() { return x } }'],
  ['x => ({ a() { return x } })', '{ a() { return x } }'],
  ['x => ({})', '{}'],
  ['x => undefined', 'undefined'],
  ['x => NaN', 'NaN'],
  ['x => big', 'big'],
  ['x => list', 'list'],
  ['x => 1n', '1n'],
  ['x => /a/', '/a/'],
  ['x => `a${x}`', '`a${x}`'],
  ['x => +1', '+1'],
  ['x => void x', 'void x'],
  ['x => (y, x)', 'y, x'],
  ['x => (x.a = 1)', 'x.a = 1'],
  ['x => x ? 1 : 2', 'x ? 1 : 2'],
  ['x => l => l', 'l => l'],
  // names that objects treat specially
  ['x => ({ __proto__: x })', '{ __proto__: x }'],
  ['x => x.__proto__', 'x.__proto__'],
  ['x => ({ 1: x, a: x })', '{ 1: x, a: x }'],
  ['x => ({ b: x, "1": x })', '{ b: x, "1": x }'],
  ['x => ({ a: 1, a: x })', '{ a: 1, a: x }'],
  // parameters
  ['(x, i) => [x, i]', 'i'],
  ['(x = 1) => x', 'x = 1'],
  ['([a = 1]) => a', 'a = 1'],
  ['({ a = 1 }) => a', 'a = 1'],
  ['([a, ...b]) => b', '...b'],
  ['({ a, ...b }) => b', '{ a, ...b }'],
  ['({ [limit]: a }) => a', '{ [limit]: a }'],
  ['(...xs) => xs', '...xs'],
  ['function (x) { return [x, arguments] }', 'arguments'],
  ['() => 1 + 1', '1 + 1'],
  // statements
  ['x => { let y = x; return y }', 'let y = x;'],
  ['x => { var y = x; return y }', 'var y = x;'],
  ['x => { x = 1; return x }', 'x = 1;'],
  ['x => { if (x) return 1; return 2 }', 'if (x) return 1;'],
  ['x => { return }', 'return'],
  ['x => {}', '{}'],
  ['x => { x.a++; return x }', 'x.a++;'],
  // what would be left out, though it throws for some records
  ['({ a }) => 1', '{ a }'],
  ['([a, b]) => "pair"', '[a, b]'],
  ['([[a], b]) => b', '[a]'],
  ['([]) => 1', '[]'],
  ['({}) => 1', '{}'],
  ['x => { const y = x.a.b; return 1 }', 'y = x.a.b'],
  ['x => { const y = x.a, z = y; return 1 }', 'z = y'],
  ['x => { const z = [x.a]; return x }', 'z = [x.a]'],
  ['x => { const { a } = x; return x }', '{ a }'],
  ['l => { const words = l.split(" "); return l }', 'words = l.split(" ")'],
  // split with other arguments
  ['l => l.split()', 'l.split()'],
  ['l => l.split(" ", 2)', 'l.split(" ", 2)'],
  ['l => l.split("")', 'l.split("")'],
  ['l => l.split(l)', 'l.split(l)'],
  ['l => l.split(...[" "])', 'l.split(...[" "])'],
  ['l => l?.split(" ")', 'l?.split(" ")'],
  ['l => l.split?.(" ")', 'l.split?.(" ")'],
  ['l => l[name](" ")', 'l[name](" ")'],
  ['l => l.splits(" ")', 'l.splits(" ")'],
  ['l => l.split(/(,)/)', 'l.split(/(,)/)'],
  ['l => l.split("\\ud800")', 'l.split("\\ud800")'],
  // variables that are named like a counter
  ['x => { cov_1a2b3c4d5e++; return [x, cov_1a2b3c4d5e] }', 'x => { cov_1a2b3c4d5e++; return [x, cov…'],
  ['x => { const cov_1a2b3c4d5g = { n: 1 }; cov_1a2b3c4d5g.n++; return cov_1a2b3c4d5g.n }', 'cov_1a2b3c4d5g'],
] as const) {
  test(`${source} is not understood, because of ${because}`, () => {
    exactly(constructOf(meaningOf(reading(source, { ...CAPTURES, f: (x: unknown) => x, y: 1 }))), because)
  })
}

for (const source of [
  'w => w',
  'w => !!w',
  'w => w !== ""',
  'w => w != ""',
  'w => w.length',
  'w => !!w.length',
  'w => w["length"]',
  'w => w.length > 0',
  'w => w.length !== 0',
  'w => w.length != 0',
  'w => w.length >= 1',
  'w => { const v = w; return v }',
  'w => (cov_1a2b3c4d5f().s[0]++, w)',
]) {
  test(`${source} is true for a text that is not empty`, () => {
    exactly(text(conditionOf(reading(source)) as Meaning), 'nonEmpty(x)')
  })
}

for (const [source, meant] of [
  ['([k]) => k', 'nonEmpty(x.0)'],
  ['x => x.name', 'nonEmpty(x.name)'],
  ['x => x.name.length > 0', 'nonEmpty(x.name)'],
  ['({ length }) => length', 'nonEmpty(x.length)'],
  ['x => true', 'true'],
] as const) {
  test(`as a condition ${source} means ${meant}`, () => {
    exactly(text(conditionOf(reading(source)) as Meaning), meant)
  })
}

for (const source of [
  'w => !w',
  'w => w === ""',
  'w => w !== " "',
  'w => "" !== w',
  'w => w.length > 1',
  'w => w.length >= 0',
  'w => w.length < 0',
  'w => w.length > "0"',
  'w => w.size > 0',
  'w => w?.length',
  'w => w.length.length',
  'w => w && w.length',
  'w => w.trim()',
  'w => !!!w',
]) {
  test(`as a condition ${source} is not understood`, () => {
    constructOf(conditionOf(reading(source)))
  })
}

test('of the built-in functions only Boolean is understood', () => {
  exactly(text(conditionOf(reading(Boolean)) as Meaning), 'nonEmpty(x)')
  exactly(constructOf(meaningOf(reading(String))), 'String')
  exactly(constructOf(conditionOf(reading(Number))), 'Number')
})

test.run()
