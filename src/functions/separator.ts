import type { AnyNode } from './syntax.js'
import type { Capture } from './user-function.js'

/** How a text is split: at a literal text, or at characters of a class. */
export type Separator =
  | { kind: 'literal'; text: string }
  | {
      kind: 'class'
      /** For each of the 128 ASCII characters, 1 if it separates. */
      table: number[]
      /** Of the characters beyond ASCII, which separate; the BEYOND_… of kernels/layout.ts. */
      beyond: 'none' | 'space' | 'all'
      /** A run of separators counts once. */
      repeat: boolean
    }

/** The separator that an argument of `split` means, if it is a literal text or a simple regular expression. */
export function separatorOf(node: AnyNode, captures: ReadonlyMap<string, Capture>): Separator | undefined {
  const regex = node.regex as { pattern: string; flags: string } | undefined
  if (regex !== undefined) return regexSeparator(regex.pattern, regex.flags)
  const capture = node.type === 'Identifier' ? captures.get(node.name as string) : undefined
  const value = node.type === 'Literal' ? node.value : capture?.kind === 'value' ? capture.value : undefined
  if (value instanceof RegExp) return regexSeparator(value.source, value.flags)
  return typeof value === 'string' && value !== '' && value.isWellFormed()
    ? { kind: 'literal', text: value }
    : undefined
}

interface Class {
  ascii: Set<number>
  beyond: 'none' | 'space' | 'all'
}

/** One character, an escape or a class, perhaps repeated: `/ /`, `/\s+/`, `/[ \t,;]+/`, `/\W+/`. */
export function regexSeparator(pattern: string, flags: string): Separator | undefined {
  if (/[^dgmsuy]/.test(flags) || flags.includes('y')) return undefined
  const repeat = pattern.length > 1 && pattern.endsWith('+') && !/(^|[^\\])(\\\\)*\\\+$/.test(pattern)
  const parsed = parseClass(repeat ? pattern.slice(0, -1) : pattern)
  if (parsed === undefined || (parsed.beyond === 'all' && !repeat)) return undefined
  return {
    kind: 'class',
    table: Array.from({ length: 128 }, (_, c) => (parsed.ascii.has(c) ? 1 : 0)),
    beyond: parsed.beyond,
    repeat,
  }
}

function parseClass(text: string): Class | undefined {
  const bracket = /^\[(\^?)((?:[^\]\\]|\\.)*)\]$/s.exec(text)
  if (bracket === null) {
    const one = readItem(text, 0)
    return one !== undefined && one.end === text.length && !/^[.^$*+?()[\]{}|]/.test(text) ? one : undefined
  }
  const whole: Class = { ascii: new Set(), beyond: 'none' }
  const body = bracket[2]!
  for (let at = 0; at < body.length; ) {
    const item = readItem(body, at)
    if (item === undefined) return undefined
    at = item.end
    if (body[at] === '-' && at + 1 < body.length) {
      const to = readItem(body, at + 1)
      if (item.ascii.size !== 1 || to === undefined || to.ascii.size !== 1) return undefined
      const [first] = item.ascii
      const [last] = to.ascii
      for (let c = first!; c <= last!; c++) whole.ascii.add(c)
      at = to.end
      continue
    }
    for (const c of item.ascii) whole.ascii.add(c)
    if (item.beyond !== 'none') whole.beyond = whole.beyond === 'all' ? 'all' : item.beyond
  }
  if (bracket[1] === '') return whole
  // A complement takes everything beyond ASCII, unless it excludes white space there.
  return whole.beyond === 'none' ? { ascii: complement(whole.ascii), beyond: 'all' } : undefined
}

const DIGITS = range('0', '9')
const WORD = new Set([...DIGITS, ...range('a', 'z'), ...range('A', 'Z'), 95])
const SPACE = new Set([9, 10, 11, 12, 13, 32])
const CONTROL: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13 }

/** A character or escape at `at`, and where it ends. */
function readItem(text: string, at: number): (Class & { end: number }) | undefined {
  const c = text[at]
  if (c === undefined || c.charCodeAt(0) > 127) return undefined
  if (c !== '\\') return { ascii: new Set([c.charCodeAt(0)]), beyond: 'none', end: at + 1 }
  const letter = text[at + 1]
  const end = at + 2
  switch (letter) {
    case 's':
      return { ascii: SPACE, beyond: 'space', end }
    case 'd':
      return { ascii: DIGITS, beyond: 'none', end }
    case 'w':
      return { ascii: WORD, beyond: 'none', end }
    case 'D':
      return { ascii: complement(DIGITS), beyond: 'all', end }
    case 'W':
      return { ascii: complement(WORD), beyond: 'all', end }
    case undefined:
      return undefined
  }
  if (Object.hasOwn(CONTROL, letter)) return { ascii: new Set([CONTROL[letter]!]), beyond: 'none', end }
  // \b, \x41, \p{…} and the like are left to JavaScript; punctuation stands for itself.
  return /[^\w]/.test(letter) && letter.charCodeAt(0) < 128
    ? { ascii: new Set([letter.charCodeAt(0)]), beyond: 'none', end }
    : undefined
}

function range(from: string, to: string): Set<number> {
  const codes = new Set<number>()
  for (let c = from.charCodeAt(0); c <= to.charCodeAt(0); c++) codes.add(c)
  return codes
}

function complement(codes: Set<number>): Set<number> {
  return new Set(Array.from({ length: 128 }, (_, c) => c).filter(c => !codes.has(c)))
}
