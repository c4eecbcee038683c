import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { freeNames } from '../../src/functions/free-names.js'
import { parseFunction } from '../../src/functions/syntax.js'

/** The names that a text uses and does not define, in the order of their first use. */
function free(text: string): string {
  const { source, node } = parseFunction(text)!
  const found = freeNames(node)
  for (const { name, start } of found) assert.is(source.slice(start, start + name.length), name)
  return found.map(f => f.name).join(' ')
}

for (const [text, names] of [
  // uses
  ['x => x', ''],
  ['x => y', 'y'],
  ['() => [b, a, b]', 'b a'],
  ['x => x.y.z', ''],
  ['x => x[y]', 'y'],
  ['x => x?.y?.[z]', 'z'],
  ['x => a?.(x)', 'a'],
  ['x => ({ y: x, z, [w]: 1, v() { return u } })', 'z w u'],
  ['x => `${x} ${y} ${`${z}`}`', 'y z'],
  ['x => tag`text ${x}`', 'tag'],
  ['x => typeof y', 'y'],
  ['x => [...y, ...z(x)]', 'y z'],
  ['x => { y = x; z += 1; w++; [v] = x; ({ u } = x) }', 'y z w v u'],
  ['x => new Y(x) instanceof Z', 'Y Z'],
  ['x => async () => await y', 'y'],
  ['function* (x) { yield* y }', 'y'],
  ['x => import(y)', 'y'],
  // parameters
  ['(a, { b, c: d, ...e }, [f, , g = h], ...i) => [a, b, d, e, f, g, i]', 'h'],
  ['(a = b, b) => a', ''],
  ['({ [k]: v }) => v', 'k'],
  ['({ a = b } = c) => a', 'b c'],
  ['function (x) { return arguments[0] + x }', ''],
  ['x => arguments[0]', 'arguments'],
  ['x => function () { return arguments }', ''],
  ['function (x) { return () => arguments }', ''],
  ['function f(x) { return f(x) }', ''],
  ['x => { const g = function h() { return h }; return h }', 'h'],
  // declarations
  ['x => { const y = x; let z = y; return z }', ''],
  ['x => { const { a, b: [c] } = x; return a + c + b }', 'b'],
  ['x => { const [a = b] = x; return a }', 'b'],
  ['x => { { const y = x } return y }', 'y'],
  ['x => { { var y = x } return y }', ''],
  ['x => { if (x) var y = 1; for (var z of x); return y + z }', ''],
  ['x => { f(); function f() { return g } }', 'g'],
  ['x => { { function f() {} } return f }', 'f'],
  ['x => { const f = () => { var y }; return y }', 'y'],
  ['x => { for (let i = 0; i < n; i++) x(i); return i }', 'n i'],
  ['x => { for (const { a } of x) b(a); return a }', 'b a'],
  ['x => { for (k in x) k }', 'k'],
  ['x => { try { y() } catch (e) { return e } return e }', 'y e'],
  ['x => { try { y() } catch ({ a = b, c }) { return [a, c] } }', 'y b'],
  ['x => { try { y() } catch { return z } }', 'y z'],
  ['x => { switch (x) { case a: let b = 1; case c: return b } return b }', 'a c b'],
  ['x => { loop: for (;;) { if (x) break loop; continue loop } }', ''],
  // classes
  ['x => { class A extends B { [k] = v; static s = A; m(p) { return p + q } } return A }', 'B k v q'],
  ['x => class C { static { var y = z; C } n = y }', 'z y'],
  ['x => class { static { let y = z; y } }', 'z'],
  ['x => { const D = class E {}; return [D, E] }', 'E'],
  ['x => new (class { #p = 1; get p() { return this.#p } })()', ''],
  // the way it is spelled
  ['x => { \\u0061 = x }', 'a'],
  ['größe => größe + ñ', 'ñ'],
  ['x /* y */ => x // z', ''],
] as const) {
  test(`${text} has the free names: ${names || 'none'}`, () => {
    if (text.includes('\\u')) assert.is(freeNames(parseFunction(text)!.node)[0]!.name, names)
    else assert.is(free(text), names)
  })
}

test.run()
