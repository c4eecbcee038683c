import type { KeptBlocks } from '../../execution/block-store.js'
import type { Engine } from '../../execution/engine.js'
import type { Column } from '../../memory/column.js'
import { PlacedPairs, recordsAt } from '../../memory/placed.js'
import { type Node, sourceNode } from '../../plan/nodes.js'
import { type InputPartition, type OpenSource, type Source, UNKNOWN } from '../../plan/source.js'
import { sinkOf } from '../../plan/stages.js'
import type { StateValues } from '../../plan/windows.js'

/** How the values of a state look: what decides whether it may be carried on. */
export type Numbers =
  /** Whole numbers, or no numbers at all: adding and taking away leaves nothing behind. */
  | 'exact'
  /** Some are rounded. */
  | 'rounded'
  /** Some are NaN or infinite: nothing can be taken away from those. */
  | 'not finite'

/** From good to bad, by the number that the kernel gives. */
const KINDS: readonly Numbers[] = ['exact', 'rounded', 'not finite']

/** How a state may be made. */
export interface StatePlans {
  /** The state before, and what makes the next one of it: cheap, while that is there. */
  before: WindowState | undefined
  next: (before: Node, values: StateValues) => Node
  /** Of all slices: also when a batch before has failed, or its memory had to give way. */
  anew: () => Node
}

/**
 * What a window remembers of its keys at one time, in the heap. It is computed in its batch, so that no plan reaches back
 * further than the state before.
 */
export class WindowState implements Source {
  readonly label = 'state of the window'
  readonly recordType = UNKNOWN
  readonly byPlace = true
  readonly kept = true
  readonly node: Node = sourceNode(this)
  readonly #engine: Engine
  readonly #parts: number
  readonly #anew: () => Node
  #next: Omit<StatePlans, 'anew'> | undefined
  #kept: KeptBlocks | undefined
  #computing: Promise<void> | undefined
  #dropped = false
  #onlyNumbers = true
  /** Of the values, once they are there. */
  numbers: Numbers = 'exact'

  constructor(engine: Engine, parts: number, { before, next, anew }: StatePlans) {
    this.#engine = engine
    this.#parts = parts
    this.#next = { before, next }
    this.#anew = anew
  }

  get dividedInto(): number {
    return this.#parts
  }

  partitionCount(): number {
    return this.#parts
  }

  get values(): StateValues {
    return { numbers: this.#onlyNumbers, exact: this.numbers === 'exact' }
  }

  /** True while the records lie in the heap. */
  get ready(): boolean {
    return this.#kept !== undefined && !this.#kept.evicted
  }

  async open(): Promise<OpenSource> {
    while (!this.ready) {
      this.#computing ??= this.#compute().finally(() => {
        this.#computing = undefined
      })
      await this.#computing
    }
    return this.#engine.blocks.open(this.#kept!)
  }

  /** Computes what no output has asked for. */
  async settle(): Promise<void> {
    if (!this.ready && !this.#dropped) (await this.open()).release()
  }

  drop(): void {
    this.#dropped = true
    this.#next = undefined
    if (this.#kept !== undefined) this.#engine.blocks.drop(this.#kept)
  }

  async #compute(): Promise<void> {
    const { before, next } = this.#next ?? {}
    if (before?.ready && next) {
      await this.#run(next(before.node, before.values))
      if (before.numbers === 'rounded' && this.numbers === 'exact') this.numbers = 'rounded'
      if (this.numbers === 'not finite') this.#engine.blocks.drop(this.#kept!)
    }
    if (!this.ready) await this.#run(this.#anew())
    // The state before may go: nothing here must hold it.
    this.#next = undefined
  }

  async #run(node: Node): Promise<void> {
    const { blocks, owners } = await this.#engine.run(node, sinkOf(this))
    const partitions = blocks.map(
      (offset): InputPartition => (offset === 0 ? { kind: 'empty' } : { kind: 'block', offset }),
    )
    this.#kept = this.#engine.blocks.keep(this, partitions, owners)
    this.numbers = 'exact'
    this.#onlyNumbers = true
    for (const offset of blocks) if (offset !== 0) this.#look(offset)
  }

  #look(block: number): void {
    const pairs = recordsAt(this.#engine.heap, block)
    if (pairs instanceof PlacedPairs && pairs.exactness !== undefined)
      return this.#worse(KINDS[pairs.exactness]!)
    const states =
      pairs instanceof PlacedPairs ? pairs.values : pairs.kind === 'tuple' ? pairs.children[1]! : pairs
    const column = states.kind === 'tuple' ? states.children[0]! : states
    if (!isNumeric(column)) this.#onlyNumbers = false
    this.#lookAt(column)
  }

  /** Looks at every number in a column, also at those that are parts of values. */
  #lookAt(column: Column): void {
    switch (column.kind) {
      case 'f64':
        return this.#worse(KINDS[this.#engine.kernels.exactness(column.values as Float64Array)]!)
      case 'tuple':
      case 'struct':
        for (const child of column.children) this.#lookAt(child)
        return
      case 'list':
        return this.#lookAt(column.child)
      case 'const':
        return this.#lookInto(column.value)
      case 'any':
      case 'dict':
        // Records of several types: seldom, and few.
        for (let i = 0; i < column.length; i++) this.#lookInto(column.at(i))
    }
  }

  #lookInto(value: unknown, depth = 5): void {
    if (typeof value === 'number') return this.#note(value)
    if (typeof value !== 'object' || value === null || depth === 0) return
    for (const part of Object.values(value)) this.#lookInto(part, depth - 1)
  }

  #note(value: number): void {
    this.#worse(Number.isSafeInteger(value) ? 'exact' : Number.isFinite(value) ? 'rounded' : 'not finite')
  }

  #worse(found: Numbers): void {
    if (KINDS.indexOf(found) > KINDS.indexOf(this.numbers)) this.numbers = found
  }
}

function isNumeric(column: Column): boolean {
  if (column.kind === 'const') return typeof column.value === 'number'
  return column.valid === undefined && (column.kind === 'f64' || column.kind === 'i32')
}
