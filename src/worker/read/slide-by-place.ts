import type { CarriedFunction } from '../../functions/carry.js'
import type { Fold } from '../../functions/meaning.js'
import { LAYOUT } from '../../kernels/layout.js'
import type { Arena } from '../../memory/arena.js'
import { type Column, NumberColumn, TupleColumn } from '../../memory/column.js'
import { PlacedPairs } from '../../memory/placed.js'
import type { Combine } from '../../plan/ops.js'
import { DenseFold } from '../keyed/dense-fold.js'
import { fits } from '../keyed/fold-shape.js'
import { arraysIn, Places } from '../keyed/places.js'
import { isPair } from '../pairs.js'
import type { Task } from '../task.js'
import type { Side } from './side.js'
import { inChunks } from './source.js'

const SUM: Fold = { op: LAYOUT.FOLD_SUM }
/** Of `[value, slices]`. */
const SUMS: Fold = { items: [SUM, SUM], names: undefined }

/**
 * The sums of a window with an inverse, place by place: as slide.ts has it, for whole keys of a small range. Sums and numbers of
 * slices lie beside each other, so that a slice is taken away or added without a look at a key.
 *
 * @param arena where the result lies
 * @returns undefined if some pairs do not lie by place, and cannot be laid so
 */
export function slidPlaced(
  { exact }: Combine<CarriedFunction> & { kind: 'slide' },
  [states, leaving, entering]: readonly Side[],
  parts: number,
  task: Task,
  arena: Arena,
): PlacedPairs | undefined {
  const [before, old, fresh] = [
    laid(states!, SUMS, task),
    laid(leaving!, SUM, task),
    laid(entering!, SUM, task),
  ]
  if (before === undefined || old === undefined || fresh === undefined || before.length > 1) return undefined
  const places = Places.of([...before, ...old, ...fresh], parts)
  if (places === undefined) return undefined
  const window = new Window(places, [...before, ...fresh], task, arena)
  window.resume(before[0])
  for (const slice of old) window.slide(slice, true)
  if (!exact) window.drop() // What a rounded sum leaves behind must not be added to a key that comes again.
  for (const slice of fresh) window.slide(slice, false)
  window.drop()
  return window.finish(arena)
}

/** The pairs of a side, each slice by itself, laid by place where they do not lie so; undefined if that cannot be. */
function laid({ lying, rows }: Side, fold: Fold, task: Task): PlacedPairs[] | undefined {
  const placed: PlacedPairs[] = []
  for (const pairs of lying ?? []) {
    const by = pairs instanceof PlacedPairs ? pairs : layOut(pairs, fold, task)
    if (by === undefined || arraysIn(fold, by.values) === undefined) return undefined
    placed.push(by)
  }
  task.rowsRead += rows
  return lying && placed
}

function layOut(pairs: Column, fold: Fold, task: Task): PlacedPairs | undefined {
  if (!isPair(pairs)) return undefined
  const [keys, values] = pairs.children as [Column, Column]
  if (keys.kind !== 'i32' || keys.valid !== undefined || !fits(fold, values)) return undefined
  const scratch = task.scratch()
  const bounds = scratch.i32(2)
  task.kernels.minMaxI32(keys.values as Int32Array, bounds)
  const range = bounds[1]! - bounds[0]! + 1
  if (!Places.worthwhile(range, pairs.length)) return undefined
  const folded = new DenseFold(fold, { least: bounds[0]!, range }, task.kernels, scratch)
  for (const chunk of inChunks(pairs, task)) folded.add(chunk.children[0]!, chunk.children[1]!)
  return folded.placed(1, scratch, true)![0]
}

/** The sums of a window in the making. */
class Window {
  readonly #places: Places
  readonly #task: Task
  readonly #sums: Float64Array
  /** How many slices have the key of each place. */
  readonly #slices: Int32Array
  /** What is marked has been here when the slice at hand comes. */
  readonly #marks: Uint8Array
  readonly #all: Int32Array
  #keys: Int32Array
  /** Some key has no slice any more, and has not been dropped yet. */
  #gone = false

