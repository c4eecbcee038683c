import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Env } from './case.js'

/** A file of the data directory as doubles. */
export function doubles(env: Env, file: string): Float64Array {
  const bytes = readFileSync(path.join(env.data, file))
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)
}

/** A file of the data directory as whole numbers. */
export function wholes(env: Env, file: string): Int32Array {
  const bytes = readFileSync(path.join(env.data, file))
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
}

/** The same number for the same place everywhere: the inputs are not random, only mixed. */
export function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
