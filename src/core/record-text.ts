/**
 * A record as PySpark prints it: what Python's `str` gives for the like value. An array of two elements is a tuple,
 * other arrays are lists, plain objects and Maps dicts, `null` and `undefined` None; numbers as JavaScript writes them.
 * A text stands bare as a record and quoted within one.
 */
export function printedRecord(record: unknown): string {
  return typeof record === 'string' ? record : repr(record)
}

/** A record as PySpark saves it in a text file: as it prints it, but for bytes, which are taken to be text. */
export function savedRecord(record: unknown): string {
  return record instanceof Uint8Array ? new TextDecoder().decode(record) : printedRecord(record)
}

/** @param within the objects that hold the value, from the outside in: one that holds itself is not gone into again */
function repr(value: unknown, within: object[] = []): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'undefined':
      return 'None'
    case 'object':
      return value === null ? 'None' : reprObject(value, within)
    default:
      return String(value)
  }
}

function reprObject(value: object, within: object[]): string {
  if (value instanceof Uint8Array)
    return `b${quoted(Array.from(value, b => String.fromCharCode(b)).join(''), true)}`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString()
  if (value instanceof Set && value.size === 0) return 'set()'
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
  const [open, close] = !isList ? '{}' : Array.isArray(value) && value.length === 2 ? '()' : '[]'
  if (within.includes(value)) return `${open}...${close}`
  within.push(value)
  const items = isList
    ? Array.from(value as ArrayLike<unknown>, item => repr(item, within))
    : reprParts(value, within)
  within.pop()
  return `${open}${items.join(', ')}${close}`
}

function reprParts(value: object, within: object[]): string[] {
  if (value instanceof Set) return Array.from(value, item => repr(item, within))
  if (value instanceof Map) return Array.from(value, ([k, v]) => `${repr(k, within)}: ${repr(v, within)}`)
  return Object.entries(value).map(([k, v]) => `${quoted(k)}: ${repr(v, within)}`)
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Python's repr of a text: single quotes unless only they occur in it; what is not printable is escaped. */
function quoted(text: string, bytes = false): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let out = quote
  for (const c of text) {
    const code = c.codePointAt(0)!
    if (c === quote) out += `\\${c}`
    else if (ESCAPES[c] !== undefined) out += ESCAPES[c]
    else if (code < 0x20 || code === 0x7f || (bytes && code > 0x7f)) out += `\\x${hex(code, 2)}`
    else if (code > 0x7f && /[\p{C}\p{Z}]/u.test(c))
      out +=
        code <= 0xff ? `\\x${hex(code, 2)}` : code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
    else out += c
  }
  return out + quote
}

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0')
