import { moduleFunction } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readFunction } from '../../src/functions/user-function.js'
import { fails } from '../support/exactly.js'
import { evaluated, PLACE, reading } from '../support/functions.js'
import { withContext } from '../support/with-context.js'

for (const [name, expression, ...patterns] of [
  ['a class', 'class Point {}', /a class \(class Point \{\}\)/, /moduleFunction/],
  ['a native method', '[].push', /a native function \(function push\(\)/, /x => push\(x\)/],
  ['a bound function', '(function f(x) {}).bind(1)', /a bound function/, /x => f\(x\)/],
  ['a bound arrow function', '((x) => x).bind(1).bind(2)', /a bound function/, /x => f\(x\)/],
  ['a function of a Proxy', 'new Proxy(x => x, {})', /a native function/],
  ['the constructor Function', 'Function', /a native function/],
  [
    'this',
    'function (x) { return this.y + x }',
    /uses `this`/,
    /function \(x\) \{ return this\.y/,
    /\{ name \}/,
  ],
  ['this in an arrow function', 'x => { const f = () => this; return f() }', /uses `this`/],
  ['this in a default', '(x, y = this) => y', /uses `this`/],
  ['this in a method', '({ m(x) { return this.n } }).m', /uses `this`/],
  ['super', '({ m(x) { return super.m(x) } }).m', /uses `super`/],
  ['a private name', '(class { #p = 1; static m(x) { return x.#p } }).m', /a #private name/],
  ['new.target', 'function (x) { return new.target }', /`new\.target`/],
  [
    'an old octal number',
    'new Function("x", "return x + 010")',
    /not valid in strict mode/,
    /Invalid number/,
  ],
  ['with', 'new Function("x", "with (x) { return a }")', /strict mode/, /'with' in strict mode/],
] as [string, string, ...RegExp[]][]) {
  test(`refused: ${name}`, async () => {
    await fails(
      () => reading(expression),
      'MILLRACE_FUNCTION',
      /^MILLRACE_FUNCTION: map at app\.js:12: /,
      ...patterns,
    )
  })
}

for (const text of [
  'x => function () { return this }',
  'x => ({ m() { return this.a }, a: x }).m()',
  'x => new (class { a = this; #b = 1; m() { return this.#b + super.m() } })()',
  'x => { function F() { return this } return F.call(x) }',
]) {
  test(`allowed, since it means something of its own: ${text}`, () => assert.ok(reading(text).node))
}

for (const [name, text, ...patterns] of [
  ['an outside name', 'x => x > limit', /'limit'/, /: x => x > limit\./, /\{ limit \}/],
  ['the first of several', '() => a + b', /'a'/],
  [
    'a module',
    'x => require("fs")',
    /'require'/,
    /moduleFunction\(new URL\('\.\/file\.js', import\.meta\.url\)/,
  ],
  ['the name of a file', '() => __filename', /moduleFunction/],
  ['a name that a bundler made', 'x => import_lodash.map(x)', /compiler or bundler/, /moduleFunction/],
  ["a compiler's helper", 'x => _object_spread({}, x)', /compiler or bundler/],
  ['a helper of TypeScript without a stand-in', 'x => __generator(x)', /raise its target/],
  ['arguments', 'x => arguments[0]', /'arguments'/, /\(\.\.\.items\) =>/],
  ['eval', 'x => eval(x)', /'eval'/],
] as [string, string, ...RegExp[]][]) {
  test(`an error names the outside name and what to do: ${name}`, async () => {
    await fails(() => reading(text), 'MILLRACE_FREE_NAME', ...patterns)
  })
}

test('an outside name is asked for beside those that were handed over', async () => {
  await fails(() => reading('x => x * a + b', { a: 1 }), 'MILLRACE_FREE_NAME', /'b'/, /\{ a, b \}/)
})

test('arguments cannot be handed over', async () => {
  await fails(() => reading('x => arguments[0]', { arguments: [1] }), 'MILLRACE_FREE_NAME', /parameters/)
})

test('names of objects that captures inherit do not count', async () => {
  await fails(() => reading('x => toString(x)', {}), 'MILLRACE_FREE_NAME', /'toString'/)
})

test('a long function is shown in part, on one line', async () => {
  const text = `x => {\n  ${'x += 1;\n  '.repeat(200)}return missing }`
  const { message } = await fails(() => reading(text), 'MILLRACE_FREE_NAME')
  assert.not.match(message, /\n/)
  assert.ok(message.length < 400, `${message.length} characters`)
  assert.match(message, /x => \{ x \+= 1; x \+= 1;.*…/)
})

test('every name of the language and of Node may be used', () => {
  for (const name of [
    'Math',
    'JSON',
    'Buffer',
    'console',
    'process',
    'undefined',
    'NaN',
    'structuredClone',
    'URL',
  ])
    assert.is(reading(`() => ${name}`).captures.size, 0, name)
})

// ---- async and generators

const BY_FORM = {
  plain: ['x => x'],
  iterable: ['function* (x) { yield x }', '({ *m(x) { yield x } }).m'],
  awaited: ['async x => x', 'async function (x) { await x }'],
  any: ['async function* (x) { yield x }'],
} as const

for (const form of ['plain', 'iterable', 'awaited', 'any'] as const) {
  test(`an operator that takes ${form} functions refuses the others`, async () => {
    for (const [kind, texts] of Object.entries(BY_FORM)) {
      for (const text of texts) {
        const read = () => readFunction(evaluated(text), undefined, PLACE, form)
        if (kind === 'plain' || kind === form || form === 'any') read()
        else
          await fails(
            read,
            'MILLRACE_FUNCTION',
            /^MILLRACE_FUNCTION: map at app\.js:12: the function is (async|a generator)/,
            /plain function/,
          )
      }
    }
  })
}

test('operators take promises and iterators only where they do something with them', () =>
  withContext(async sc => {
    const rdd = sc.range(3)
    const pairs = rdd.map(x => [x, x])
    const later = async (x: unknown): Promise<unknown> => x
    function* many(x: unknown): Generator<unknown> {
      yield x
    }
    const refusing: Record<string, (fn: never) => unknown> = {
      map: fn => rdd.map(fn),
      filter: fn => rdd.filter(fn),
      keyBy: fn => rdd.keyBy(fn),
      mapValues: fn => pairs.mapValues(fn),
      reduceByKey: fn => pairs.reduceByKey(fn),
      reduce: fn => rdd.reduce(fn),
      foreach: fn => rdd.foreach(fn),
    }
    for (const [name, call] of Object.entries(refusing)) {
      await fails(
        async () => call(later as never),
        'MILLRACE_FUNCTION',
        new RegExp(`${name} at .*: the function is async`),
      )
      await fails(async () => call(many as never), 'MILLRACE_FUNCTION', /is a generator/)
    }
    for (const call of [rdd.flatMap, pairs.flatMapValues, rdd.mapPartitions])
      await fails(() => call.call(pairs as never, later as never), 'MILLRACE_FUNCTION', /async/)
    await fails(rdd.foreachPartition(many as never), 'MILLRACE_FUNCTION', /generator/)
    assert.equal(await rdd.flatMap(many).collect(), [0, 1, 2])
    assert.equal(
      await rdd
        .mapPartitions(function* (xs) {
          yield* xs
        })
        .collect(),
      [0, 1, 2],
    )
    await rdd.foreachPartition(async xs => void [...xs])
  }))

// ---- modules

test('a module is named by a URL', async () => {
  await fails(
    () => moduleFunction('./score.js', 'score'),
    'MILLRACE_FUNCTION',
    /"\.\/score\.js"/,
    /import\.meta\.url/,
  )
  await fails(() => moduleFunction(undefined as never), 'MILLRACE_FUNCTION', /expected the URL of a module/)
})

test('the stand-in of a module function is not for calling', async () => {
  const score = moduleFunction<(x: number) => number>(new URL('./score.js', import.meta.url), 'score')
  await fails(() => score(1), 'MILLRACE_FUNCTION', /'score'/, /import it/)
})

test.run()
