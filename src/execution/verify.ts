import { inspect } from 'node:util'
import { MillraceError } from '../core/errors.js'
import type { Heap } from '../memory/heap.js'
import { recordsAt } from '../memory/placed.js'

/**
 * Compares the results of two ways of running a plan, partition by partition, to the bit: for MILLRACE_VERIFY=1, which runs
 * everything the plain way as well.
 *
 * @throws MILLRACE_VERIFY naming the first record that differs
 */
export function checkSame(heap: Heap, fast: readonly number[], plain: readonly number[]): void {
  for (let partition = 0; partition < fast.length; partition++) {
    const [a, b] = [records(heap, fast[partition]!), records(heap, plain[partition]!)]
    const at = a.findIndex((record, i) => i >= b.length || !same(record, b[i]))
    if (at < 0 && a.length === b.length) continue
    const shown = (list: unknown[]): string =>
      at >= 0 && at < list.length ? inspect(list[at]) : `${list.length} records`
    throw new MillraceError(
      'MILLRACE_VERIFY',
      `two ways of running the same functions differ in partition ${partition}: ${shown(a)} the fast way, ${shown(b)} the plain way. ` +
        `If the functions depend on nothing but their arguments, this is a defect of millrace.`,
      { partition },
    )
  }
}

function records(heap: Heap, block: number): unknown[] {
  if (block === 0) return []
  const column = recordsAt(heap, block)
  return Array.from({ length: column.length }, (_, i) => column.get(i))
}

/** @param met the objects that are being compared already: a record may be part of itself */
function same(a: unknown, b: unknown, met = new Map<unknown, unknown>()): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (met.get(a) === b) return true
  met.set(a, b)
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((x, i) => same(x, b[i], met))
  if (a instanceof Map || a instanceof Set || a instanceof Date || ArrayBuffer.isView(a))
    return inspect(a, { depth: 10 }) === inspect(b, { depth: 10 })
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every(
      name =>
        Object.hasOwn(b, name) &&
        same((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name], met),
    )
  )
}