  /** @param filled what has the keys that may come */
  constructor(places: Places, filled: readonly PlacedPairs[], task: Task, arena: Arena) {
    this.#places = places
    this.#task = task
    this.#sums = arena.f64(places.count)
    this.#slices = arena.i32(places.count)
    this.#marks = arena.u8(places.count)
    this.#all = arena.i32(filled.reduce((n, pairs) => n + pairs.length, 0))
    this.#keys = this.#all.subarray(0, 0)
  }

  /** Begins with the sums of a state. */
  resume(state: PlacedPairs | undefined): void {
    if (state === undefined) return this.#empty(0, this.#places.count)
    this.#places.join(state, (from, to, at, step) => {
      const [sums, slices] = arraysIn(SUMS, state.values)!
      const there = state.marks.subarray(at)
      const marks = this.#marks.subarray(from, to)
      this.#task.kernels.takePlaces(-0, this.#sums.subarray(from, to), marks, sums!.subarray(at), there, step)
      if (step === 1 && slices instanceof Int32Array)
        this.#slices.set(slices.subarray(at, at + to - from), from)
      else for (let i = from, j = at; i < to; i++, j += step) this.#slices[i] = slices![j]!
      this.#empty(0, from)
      this.#empty(to, this.#places.count)
    })
    this.#append(state.keys)
  }

  #empty(from: number, to: number): void {
    const { kernels } = this.#task
    kernels.fillF64(this.#sums.subarray(from, to), -0)
    kernels.zero(this.#slices.subarray(from, to))
    kernels.zero(this.#marks.subarray(from, to))
  }

  /** Adds a slice, or takes it away. */
  slide(slice: PlacedPairs, leaves: boolean): void {
    const { kernels } = this.#task
    const [values] = arraysIn(SUM, slice.values)!
    this.#places.join(slice, (from, to, at, step) => {
      const there = slice.marks.subarray(at)
      const turned = kernels.slidePlaces(
        this.#sums.subarray(from, to),
        this.#slices.subarray(from, to),
        values!.subarray(at),
        there,
        step,
        leaves,
      )
      if (turned === 0) return
      if (leaves) this.#gone = true
      else this.#enter(slice)
    })
    this.#task.checkCancelled()
  }

  /** Leaves out the keys that no slice has any more. */
  drop(): void {
    if (!this.#gone) return
    this.#gone = false
    const { kernels } = this.#task
    kernels.dropPlaces(this.#sums, this.#slices, this.#marks)
    const { first, stride } = this.#places
    const all = this.#task.scratch().i32(this.#keys.length)
    all.set(this.#keys)
    const count = kernels.selectKeys(all, first, stride, this.#marks, true, this.#all)
    this.#keys = this.#all.subarray(0, count)
  }

  /** Notes the keys of a slice that have not been here. */
  #enter(slice: PlacedPairs): void {
    const { kernels } = this.#task
    const { first, stride } = this.#places
    const { length } = this.#keys
    const fresh = kernels.selectKeys(
      slice.keys,
      first,
      stride,
      this.#marks,
      false,
      this.#all.subarray(length),
    )
    this.#keys = this.#all.subarray(0, length + fresh)
    const places = this.#task.scratch().i32(fresh)
    kernels.placesOf(this.#keys.subarray(length), first, stride, this.#places.count, places)
    for (const place of places) this.#marks[place] = 1
  }

  finish(arena: Arena): PlacedPairs {
    const { first, stride, count } = this.#places
    arena.trim(this.#all, this.#keys.length * 4)
    const values = new TupleColumn(count, [new NumberColumn(this.#sums), new NumberColumn(this.#slices)])
    const exactness = this.#task.kernels.exactness(this.#sums)
    return new PlacedPairs(this.#keys, first, stride, this.#marks, values, exactness)
  }

  #append(keys: Int32Array): void {
    this.#all.set(keys, this.#keys.length)
    this.#keys = this.#all.subarray(0, this.#keys.length + keys.length)
  }
}
