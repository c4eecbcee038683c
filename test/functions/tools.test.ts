import { execFile } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { foldOf } from '../../src/functions/folds.js'
import { meaningOf } from '../../src/functions/meaning.js'
import { exactly, fails } from '../support/exactly.js'
import { carried, constructOf, evaluated, reading } from '../support/functions.js'
import { withDirectory } from '../support/temporary-directory.js'

/** Functions as tools write them: the tool, the text, an argument and the result. */
const WRITTEN: [tool: string, text: string, argument: unknown, result: unknown][] = [
  // esbuild and tsx keep the names of inner functions
  [
    'esbuild',
    'x => { const half = /* @__PURE__ */ __name(y => y / 2, "half"); return [half(x), half.name] }',
    5,
    [2.5, 'half'],
  ],
  ['esbuild', 'x => { function f() { return x } __name(f, "f"); return f() }', 5, 5],
  // Istanbul counts statements, branches and functions
  [
    'Istanbul',
    'x => { cov_1lr8m2n0qk().f[3]++; cov_1lr8m2n0qk().s[7]++; return x > 3 ? (cov_1lr8m2n0qk().b[0][0]++, "large") : (cov_1lr8m2n0qk().b[0][1]++, "small") }',
    5,
    'large',
  ],
  [
    'Istanbul',
    '(x, y = (cov_1lr8m2n0qk().b[0][0]++, 1)) => { cov_1lr8m2n0qk().s[1]++; if (x) { cov_1lr8m2n0qk().b[1][0]++; cov_1lr8m2n0qk().s[2]++; return x + y } else { cov_1lr8m2n0qk().b[1][1]++ } }',
    5,
    6,
  ],
  ['an older Istanbul', "function (x) {__cov_PxR9rZ2a$Q.f['1']++;__cov_PxR9rZ2a$Q.s['2']++;return x;}", 5, 5],
  // TypeScript for older targets
  [
    'TypeScript',
    'function (x) { return __spreadArray(__spreadArray([0], x, true), [9], false) }',
    [1, 2],
    [0, 1, 2, 9],
  ],
  [
    'TypeScript',
    'function (x) { return __assign(__assign({ a: 1 }, x), { c: 3 }) }',
    { b: 2 },
    { a: 1, b: 2, c: 3 },
  ],
  [
    'TypeScript',
    'function (_a) { var k = _a.k, others = __rest(_a, ["k"]); return others }',
    { k: 1, l: 2 },
    { l: 2 },
  ],
  [
    'TypeScript',
    'function (_a) { var _b = __read(_a, 2), a = _b[0], b = _b[1]; return [b, a] }',
    [1, 2, 3],
    [2, 1],
  ],
  [
    'TypeScript',
    'function (x) { var e_1, _a, n = 0; try { for (var x_1 = __values(x), x_1_1 = x_1.next(); !x_1_1.done; x_1_1 = x_1.next()) { n += x_1_1.value } } finally {} return n }',
    [1, 2],
    3,
  ],
  // minifiers
  ['terser', 'x=>x>1?x-1:0', 5, 4],
  ['terser', 'x=>{let e=1;for(let n=0;n<x;n++)e*=2;return e}', 5, 32],
  ['terser', '({a:e,b:[n]=[]})=>void 0===n?e:n', { a: 5 }, 5],
  ['terser', 'e=>!0&&[e,!1]', 5, [5, false]],
  ['terser', 'function(e){return e%2==0?"a":"b"}', 5, 'b'],
  // spellings
  ['a person', 'x => // two\n x * /* times */ 2 // done', 5, 10],
  ['a person', 'x =>\r\n  x\r\n', 5, 5],
  ['a person', '\\u0078 => \\u{78} + "\\u{1f600}"', 5, '5😀'],
  ['a person', 'größe => größe + `\n`', 5, '5\n'],
  ['a person', 'x => "</script><!--" + x', 5, '</script><!--5'],
  ['a person', 'x => "\u2028" + x', 5, '\u20285'],
]

for (const [tool, text, argument, result] of WRITTEN) {
  test(`a function that ${tool} wrote works on another thread: ${text.slice(0, 70)}`, () => {
    exactly(carried(text)(argument), result)
  })
}

test("TypeScript's stand-in for async functions waits, and passes errors on", async () => {
  const captures = {
    later: evaluated(
      'function (x) { return __awaiter(void 0, void 0, void 0, function* () { return (yield x) + 1 }) }',
    ),
    caught: evaluated(
      'x => __awaiter(void 0, void 0, void 0, function* () { try { yield Promise.reject(new Error(x)) } catch (e) { return e.message } })',
    ),
    thrown: evaluated('x => __awaiter(void 0, void 0, void 0, function* () { throw new Error(x) })'),
  }
  const call = carried<(name: string, x: unknown) => Promise<unknown>>(
    '(name, x) => ({ later, caught, thrown })[name](x)',
    captures,
  )
  assert.is(await call('later', Promise.resolve(5)), 6)
  assert.is(await call('caught', 'oh'), 'oh')
  await call('thrown', 'no').then(
    () => assert.unreachable(),
    error => assert.is(error.message, 'no'),
  )
})

test('counters do not hide what a function means', () => {
  const counted = 'w => { cov_1lr8m2n0qk().f[0]++; cov_1lr8m2n0qk().s[0]++; return [w, 1] }'
  exactly(meaningOf(reading(counted)), meaningOf(reading('w => [w, 1]')))
  exactly(
    foldOf(reading('(a, b) => { cov_1lr8m2n0qk().s[0]++; return a + b }')),
    foldOf(reading('(a, b) => a + b')),
  )
})

test('a name that only looks like a counter is an outside name like any other', async () => {
  await fails(() => reading('x => x * cov_xy'), 'MILLRACE_FREE_NAME', /'cov_xy'/)
  await fails(() => reading('x => { cov_x.n++; return x - cov_x.mean }'), 'MILLRACE_FREE_NAME', /'cov_x'/)
  assert.is(carried('x => x * cov_xy', { cov_xy: 3 })(2), 6)
})

test("a capture by the name of a tool's helper is the capture", () => {
  assert.is(carried('x => __name(x)', { __name: (x: number) => -x })(2), -2)
  constructOf(meaningOf(reading('x => __name(x)', { __name: (x: number) => -x })))
})

test('coverage of V8 leaves functions as they are', () =>
  withDirectory(async directory => {
    const program = path.join(directory, 'program.mjs')
    const millrace = new URL('../../src/index.js', import.meta.url).href
    writeFileSync(
      program,
      `import { Context } from '${millrace}'
      const sc = new Context({ threads: 1, memory: '64MiB' })
      const counts = sc.parallelize(['a b a'], 1).flatMap(l => l.split(' ')).map(w => [w, 1]).reduceByKey((a, b) => a + b)
      console.log(JSON.stringify(await counts.filter(p => { for (;;) return p }).collect()))
      await sc.stop()`,
    )
    const env = { ...process.env, NODE_V8_COVERAGE: path.join(directory, 'coverage') }
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env })
    exactly(JSON.parse(stdout), [
      ['a', 2],
      ['b', 1],
    ])
    assert.ok(readdirSync(env.NODE_V8_COVERAGE).length > 0, 'coverage was taken')
  }))

test.run()
