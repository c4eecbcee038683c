import type { Fold } from '../../functions/meaning.js'
import { NEUTRAL } from '../../kernels/js/fold.js'
import type { Arena } from '../../memory/arena.js'
import { type Column, NumberColumn, type TupleColumn } from '../../memory/column.js'
import { PlacedPairs } from '../../memory/placed.js'
import { pair } from '../pairs.js'
import { take } from '../take.js'
import { CHUNK_ROWS, type Task } from '../task.js'
import { DenseFold } from './dense-fold.js'
import { numbersIn, opsOf, shaped } from './fold-shape.js'

/** There may be so many places for each key that comes, and a few more. */
const PLACES_A_KEY = 4
const PLACES_MORE = 64

/** Where the keys of several sources lie together, in one partition of several. */
export class Places {
  readonly first: number
  readonly stride: number
  readonly count: number
  readonly #bounds = new Map<PlacedPairs, [least: number, most: number]>()

  /** @returns undefined if the keys lie too far apart, or the sources cannot be joined place by place */
  static of(sources: readonly PlacedPairs[], stride: number): Places | undefined {
    const filled = sources.filter(source => source.length > 0)
    if (filled.length === 0 || filled.some(source => stride % source.stride !== 0)) return undefined
    const places = new Places(filled, stride)
    const keys = filled.reduce((n, source) => n + source.length, 0)
    return Places.worthwhile(places.count, keys) ? places : undefined
  }

  /** False for more places than so many keys should take. */
  static worthwhile(places: number, keys: number): boolean {
    return places <= keys * PLACES_A_KEY + PLACES_MORE
  }

  private constructor(sources: readonly PlacedPairs[], stride: number) {
    for (const source of sources) {
      const last = source.first + (source.marks.length - 1) * source.stride
      // All keys of a source are of one partition, and so as far apart as partitions are.
      const key = source.keys[0]!
      const least = key - Math.floor((key - source.first) / stride) * stride
      this.#bounds.set(source, [least, least + Math.floor((last - least) / stride) * stride])
    }
    const bounds = [...this.#bounds.values()]
    this.stride = stride
    this.first = Math.min(...bounds.map(([least]) => least))
    this.count = (Math.max(...bounds.map(([, most]) => most)) - this.first) / stride + 1
  }

  /** Calls `join` with the places that a source takes here, `[from, to)`, where the first of them lies there, and how far apart. */
  join(source: PlacedPairs, join: (from: number, to: number, at: number, step: number) => void): void {
    const bounds = this.#bounds.get(source)
    if (bounds === undefined) return
    const [least, most] = bounds
    const { first, stride } = this
    join(
      (least - first) / stride,
      (most - first) / stride + 1,
      (least - source.first) / source.stride,
      stride / source.stride,
    )
  }
}

/**
 * Reduces pairs that lie by place, of one partition: their values are folded in the order of the sources, and keys come in the
 * order of their first appearance there.
 *
 * @param arena where the result lies
 * @returns undefined if that cannot be done place by place
 */
export function reducePlaced(
  fold: Fold,
  sources: readonly PlacedPairs[],
  parts: number,
  task: Task,
  arena: Arena,
): PlacedPairs | undefined {
  if (!DenseFold.applies(fold)) return undefined
  const numbers = sources.map(({ values }) => arraysIn(fold, values))
  const places = Places.of(sources, parts)
  if (places === undefined || numbers.includes(undefined)) return undefined
  const { kernels } = task
  const ops = opsOf(fold)
  const accs = ops.map(() => arena.f64(places.count))
  const marks = arena.u8(places.count)
  const keys = arena.i32(sources.reduce((n, source) => n + source.length, 0))
  let count = 0
  for (const [s, source] of sources.entries()) {
    places.join(source, (from, to, at, step) => {
      const [mine, there] = [marks.subarray(from, to), source.marks.subarray(at)]
      const first = count === 0
      if (first) {
        keys.set(source.keys)
        count = source.length
        kernels.zero(marks.subarray(0, from))
        kernels.zero(marks.subarray(to))
      } else {
        count += kernels.selectKeys(source.keys, places.first, parts, marks, false, keys.subarray(count))
      }
      for (const [k, op] of ops.entries()) {
        const acc = accs[k]!
        const values = numbers[s]![k]!.subarray(at)
        if (!first) {
          kernels.foldPlaces(op, acc.subarray(from, to), mine, values, there, step)
          continue
        }
        const neutral = NEUTRAL[op]!
        kernels.takePlaces(neutral, acc.subarray(from, to), mine, values, there, step)
        kernels.fillF64(acc.subarray(0, from), neutral)
        kernels.fillF64(acc.subarray(to), neutral)
      }
    })
    task.checkCancelled()
  }
  arena.trim(keys, count * 4)
  const columns = accs.map(acc => new NumberColumn(acc))
  const values = shaped(fold, places.count, columns)
  return new PlacedPairs(keys.subarray(0, count), places.first, parts, marks, values)
}

/** The numbers of values that lie by place; undefined if the fold does not apply to them. */
export function arraysIn(fold: Fold, values: Column): (Float64Array | Int32Array)[] | undefined {
  const columns = numbersIn(fold, values)
  if (columns === undefined || columns.some(column => column.kind === 'const')) return undefined
  return columns.map(column => (column as NumberColumn).values)
}

/** The pairs as records, in chunks. A chunk is void when the next one is asked for. */
export function* recordsOf(pairs: PlacedPairs, task: Task): Generator<TupleColumn> {
  const { kernels } = task
  const scratch = task.scratch()
  for (let from = 0; from < pairs.length; from += CHUNK_ROWS) {
    task.checkCancelled()
    scratch.reset()
    const keys = pairs.keys.subarray(from, Math.min(from + CHUNK_ROWS, pairs.length))
    const places = scratch.i32(keys.length)
    kernels.placesOf(keys, pairs.first, pairs.stride, pairs.marks.length, places)
    yield pair(new NumberColumn(keys), take(pairs.values, places, kernels, scratch))
  }
}
