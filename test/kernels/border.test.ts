import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LAYOUT } from '../../src/kernels/layout.js'
import type { Addon, BoundAddon, CallName } from '../../src/kernels/native.js'
import { ADDONS, Memory } from '../support/kernels.js'
import { RawTable, type TableShape } from '../support/key-table.js'

/**
 * What the addon must refuse with an error. A call that gets through with a wrong address reads or writes the process's
 * memory at large, so that this file may also end by a crash.
 */
const refused = (call: () => unknown, what: string, pattern = /./): void => {
  assert.throws(call, (e: Error) => e instanceof RangeError && pattern.test(e.message), what)
}

/** The kinds of arguments. The number of what an array holds is always a length that came before it. */
type Kind = 'address' | 'length' | 'number' | 'word'
const [A, L, N, W] = ['address', 'length', 'number', 'word'] as const
type Argument = [kind: Kind, value: number]

const KEYS = 8

/** A call of every kernel that is as it should be. */
function calls(memory: Memory): Record<CallName, Argument[]> {
  const text = memory.rows(['a b', 'c'])
  const at = (array: { byteOffset: number }): Argument => [A, array.byteOffset]
  const i32 = (): Argument => at(memory.i32(KEYS + 1).fill(0))
  const f64 = (): Argument => at(memory.f64(KEYS).fill(0))
  const table = (shape: Partial<TableShape> = {}): Argument =>
    at(new RawTable(memory, { capacity: KEYS, ...shape }).header)
  const rows = [at(text.starts), at(text.ends)]
  const split: Argument[] = [
    [L, text.bytes.length],
    [L, 2],
    [L, KEYS],
    at(text.bytes),
    ...rows,
    i32(),
    i32(),
    i32(),
  ]
  const group = (): Argument[] => [
    [N, 0],
    [L, KEYS],
  ]
  const by: Argument[] = [[W, 0], [L, KEYS], [N, 0], [L, KEYS], f64(), i32()]
  const places = (): Argument[] => [[L, KEYS], [W, 1], f64(), f64()]
  const dense = (): Argument[] => [table({ range: KEYS }), [W, 0], [N, 0], [L, KEYS], f64(), i32()]
  return {
    validateUtf8: [[L, text.bytes.length], at(text.bytes)],
    lines: [[L, text.bytes.length], [L, KEYS], at(text.bytes), i32(), [W, 0], i32(), i32()],
    splitByte: [...split, [W, 32]],
    splitLiteral: [...split, [L, 1], at(text.bytes)],
    splitClass: [...split, at(memory.u8(128).fill(0)), [W, 0], [W, 0]],
    selectNonEmpty: [[L, 2], ...rows, i32()],
    hashUtf8: [[L, text.bytes.length], [L, 2], at(text.bytes), ...rows, i32()],
    groupUtf8: [
      table({ bytes: 64 }),
      [N, 0],
      [L, 2],
      [L, text.bytes.length],
      at(text.bytes),
      ...rows,
      i32(),
      i32(),
    ],
    groupI32: [table(), ...group(), i32(), i32()],
    groupF64: [table({ keys: 'f64' }), ...group(), f64(), i32()],
    groupDense: [table({ range: 10 }), ...group(), i32(), i32()],
    reslot: [table(), [N, 0], [L, KEYS], i32()],
    tagsF64: [[L, KEYS], f64(), i32()],
    minMaxI32: [[L, KEYS], i32(), i32()],
    foldF64: [[W, 0], [L, KEYS], f64(), [N, 0]],
    foldI32: [[W, 0], [L, KEYS], i32(), [N, 0]],
    foldF64ByGroup: [...by, f64()],
    foldI32ByGroup: [...by, i32()],
    foldConstByGroup: [...by, [N, 0]],
    foldDenseF64: [...dense(), f64()],
    foldDenseI32: [...dense(), i32()],
    foldConstDense: [...dense(), [N, 0]],
    exactness: [[L, KEYS], f64()],
    negateF64: [[L, KEYS], f64(), f64()],
    fillF64: [[L, KEYS], f64(), [N, 0]],
    countDense: [table({ range: KEYS }), [N, 0], [L, KEYS], i32(), i32()],
    markCounts: [[L, KEYS], i32(), f64()],
    markFolded: [[W, 0], [L, KEYS], f64(), f64()],
    takePlacesF64: [[N, 0], ...places(), f64(), f64()],
    takePlacesI32: [[N, 0], ...places(), i32(), f64()],
    foldPlacesF64: [[W, 0], ...places(), f64(), f64()],
    foldPlacesI32: [[W, 0], ...places(), i32(), f64()],
    slidePlacesF64: [[L, KEYS], [W, 1], f64(), i32(), f64(), f64(), [W, 0]],
    slidePlacesI32: [[L, KEYS], [W, 1], f64(), i32(), i32(), f64(), [W, 0]],
    dropPlaces: [[L, KEYS], f64(), i32(), f64()],
    placesOf: [[L, KEYS], [N, KEYS], i32(), [W, 0], [W, 1], i32()],
    selectKeys: [[L, KEYS], [L, KEYS], i32(), [W, 0], [W, 1], f64(), [W, 0], i32()],
    partitionI32: [[L, KEYS], i32(), [W, 3], i32()],
    partitionF64: [[L, KEYS], f64(), [W, 3], i32()],
    partitionHashes: [[L, KEYS], i32(), [W, 3], i32()],
    bucket: [[L, KEYS], [L, KEYS - 1], i32(), i32(), i32()],
    divideI32: [[L, KEYS], [L, KEYS - 1], i32(), i32(), i32()],
    gather8: [[L, KEYS], [L, KEYS], f64(), i32(), f64()],
    gather32: [[L, KEYS], [L, KEYS], f64(), i32(), f64()],
    gather64: [[L, KEYS], [L, KEYS], f64(), i32(), f64()],
    spansSize: [[L, 2], ...rows],
    packSpans: [
      [L, text.bytes.length],
      [L, 2],
      [L, text.bytes.length],
      at(text.bytes),
      ...rows,
      i32(),
      f64(),
    ],
    zero: [[L, KEYS], f64()],
    adviseHuge: [[L, 4096], at(memory.u8(4096))],
    releaseMemory: [[L, 4096], at(memory.u8(4096))],
    processor: [],
    giveWay: [],
    leaveProcessors: [[L, KEYS], i32()],
  }
}

