import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { regexSeparator, type Separator, separatorOf } from '../../src/functions/separator.js'
import { type AnyNode, parseFunction } from '../../src/functions/syntax.js'

/** True if a character separates, by what was understood. */
function separates({ table, beyond }: Separator & { kind: 'class' }, character: string): boolean {
  const code = character.codePointAt(0)!
  if (code < 128) return table[code] === 1
  return beyond === 'all' || (beyond === 'space' && /\s/.test(character))
}

/** Every character of ASCII and of the plane of most scripts, and a few beyond. */
const CHARACTERS = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(c =>
  c.isWellFormed(),
)
CHARACTERS.push('\u{1f600}', '\u{10ffff}', '\u{1d7ce}')

for (const regex of [
  / /,
  /,/,
  /-/,
  /\t/,
  /\n/g,
  /\./,
  /\//,
  /\\/,
  /\+/,
  /\|/,
  /\$/,
  /\s/,
  /\s+/,
  /\d/,
  /\w/,
  /\w+/,
  / +/,
  /\++/,
  /\\+/,
  /[ ,;]/,
  /[ ,;]+/,
  /[.$^*+?()[{}|]+/,
  /[a-f0-9]/,
  /[-a]/,
  /[a-]/,
  /[\s,]+/,
  /[\]\\]/,
  /[\t-\r]/,
  /[\d\s]/,
  /\W+/,
  /\D+/,
  /[^a-z]+/,
  /[^\w]+/,
  /[^ ]+/,
  /[\W\d]+/,
  /\s+/u,
  /[^a]+/u,
  / /dgmsu,
]) {
  test(`${regex} separates just where it should`, () => {
    const separator = regexSeparator(regex.source, regex.flags)
    if (separator?.kind !== 'class') throw new Error(`${regex} was not understood`)
    for (const character of CHARACTERS) {
      const expected = character.split(regex).length > 1
      if (separates(separator, character) !== expected)
        assert.unreachable(`U+${character.codePointAt(0)!.toString(16)}: ${expected} was expected`)
    }
    const one = CHARACTERS.find(character => separates(separator, character))!
    assert.is(separator.repeat, `${one}${one}`.split(regex).length === 2, 'a run of separators counts once')
  })
}

for (const regex of [
  /(?:)/,
  /a|b/,
  /(,)/,
  /(?:,)/,
  /,\s*/,
  / {2}/,
  /\s*/,
  /\s?/,
  / {2}/,
  /^/,
  /$/,
  /./,
  /\b/,
  /\B/,
  /[\b]/,
  /\x20/,
  /\u0020/,
  /\u{20}/u,
  /\cA/,
  /\0/,
  /\p{L}/u,
  /\k/,
  /é/,
  /[é]/,
  /[a-é]/,
  /a/i,
  /,/y,
  /\W/, // one character of several bytes at a time
  /[^a]/,
  /\s+?/,
  /[^\s]+/, // white space beyond ASCII does not separate
  /[\s\S]/,
]) {
  test(`${regex} is left to JavaScript`, () => {
    assert.is(regexSeparator(regex.source, regex.flags), undefined)
  })
}

test('sets of the flag v are left to JavaScript', () => {
  assert.is(regexSeparator('[a--b]', 'v'), undefined)
})

test('a separator is a literal text or regular expression, or captured', () => {
  const of = (text: string, captured?: unknown): Separator | undefined => {
    const { body } = parseFunction(`l => l.split(${text})`)!.node as unknown as {
      body: { arguments: AnyNode[] }
    }
    return separatorOf(body.arguments[0]!, new Map([['by', { kind: 'value', value: captured }]]))
  }
  assert.equal(of('" "'), { kind: 'literal', text: ' ' })
  assert.equal(of('"\\u00df--"'), { kind: 'literal', text: 'ß--' })
  assert.equal(of('by', ', '), { kind: 'literal', text: ', ' })
  assert.is(of('/ /')?.kind, 'class')
  assert.is(of('by', / /)?.kind, 'class')
  for (const text of ['""', '1', 'null', 'other', '"\\ud800"', '"a" + "b"', '[" "]', '` `'])
    assert.is(of(text), undefined, text)
  for (const value of ['', '\udc00', 1, null, undefined, [' '], { [Symbol.split]: 1 }])
    assert.is(of('by', value), undefined, String(value))
})

test.run()
