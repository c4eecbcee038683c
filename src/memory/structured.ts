import { Buffer } from 'node:buffer'
import { DefaultDeserializer, serialize } from 'node:v8'
import { MillraceError, shown } from '../core/errors.js'
import { encodeUtf8, utf8Bound } from './text.js'

/**
 * Any record as bytes, and back: what a column of no better type holds, and what keys are compared by.
 *
 * Values come back as the structured clone algorithm would give them, so that `undefined`, -0, `__proto__` as a
 * property, lone surrogates and BigInts survive. Plain data has a compact form of its own; dates, typed arrays,
 * errors, sparse or cyclic values go through V8's serializer.
 *
 * Layout: a tag byte, then what the tag says. Lengths are 32-bit little-endian.
 */
const Tag = {
  Undefined: 0,
  Null: 1,
  False: 2,
  True: 3,
  Int32: 4,
  Float64: 5,
  BigInt: 6,
  Utf8: 7,
  Utf16: 8,
  Array: 9,
  Object: 10,
  Map: 11,
  Set: 12,
  Bytes: 13,
  Clone: 14,
} as const

// Deeper values are either cyclic or better served by V8.
const DEPTH = 100

let scratch: Buffer = Buffer.allocUnsafeSlow(64 * 1024)
let at = 0

/**
 * A value's bytes. The result is a view of a buffer that the next call overwrites: copy it at once.
 *
 * @throws MILLRACE_VALUE for what no thread can be given, such as a function or a symbol
 */
export function encodeValue(value: unknown): Uint8Array {
  return encode(value, false)
}

/**
 * Bytes that are equal exactly when two keys are equal: arrays by their items, plain objects whatever the order
 * of their properties, -0 like 0, NaN like NaN, `null` unlike `undefined`, 1 unlike '1'.
 * The result is overwritten by the next call.
 */
export function canonicalKey(value: unknown): Uint8Array {
  return encode(value, true)
}

function encode(value: unknown, canonical: boolean): Uint8Array {
  at = 0
  try {
    write(value, canonical, 0)
  } catch (cause) {
    if (!(cause instanceof TooDeep)) throw cause
    // V8's form depends on the order of properties, so it tells equal keys apart.
    if (canonical) {
      throw new MillraceError(
        'MILLRACE_VALUE',
        `a key cannot contain itself or nest deeper than ${DEPTH} levels, as ${shown(value)} does; use a part of it as the key.`,
      )
    }
    at = 0
    clone(value)
  }
  return scratch.subarray(0, at)
}

class TooDeep extends Error {}

function room(bytes: number): void {
  if (at + bytes <= scratch.length) return
  const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, at + bytes))
  scratch.copy(larger, 0, 0, at)
  scratch = larger
}

function tag(code: number): void {
  room(1)
  scratch[at++] = code
}

function word(value: number): void {
  room(4)
  at = scratch.writeInt32LE(value, at)
}

function write(value: unknown, canonical: boolean, depth: number): void {
  switch (typeof value) {
    case 'undefined':
      return tag(Tag.Undefined)
    case 'boolean':
      return tag(value ? Tag.True : Tag.False)
    case 'number':
      return number(value, canonical)
    case 'string':
      return string(value)
    case 'bigint':
      tag(Tag.BigInt)
      return string(value.toString(16))
    case 'object':
      return value === null ? tag(Tag.Null) : object(value, canonical, depth)
    default:
      throw new MillraceError(
        'MILLRACE_VALUE',
        `a record cannot hold ${shown(value)}: records are data, and ${typeof value}s do not cross threads.`,
      )
  }
}

function number(value: number, canonical: boolean): void {
  if ((value | 0) === value && (canonical || !Object.is(value, -0))) {
    tag(Tag.Int32)
    return word(value | 0)
  }
  tag(Tag.Float64)
  room(8)
  at = scratch.writeDoubleLE(Number.isNaN(value) ? Number.NaN : value, at)
}

function string(value: string): void {
  if (!value.isWellFormed()) {
    tag(Tag.Utf16)
    room(4 + value.length * 2)
    word(value.length * 2)
    at += scratch.write(value, at, 'utf16le')
    return
  }
  tag(Tag.Utf8)
  room(4 + utf8Bound(value))
  const end = encodeUtf8(value, scratch, at + 4)
  word(end - at - 4)
  at = end
}

function object(value: object, canonical: boolean, depth: number): void {
  if (depth > DEPTH) throw new TooDeep()
  if (Array.isArray(value)) return array(value, canonical, depth)
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null)
    return record(value as Record<string, unknown>, canonical, depth)
  if (value instanceof Map) {
    tag(Tag.Map)
    word(value.size)
    for (const [k, v] of value) {
      write(k, canonical, depth + 1)
      write(v, canonical, depth + 1)
    }
    return
  }
  if (value instanceof Set) {
    tag(Tag.Set)
    word(value.size)
    for (const v of value) write(v, canonical, depth + 1)
    return
  }
  if (value instanceof Uint8Array) {
    tag(Tag.Bytes)
    room(4 + value.length)
    word(value.length)
    scratch.set(value, at)
    at += value.length
    return
  }
  if (ArrayBuffer.isView(value) || isCloned(value)) return clone(value)
  // An instance of a class: like the structured clone, its own properties and no prototype.
  if (Object.keys(value).length === 0) refuseHidden(value, prototype)
  record(value as Record<string, unknown>, canonical, depth)
}