const bound = (addon: Addon, memory: Memory): BoundAddon =>
  addon.bind(new Uint8Array(memory.heap.buffer, 0, 64), memory.heap.byteLength)

/** What no argument of a kind may be. `heap` is the heap's length. */
const wrong = (kind: Kind, heap: number): number[] => {
  if (kind === 'address') return [NaN, -1, -8, 0.5, heap, heap + 8, 2 ** 53, Infinity, -Infinity]
  if (kind === 'length') return [NaN, -1, 2 ** 32 - 1, 2 ** 32, 2 ** 53, Infinity]
  return kind === 'word' ? [NaN, 2 ** 31, -(2 ** 31) - 1, Infinity] : []
}

for (const { name, addon } of ADDONS) {
  test(`every argument of every kernel is checked (${name})`, () => {
    const memory = new Memory()
    const k = bound(addon, memory)
    const all = calls(memory)
    assert.equal(
      Object.keys(k).filter(key => typeof k[key as CallName] === 'function'),
      Object.keys(all),
      'every kernel is called here',
    )
    for (const [kernel, args] of Object.entries(all) as [CallName, Argument[]][]) {
      const values = args.map(([, value]) => value)
      assert.type(k[kernel](...values), 'number', kernel)
      if (args.length > 0) refused(() => k[kernel](), `${kernel}()`, /numbers only/)
      args.forEach(([kind], i) => {
        const call = (value: unknown) => () => k[kernel](...values.with(i, value as number))
        refused(() => k[kernel](...values.slice(0, i)), `${kernel} with ${i} arguments`, /numbers only/)
        for (const value of ['0', null, undefined, {}, 0n, true, Symbol('x'), memory.i32(1)])
          refused(call(value), `${kernel}: argument ${i} is ${String(value)}`, /numbers only/)
        for (const value of wrong(kind, memory.heap.byteLength))
          refused(call(value), `${kernel}: argument ${i} is ${value}`)
      })
      assert.type(k[kernel](...values), 'number', `${kernel}, after all that`)
    }
  })

  test(`an array may end where the heap ends, and a text somewhat before (${name})`, () => {
    const memory = new Memory()
    const k = bound(addon, memory)
    const end = memory.heap.byteLength
    const out = memory.i32(8).byteOffset
    assert.is(k.foldI32(0, 4, end - 16, 1), 1)
    refused(() => k.foldI32(0, 4, end - 12, 1), 'one number too far', /outside the heap/)
    refused(() => k.foldF64(0, 2, end - 8, 1), 'one number too far', /outside the heap/)
    refused(() => k.foldF64(0, 1, end - 20, 1), 'in between', /aligned/)
    k.hashUtf8(8, 1, end - 72, out, out, out)
    refused(() => k.hashUtf8(8, 1, end - 71, out, out, out), 'a text at the very end', /outside the heap/)
    refused(() => k.lines(8, 1, end - 8, out, 0, out, out), 'a text at the very end', /outside the heap/)
  })

  test(`a fold, a separator and a partitioning that are none (${name})`, () => {
    const memory = new Memory()
    const k = bound(addon, memory)
    const all = calls(memory)
    const call = (kernel: CallName, i: number, value: number) => () =>
      k[kernel](...all[kernel].map(([, v]) => v).with(i, value))
    for (const op of [-1, 11, 100]) {
      refused(call('foldF64', 0, op), `fold ${op}`, /no such fold/)
      refused(call('foldConstByGroup', 0, op), `fold ${op}`, /no such fold/)
    }
    for (const op of [7, 10]) {
      refused(call('foldDenseI32', 1, op), `fold ${op}`, /no neutral value/)
      refused(call('markFolded', 0, op), `fold ${op}`, /no neutral value/)
    }
    for (const step of [0, -1]) {
      refused(call('takePlacesI32', 2, step), `a step of ${step}`, /step is out of range/)
      refused(call('selectKeys', 4, step), `a stride of ${step}`, /step is out of range/)
    }
    const heap = memory.heap.byteLength
    refused(call('foldPlacesF64', 2, heap), 'a step beyond the heap', /outside the heap/)
    for (const parts of [0, -1]) {
      refused(call('partitionI32', 2, parts), `${parts} parts`, /no partitions/)
      refused(call('partitionHashes', 2, parts), `${parts} parts`, /no partitions/)
    }
    refused(call('divideI32', 1, 0), 'no parts', /no partitions/)
    refused(call('splitLiteral', 9, 0), 'no separator', /separator is empty/)
    refused(call('reslot', 2, KEYS + 1), 'more keys than there is room for', /no room/)
  })

  test(`a key table that points elsewhere or has no free slot (${name})`, () => {
    const memory = new Memory()
    const k = bound(addon, memory)
    const all = calls(memory)
    const {
      T_BYTES,
      T_BYTES_CAPACITY,
      T_CAPACITY,
      T_COUNT,
      T_DENSE_RANGE,
      T_HASHES,
      T_KEYS,
      T_SHIFT,
      T_SLOTS,
    } = LAYOUT
    const pages = memory.heap.byteLength / 64
    const broken: [kernel: CallName, word: number, values: number[]][] = []
    for (const kernel of ['groupUtf8', 'groupI32', 'groupF64'] as const) {
      broken.push([kernel, T_SHIFT, [0, 1, 32, 33, -1]], [kernel, T_CAPACITY, [16, 1000, -1]])
      broken.push([kernel, T_COUNT, [KEYS + 1, -1]], [kernel, T_SLOTS, [0, pages, pages - 1, -1]])
      broken.push([kernel, T_KEYS, [0, pages, -1]])
    }
    broken.push(['groupUtf8', T_HASHES, [0, pages, -1]], ['groupUtf8', T_BYTES, [0, pages, pages - 1, -1]])
    broken.push(['groupUtf8', T_BYTES_CAPACITY, [memory.heap.byteLength, -1]])
    broken.push(['groupDense', T_DENSE_RANGE, [0, -1, memory.heap.byteLength / 4]])
    broken.push(['groupDense', T_SLOTS, [0, pages, -1]], ['groupDense', T_KEYS, [0, pages, -1]])
    for (const kernel of ['foldDenseF64', 'foldConstDense'] as const) {
      broken.push([kernel, T_DENSE_RANGE, [0, -1, memory.heap.byteLength]], [kernel, T_COUNT, [KEYS + 1, -1]])
      broken.push([kernel, T_SLOTS, [0, pages, -1]], [kernel, T_KEYS, [0, pages, -1]])
    }
    broken.push(['countDense', T_DENSE_RANGE, [0, -1, KEYS - 1, KEYS + 1]])
    broken.push(['countDense', T_COUNT, [KEYS + 1, -1]], ['countDense', T_KEYS, [0, pages, -1]])
    broken.push(['reslot', T_SHIFT, [0, 32]], ['reslot', T_SLOTS, [0, pages, -1]])
    for (const [kernel, word, values] of broken) {
      const args = all[kernel].map(([, value]) => value)
      const header = new Int32Array(memory.heap.buffer, args[0], LAYOUT.T_WORDS)
      const before = header[word]!
      for (const value of values) {
        header[word] = value
        refused(() => k[kernel](...args), `${kernel}: word ${word} is ${value}`, /key table/)
      }
      header[word] = before
      assert.type(k[kernel](...args), 'number')
    }
    // Doubles take twice the room of whole numbers: 16 of them do not fit where 16 whole numbers would.
    const table = new RawTable(memory, { capacity: 16, keys: 'f64' })
    table.header[T_KEYS] = pages - 1
    refused(() => k.groupF64(table.header.byteOffset, ...all.groupF64.slice(1).map(([, v]) => v)), 'keys')
  })

  test(`a heap is a typed array with memory and a length (${name})`, () => {
    const bind = addon.bind as (...args: unknown[]) => unknown
    const view = new Uint8Array(new SharedArrayBuffer(1024))
    const detached = new Uint8Array(64)
    structuredClone(detached.buffer, { transfer: [detached.buffer] })
    const wrong: unknown[][] = [
      [],
      [view],
      [view.buffer, 1024],
      ['heap', 1024],
      [null, 1024],
      [view, '1024'],
      [view, 1024n],
    ]
    wrong.push([view, NaN], [view, -1], [view, 63], [view, Infinity], [detached, 64], [detached, 0], [{}, 64])
    for (const [i, args] of wrong.entries()) {
      assert.throws(
        () => bind(...args),
        (e: Error) => e instanceof TypeError && /typed array .* length in bytes/.test(e.message),
        `case ${i}`,
      )
    }
    assert.type((bind(view, 1024) as BoundAddon).validateUtf8(0, 0), 'number')
  })
}

test('there is a border where there is an addon', () => {
  assert.ok(ADDONS.length > 0 || process.env.MILLRACE_NATIVE !== 'require')
})

test.run()
