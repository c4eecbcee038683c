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

function repr(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'undefined':
      return 'None'
    case 'object':
      return value === null ? 'None' : reprObject(value)
    default:
      return String(value)
  }
}

function reprObject(value: object): string {
  if (Array.isArray(value))
    return value.length === 2 ? `(${repr(value[0])}, ${repr(value[1])})` : `[${value.map(repr).join(', ')}]`
  if (value instanceof Map) return `{${[...value].map(([k, v]) => `${repr(k)}: ${repr(v)}`).join(', ')}}`
  if (value instanceof Set) return value.size === 0 ? 'set()' : `{${[...value].map(repr).join(', ')}}`
  if (value instanceof Uint8Array)
    return `b${quoted(Array.from(value, b => String.fromCharCode(b)).join(''), true)}`
  if (value instanceof Date) return value.toISOString()
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return `[${Array.from(value as unknown as ArrayLike<unknown>, repr).join(', ')}]`
  return `{${Object.entries(value)
    .map(([k, v]) => `${quoted(k)}: ${repr(v)}`)
    .join(', ')}}`
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
