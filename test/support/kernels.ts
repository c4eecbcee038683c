import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Test, test } from 'uvu'
import { jsKernels } from '../../src/kernels/js/index.js'
import type { Kernels, Spans } from '../../src/kernels/kernels.js'
import { type Addon, nativeKernels } from '../../src/kernels/native.js'
import { Arena } from '../../src/memory/arena.js'
import { Heap } from '../../src/memory/heap.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const MODE = process.env.MILLRACE_NATIVE ?? 'auto'

/** Every addon that is there: what CMake, node-gyp or a compiler alone built, and what came with the package. */
function builtAddons(): string[] {
  return ['build/Release', 'build/Debug', `prebuilds/${process.platform}-${process.arch}`]
    .map(place => path.join(ROOT, place, 'millrace.node'))
    .filter(existsSync)
}

/** The addons to test: none with MILLRACE_NATIVE=off, at least one with `require`. */
export const ADDONS: readonly { name: string; addon: Addon }[] =
  MODE === 'off'
    ? []
    : builtAddons().map(file => ({
        name: path.relative(ROOT, file),
        addon: createRequire(import.meta.url)(file) as Addon,
      }))

if (ADDONS.length === 0 && MODE !== 'off') {
  const line = 'not tested: the native kernels, for there is no addon'
  if (MODE === 'require') throw new Error(line)
  console.log(line)
}

interface Implementation {
  name: string
  over(buffer: SharedArrayBuffer): Kernels
}

/** JavaScript, and each addon with its best and its plainest instruction set. */
const IMPLEMENTATIONS: readonly Implementation[] = [
  { name: 'javascript', over: () => jsKernels },
  ...ADDONS.flatMap(({ name, addon }) =>
    [false, true].map(base => ({
      name: `${name} ${base ? 'base' : 'best'}`,
      over: (buffer: SharedArrayBuffer) => nativeKernels(addon, buffer, base),
    })),
  ),
]

/** One check on every implementation of the kernels, over a heap whose memory holds garbage. */
export function eachKernels(
  title: string,
  check: (k: Kernels, memory: Memory) => void,
  of: Test = test,
): void {
  for (const { name, over } of IMPLEMENTATIONS) {
    of(`${title} (${name})`, () => {
      const memory = new Memory()
      check(over(memory.heap.buffer), memory)
    })
  }
}

type Numbers = Uint8Array | Int32Array | Float64Array | BigInt64Array

/** An arena in a heap of its own, and short ways to put things into it. */
export class Memory {
  readonly heap: Heap = Heap.reserve(16 * 2 ** 20)
  readonly arena: Arena = new Arena(this.heap)

  constructor() {
    const first = this.arena.allocate(64)
    new Uint8Array(this.heap.buffer, first, 8 * 2 ** 20).fill(0xa5)
  }
  /** A copy in the heap. */
  put<T extends Numbers>(values: T): T {
    const Type = values.constructor as new (buffer: SharedArrayBuffer, offset: number, length: number) => T
    const copy = new Type(this.heap.buffer, this.arena.allocate(values.byteLength), values.length)
    ;(copy as Uint8Array).set(values as Uint8Array)
    return copy
  }
  u8(values: Iterable<number> | number): Uint8Array {
    return typeof values === 'number' ? this.arena.u8(values) : this.put(Uint8Array.from(values))
  }
  i32(values: Iterable<number> | number): Int32Array {
    return typeof values === 'number' ? this.arena.i32(values) : this.put(Int32Array.from(values))
  }
  f64(values: Iterable<number> | number): Float64Array {
    return typeof values === 'number' ? this.arena.f64(values) : this.put(Float64Array.from(values))
  }
  /** Rows of bytes, end to end; what follows them would mislead a kernel that reads too far. */
  rows(rows: readonly (string | Uint8Array)[], behind = 0x20): Spans {
    const all = rows.map(row => Buffer.from(row as string))
    const size = all.reduce((sum, row) => sum + row.length, 0)
    const bytes = this.arena.u8(size + 64).fill(behind)
    const starts = this.arena.i32(all.length)
    const ends = this.arena.i32(all.length)
    let at = 0
    all.forEach((row, i) => {
      starts[i] = at
      bytes.set(row, at)
      ends[i] = at += row.length
    })
    return { bytes: bytes.subarray(0, size), starts, ends }
  }
}
