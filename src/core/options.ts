import { MillraceError, shown } from './errors.js'

/** Refuses what is no object of options, and an option that is not in `known`, with the nearest known name as a hint. */
export function checkOptions(options: object, known: readonly string[], where: string): void {
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options)
  expect(isObject, 'an object', `the options of ${where}`, options)
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const near = known.find(k => k.toLowerCase() === name.toLowerCase() || distance(k, name) <= 2)
    throw new MillraceError(
      'MILLRACE_OPTION',
      `${where} has no option '${name}'. ${near ? `Did you mean '${near}'?` : `Expected one of: ${known.join(', ')}.`}`,
    )
  }
}

/** False for an argument that was left out: null stands for that, as None does in Python. */
export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null
}

/** Fails with `expected … for … but received …` unless `ok`. */
export function expect(ok: boolean, expected: string, what: string, received: unknown): asserts ok {
  if (!ok) {
    throw new MillraceError(
      'MILLRACE_OPTION',
      `expected ${expected} for ${what} but received ${shown(received)}.`,
    )
  }
}

/** Checks a whole number in `[least, most]`, and gives it back. */
export function whole(
  value: unknown,
  what: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  const range = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`
  expect(
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
    `a whole number ${range}`,
    what,
    value,
  )
  return value as number
}

/** `'512MiB'`, `'2GiB'` or a number of bytes. */
export type MemorySize = number | `${number}${'MiB' | 'GiB'}`

/** A memory size in bytes. */
export function bytes(value: MemorySize, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  const match = /^(\d+(?:\.\d+)?)(MiB|GiB)$/.exec(String(value))
  const size = match === null ? 0 : Math.round(Number(match[1]) * (match[2] === 'GiB' ? 2 ** 30 : 2 ** 20))
  expect(size > 0, "a number of bytes, or a text such as '512MiB' or '2GiB',", what, value)
  return size
}

/** Levenshtein distance, for hints. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}
