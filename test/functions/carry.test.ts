import { moduleFunction } from 'millrace'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Carried } from '../../src/functions/captures.js'
import { modulesOf, pack, type Surroundings, unpack } from '../../src/functions/carry.js'
import { exactly, fails } from '../support/exactly.js'
import { carried, evaluated, PLACE, reading } from '../support/functions.js'
import { withContext } from '../support/with-context.js'

const nowhere: Surroundings = {
  job: {},
  resolve: () => {
    throw new Error('nothing to resolve')
  },
  module: () => ({}),
}

test('a carried function is data', () => {
  const f = evaluated('x => x % limit')
  const packed = pack(reading('x => f(x) + limit', { f, limit: 10, other: 1 }))
  exactly(structuredClone(packed), packed)
  assert.is(packed.location, PLACE)
  exactly(
    packed.captures.map(([name]) => name),
    ['f', 'limit'],
  )
  assert.is(unpack(structuredClone(packed), nowhere)(25), 15)
})

test('every unpacking has captures of its own', () => {
  const packed = pack(reading('x => { list.push(x); return list.length }', { list: [1] }))
  const [a, b] = [unpack(structuredClone(packed), nowhere), unpack(structuredClone(packed), nowhere)]
  exactly([a(1), a(1), b(1)], [2, 3, 2])
})

test('a carried function runs in strict mode, without an outside but its captures', () => {
  exactly(carried('function () { return (function () { return this })() }')(), undefined)
  const seen = carried<() => string[]>('() => [typeof names, typeof values, typeof fn, typeof here]', {
    names: 1,
    values: undefined,
    fn: null,
    here: '',
  })
  exactly(seen(), ['number', 'undefined', 'object', 'string'])
})

test('built-in functions are carried by their names', () => {
  for (const [fn, argument, result] of [
    [String, 5, '5'],
    [Math.sqrt, 9, 3],
    [JSON.stringify, [1], '[1]'],
    [Number.parseInt, '7 days', 7],
    [Object.entries, { a: 1 }, [['a', 1]]],
    [Boolean, '', false],
    [Date.parse, '1970-01-01', 0],
    [encodeURIComponent, 'a b', 'a%20b'],
  ] as [Function, unknown, unknown][])
    exactly(carried(fn)(argument), result, fn.name)
})

test('an error in a carried function names the place of the operator', () => {
  try {
    carried('x => {\n  throw new Error("oh") }')(1)
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).stack!, /millrace: map at app\.js:12/)
  }
})

test('broadcasts and accumulators are resolved where the function runs', () =>
  withContext(async sc => {
    const table = sc.broadcast({ a: 1 })
    const count = sc.accumulator(5)
    const asked: Carried[] = []
    const fn = unpack(pack(reading('() => [table, count]', { table, count })), {
      ...nowhere,
      resolve: carriedValue => {
        asked.push(carriedValue)
        return carriedValue.kind
      },
    })
    exactly(fn(), ['broadcast', 'accumulator'])
    exactly(
      asked.map(({ kind, id }) => [kind, id]),
      [
        ['broadcast', table.id],
        ['accumulator', count.id],
      ],
    )
  }))

// ---- modules

const HREF = 'file:///app/score.js'
const score = moduleFunction<(x: number) => number>(HREF, 'score')

test('a module function is found among the exports of its module', () => {
  const here: Surroundings = { ...nowhere, module: href => ({ score: (x: number) => `${href} ${x}` }) }
  assert.is(unpack(pack(reading(score)), here)(1), `${HREF} 1`)
  assert.is(unpack(pack(reading('x => score(x)', { score })), here)(2), `${HREF} 2`)
})

test('a module without the function is told by name', () =>
  void fails(
    () => unpack(pack(reading(score)), { ...nowhere, module: () => ({ score: 5 }) }),
    'MILLRACE_FUNCTION',
    /map at app\.js:12/,
    /file:\/\/\/app\/score\.js has no exported function 'score'/,
  ))

test('the modules of a function are known before it runs, those of its captures included', () => {
  const other = moduleFunction('file:///app/other.js')
  const inner = evaluated('x => other(x)')
  exactly(modulesOf(pack(reading(score))), [HREF])
  exactly(modulesOf(pack(reading('x => score(inner(x))', { score, inner, other }))), [
    HREF,
    'file:///app/other.js',
  ])
  exactly(modulesOf(pack(reading('x => x'))), [])
})

test('a module function may use imports and constants of its own, on the workers', () =>
  withContext(async sc => {
    const path = moduleFunction<(x: string) => string>('node:path', 'basename')
    exactly(await sc.parallelize(['/a/b', '/c']).map(path).collect(), ['b', 'c'])
    exactly(
      await sc
        .parallelize(['/a/b'])
        .map(x => [path(x)], { path })
        .collect(),
      [['b']],
    )
    await fails(
      sc.parallelize([1]).map(moduleFunction('node:path', 'nothing')).collect(),
      'MILLRACE_FUNCTION',
      /no exported function 'nothing'/,
    )
    const missing = new URL('./missing.js', import.meta.url)
    await fails(
      sc.parallelize([1]).map(moduleFunction(missing, 'f')).collect(),
      'MILLRACE_FUNCTION',
      /missing\.js/,
    )
  }))

test.run()
