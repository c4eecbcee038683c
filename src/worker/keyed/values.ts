import type { CarriedFunction } from '../../functions/carry.js'
import { groupLoop, type Place } from '../../functions/loops.js'
import type { Fold } from '../../functions/meaning.js'
import type { Kernels } from '../../kernels/kernels.js'
import type { Arena } from '../../memory/arena.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import { type Column, ConstColumn, ListColumn, NumberColumn } from '../../memory/column.js'
import { failedAt } from '../failure.js'
import type { LoadedProgram } from '../program.js'
import { packed, take } from '../take.js'
import type { Task } from '../task.js'
import { numbersIn, opsOf, shaped } from './fold-shape.js'

/** What becomes of the values of each key, by the key's id. Ids appear in order: a new one is the number of ids so far. */
export interface Values {
  /** @returns false, and nothing changed, if values of this type need another form */
  add(ids: Int32Array, values: Column): boolean
  /** One value for each of `count` ids. */
  finish(count: number): Column
}

/** Folds of numbers, by a kernel: one number, or a tuple or object of them. */
export class FoldValues implements Values {
  readonly #fold: Fold
  readonly #kernels: Kernels
  readonly #arena: Arena
  readonly #numbers: { op: number; acc: Float64Array }[]
  #count = 0

  /** @param room for so many keys at first */
  constructor(fold: Fold, kernels: Kernels, arena: Arena, room: number) {
    this.#fold = fold
    this.#kernels = kernels
    this.#arena = arena
    this.#numbers = opsOf(fold).map(op => ({ op, acc: arena.f64(room) }))
  }

  add(ids: Int32Array, values: Column): boolean {
    const columns = numbersIn(this.#fold, values)
    if (columns === undefined) return false
    let next = this.#count
    this.#numbers.forEach((number, k) => {
      const column = columns[k]!
      const { op } = number
      // At most one new id a row.
      number.acc = reserved(this.#arena, number.acc, this.#count, this.#count + ids.length)
      next =
        column.kind === 'const'
          ? this.#kernels.foldConstByGroup(op, number.acc, this.#count, ids, column.value)
          : this.#kernels.foldByGroup(op, number.acc, this.#count, ids, column.values)
    })
    this.#count = next
    return true
  }

  finish(count: number): Column {
    const columns = this.#numbers.map(({ acc }) => new NumberColumn(acc.subarray(0, count)))
    return shaped(this.#fold, count, columns)
  }

  /** Gives up what was folded. */
  close(): void {
    for (const { acc } of this.#numbers) this.#arena.release(acc)
  }
}

function reserved(arena: Arena, acc: Float64Array, used: number, need: number): Float64Array {
  if (need <= acc.length) return acc
  const larger = arena.f64(Math.max(acc.length * 2, need))
  larger.set(acc.subarray(0, used))
  arena.release(acc)
  return larger
}

/** Any function over decoded values, in a generated loop. */
export class FunctionValues implements Values {
  readonly #merge: CarriedFunction
  readonly #create: CarriedFunction | undefined
  readonly #program: LoadedProgram
  readonly #task: Task
  readonly #arena: Arena
  readonly #acc: unknown[] = []
  #next = 0

  /** @param create makes a first value of a key into an accumulator; without it the value is one */
  constructor(
    merge: CarriedFunction,
    create: CarriedFunction | undefined,
    program: LoadedProgram,
    task: Task,
    arena: Arena,
  ) {
    this.#merge = merge
    this.#create = create
    this.#program = program
    this.#task = task
    this.#arena = arena
  }

  add(ids: Int32Array, values: Column): true {
    const [merge, create] = [this.#merge, this.#create]
    const loop = this.#program.loop(`group ${merge.id} ${create?.id} ${values.type}`, () =>
      groupLoop(this.#program.fn(merge), create && this.#program.fn(create), values),
    )
    const place: Place = { row: 0, step: 0, base: 0 }
    try {
      this.#next = loop(values, ids, this.#acc, this.#next, place)
    } catch (error) {
      const { shows } = merge
      throw failedAt(error, merge.location, this.#task, () => {
        const value = values.get(place.row)
        return shows === undefined ? value : (value as unknown[])[shows]
      })
    }
    return true
  }

  /** Goes on from results that another form has reached. */
  resume(results: Column): void {
    for (let i = 0; i < results.length; i++) this.#acc.push(results.get(i))
    this.#next = this.#acc.length
  }

  finish(): Column {
    const out = new RowBuilder(this.#arena, this.#acc.length)
    for (const value of this.#acc) out.push(value)
    return out.finish()
  }
}

/** All values of a key, in order. */
export class GroupValues implements Values {
  readonly #kernels: Kernels
  readonly #arena: Arena
  readonly #scratch: Arena
  readonly #values: RowBuilder
  #ids: Int32Array
  #rows = 0

  constructor(task: Task, arena: Arena) {
    this.#kernels = task.kernels
    this.#arena = arena
    this.#scratch = task.scratch()
    this.#values = new RowBuilder(arena)
    this.#ids = arena.i32(1024)
  }

  add(ids: Int32Array, values: Column): true {
    if (this.#rows + ids.length > this.#ids.length) {
      const larger = this.#arena.i32(Math.max(this.#ids.length * 2, this.#rows + ids.length))
      larger.set(this.#ids.subarray(0, this.#rows))
      this.#arena.release(this.#ids)
      this.#ids = larger
    }
    this.#ids.set(ids, this.#rows)
    this.#rows += ids.length
    this.#scratch.reset()
    this.#values.append(packed(values, this.#kernels, this.#scratch))
    return true
  }

  finish(count: number): Column {
    const arena = this.#arena
    const kernels = this.#kernels
    const bounds = arena.i32(count + 1)
    const order = arena.i32(this.#rows)
    kernels.bucket(this.#ids.subarray(0, this.#rows), bounds, order)
    const child = take(this.#values.finish(), order, kernels, arena)
    return new ListColumn(child, bounds.subarray(0, count), bounds.subarray(1))
  }
}

/** For distinct: the key is all. */
export class NoValues implements Values {
  add(): true {
    return true
  }
  finish(count: number): Column {
    return new ConstColumn(count, null)
  }
}