function array(items: unknown[], canonical: boolean, depth: number): void {
  // Holes and extra properties are kept by V8's serializer.
  if (Object.keys(items).length !== items.length) return clone(items)
  tag(Tag.Array)
  word(items.length)
  for (const item of items) write(item, canonical, depth + 1)
}

function record(value: Record<string, unknown>, canonical: boolean, depth: number): void {
  const names = Object.keys(value)
  if (canonical) names.sort()
  tag(Tag.Object)
  word(names.length)
  for (const name of names) {
    string(name)
    write(value[name], canonical, depth + 1)
  }
}

const CLONED = new Set(['Date', 'RegExp', 'Error', 'ArrayBuffer', 'Boolean', 'Number', 'String', 'BigInt'])
const REFUSED = new Set([
  'Promise',
  'WeakMap',
  'WeakSet',
  'WeakRef',
  'Generator',
  'AsyncGenerator',
  'AsyncFunction',
])

function isCloned(value: object): boolean {
  const name = Object.prototype.toString.call(value).slice(8, -1)
  if (REFUSED.has(name)) {
    const hint =
      name === 'Promise'
        ? ' The functions of map, filter and the like are synchronous; use foreachPartition, or an input, for what must wait.'
        : ''
    throw new MillraceError('MILLRACE_VALUE', `a record cannot hold a ${name}.${hint}`)
  }
  return CLONED.has(name)
}

/** Of an object that keeps all it has behind its methods, such as a URL, nothing would arrive. */
function refuseHidden(value: object, prototype: object): void {
  // The last one is Object.prototype, of whichever realm.
  for (let of = prototype, next: object | null; (next = Object.getPrototypeOf(of)) !== null; of = next) {
    if (Reflect.ownKeys(of).every(key => key === 'constructor')) continue
    throw new MillraceError(
      'MILLRACE_VALUE',
      `a record cannot hold an instance of the class ${prototype.constructor?.name || 'without a name'} (${shown(value)}): it has no properties of its own, and would arrive as {}. Take what is needed of it as plain data, such as its text.`,
    )
  }
}

function clone(value: unknown): void {
  let bytes: Buffer
  try {
    bytes = serialize(value)
  } catch (cause) {
    throw new MillraceError(
      'MILLRACE_VALUE',
      `a record cannot hold ${shown(value)}: ${(cause as Error).message}`,
      { cause },
    )
  }
  tag(Tag.Clone)
  word(bytes.length)
  room(bytes.length)
  scratch.set(bytes, at)
  at += bytes.length
}

// ---- the way back

let source: Buffer
let cursor = 0

/** The value whose bytes begin at `offset`. */
export function decodeValue(bytes: Uint8Array, offset: number): unknown {
  source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  cursor = offset
  return read()
}

function length(): number {
  const value = source.readInt32LE(cursor)
  cursor += 4
  return value
}

function text(encoding: 'utf8' | 'utf16le'): string {
  const size = length()
  cursor += size
  return source.toString(encoding, cursor - size, cursor)
}

function read(): unknown {
  switch (source[cursor++]) {
    case Tag.Undefined:
      return undefined
    case Tag.Null:
      return null
    case Tag.False:
      return false
    case Tag.True:
      return true
    case Tag.Int32:
      return length()
    case Tag.Float64:
      cursor += 8
      return source.readDoubleLE(cursor - 8)
    case Tag.BigInt:
      return bigint(read() as string)
    case Tag.Utf8:
      return text('utf8')
    case Tag.Utf16:
      return text('utf16le')
    case Tag.Array: {
      const items = new Array(length())
      for (let i = 0; i < items.length; i++) items[i] = read()
      return items
    }
    case Tag.Object:
      return readObject()
    case Tag.Map: {
      const map = new Map()
      for (let n = length(); n > 0; n--) map.set(read(), read())
      return map
    }
    case Tag.Set: {
      const set = new Set()
      for (let n = length(); n > 0; n--) set.add(read())
      return set
    }
    case Tag.Bytes: {
      const size = length()
      cursor += size
      return Uint8Array.from(source.subarray(cursor - size, cursor))
    }
    case Tag.Clone: {
      const size = length()
      cursor += size
      // A copy: the deserializer does not read shared memory.
      return deserialized(Buffer.from(source.subarray(cursor - size, cursor)))
    }
    default:
      throw new MillraceError('MILLRACE_INTERNAL', `structured value with unknown tag ${source[cursor - 1]}`)
  }
}

type V8Reader = new (bytes: Buffer) => DefaultDeserializer & { _readHostObject(): ArrayBufferView }

/** V8's own deserializer, but that every typed array gets memory of its own: V8's would be views of the bytes read. */
class OwnMemory extends (DefaultDeserializer as V8Reader) {
  override _readHostObject(): ArrayBufferView {
    const view = super._readHostObject()
    const bytes = Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
    if (Buffer.isBuffer(view)) return bytes
    return new (view.constructor as new (buffer: ArrayBuffer) => ArrayBufferView)(bytes.buffer)
  }
}

function deserialized(bytes: Buffer): unknown {
  const reader = new OwnMemory(bytes)
  reader.readHeader()
  return reader.readValue()
}

function readObject(): object {
  const record: Record<string, unknown> = {}
  for (let n = length(); n > 0; n--) {
    const name = read() as string
    const value = read()
    if (name === '__proto__') {
      Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true })
    } else {
      record[name] = value
    }
  }
  return record
}

function bigint(digits: string): bigint {
  return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`)
}
