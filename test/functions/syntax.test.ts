import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { children, contains, parseFunction } from '../../src/functions/syntax.js'
import { evaluated } from '../support/functions.js'

/** A function that the text of an expression makes, and what it gives for 5 when it is read and evaluated again. */
const SPELLINGS: [name: string, expression: string, result?: unknown][] = [
  ['an arrow function', 'x => x + 1'],
  ['one with a body', '(x) => { return x + 1 }'],
  ['one with a comment', 'x /* the record */ => // more\n x + 1'],
  ['one of a pattern', '({ length = 5 }) => length + 1'],
  ['one that gives an object', 'x => ({ x }).x + 1'],
  ['a function expression', 'function (x) { return x + 1 }'],
  ['a named one', 'function plus(x) { return x > 100 ? plus(0) : x + 1 }'],
  ['a function declaration', '(() => { function plus(x) { return x + 1 }; return plus })()'],
  ['new Function', 'new Function("x", "return x + 1")'],
  ['a method', '({ plus(x) { return x + 1 } }).plus'],
  ['a method with a name that is a keyword', '({ function(x) { return x + 1 } }).function'],
  ['a method by the name of static', '({ static (x) { return x + 1 } }).static'],
  ['a method by the name of async', '({ async(x) { return x + 1 } }).async'],
  ['a method by the name of get', '({ get(x) { return x + 1 } }).get'],
  ['a method by a text', '({ "the next"(x) { return x + 1 } })["the next"]'],
  ['a method by a number', '({ 7(x) { return x + 1 } })[7]'],
  ['a computed method', '({ ["pl" + "us"](x) { return x + 1 } }).plus'],
  ['a method by a symbol', '({ [Symbol.toPrimitive](x) { return x + 1 } })[Symbol.toPrimitive]'],
  ['a method of a class', 'new (class { plus(x) { return x + 1 } })().plus'],
  ['a static method', '(class { static plus(x) { return x + 1 } }).plus'],
  ['a static computed method', '(class { static ["plus"](x) { return x + 1 } }).plus'],
  ['a private method', 'new (class { #plus(x) { return x + 1 } get plus() { return this.#plus } })().plus'],
  ['a method by the name of constructor', '({ constructor(x) { return x + 1 } }).constructor'],
  ['a field of a class', 'new (class { plus = x => x + 1 })().plus'],
  ['a getter', 'Object.getOwnPropertyDescriptor({ get six() { return 6 } }, "six").get'],
  ['a static getter', 'Object.getOwnPropertyDescriptor(class { static get six() { return 6 } }, "six").get'],
  ['a setter', 'Object.getOwnPropertyDescriptor({ set x(v) { return v + 1 } }, "x").set'],
  ['an async arrow function', 'async x => x + 1', Promise],
  ['an async function', 'async function (x) { return await x + 1 }', Promise],
  ['an async method', '({ async plus(x) { return x + 1 } }).plus', Promise],
  ['a static async method', '(class { static async plus(x) { return x + 1 } }).plus', Promise],
  ['a generator', 'function* (x) { yield x + 1 }', 'iterator'],
  ['a generator method', '({ *plus(x) { yield x + 1 } }).plus', 'iterator'],
  ['an async generator method', '({ async *plus(x) { yield x + 1 } }).plus', 'async iterator'],
]

for (const [name, expression, result = 6] of SPELLINGS) {
  test(`${name} becomes text that evaluates to the same function`, async () => {
    const text = Function.prototype.toString.call(evaluated(expression))
    const parsed = parseFunction(text)
    assert.ok(parsed, `not read: ${text}`)
    const { source, node } = parsed
    assert.is(source.slice(node.start, node.end).trim(), source.trim(), 'the tree is of the text')
    const copy = evaluated<(x: unknown) => unknown>(source)
    const made = copy(5)
    if (result === Promise) {
      assert.instance(made, Promise)
      assert.is(await made, 6)
    } else if (result === 'iterator') {
      assert.equal([...(made as Iterable<unknown>)], [6])
    } else if (result === 'async iterator') {
      assert.equal(await (made as AsyncGenerator).next(), { value: 6, done: false })
    } else {
      assert.is(made, result)
    }
  })
}

test('what is no function is not read', () => {
  for (const text of [
    'class A {}',
    'class extends Object {}',
    'function () { [native code] }',
    'function max() { [native code] }',
    '5',
    '{ a: 1 }',
    'x => x; y => y',
    '',
  ]) {
    assert.is(parseFunction(text), undefined, text)
  }
})

test('places in the tree are places in the text, for methods as well', () => {
  const { source, node } = parseFunction('static  async plus ( x , y ) { return x + y }')!
  assert.is(source, 'async function ( x , y ) { return x + y }')
  assert.equal(
    node.params.map(p => source.slice(p.start, p.end)),
    ['x', 'y'],
  )
  assert.is(source.slice(node.body.start, node.body.end), '{ return x + y }')
})

test('the nodes below a node come in the order of the text', () => {
  const { source, node } = parseFunction('(a, [b], { c = d }) => a(b, ...c)`${d}` ?? e')!
  const leaves: string[] = []
  const visit = (n: Parameters<typeof children>[0]): void => {
    const below = children(n)
    if (below.length === 0) leaves.push(source.slice(n.start, n.end))
    below.forEach(visit)
  }
  visit(node)
  // A shorthand property has its name twice: as key and as value.
  assert.equal(
    leaves.filter((leaf, i) => leaf !== '' && leaf !== leaves[i - 1]).join(' '),
    'a b c d a b c d e',
  )
})

test('a search below a node leaves out what it is told to', () => {
  const { node } = parseFunction('x => function () { return this }')!
  const isThis = (n: { type: string }): boolean => n.type === 'ThisExpression'
  assert.ok(contains(node, isThis))
  assert.not(contains(node, isThis, n => n.type === 'FunctionExpression'))
})

test.run()
