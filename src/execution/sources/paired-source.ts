import { readBlock } from '../../memory/block.js'
import { type Node, partitionCount, unionNode } from '../../plan/nodes.js'
import {
  type InputPartition,
  type OpenSource,
  type RecordType,
  type Source,
  UNKNOWN,
} from '../../plan/source.js'
import type { Engine } from '../engine.js'

/** A partition of one side, and, if it lies in the heap, how many records it has. */
interface Part {
  partition: InputPartition
  rows: number
}

/** Some partitions of an RDD, by their numbers. */
interface Side {
  at(partition: number): Part
  release(): void
}

/** Which two partitions a partition reads, and how. */
interface Pairing {
  count(left: number, right: number): number
  /** The partitions of both sides that make partition `n`; `rights` is how many the right side has. */
  places(n: number, rights: number): [left: number, right: number]
  read(left: Part, right: Part, location: string): InputPartition
  /** Sides need not lie in the heap. */
  streams: boolean
}

const PAIRINGS = {
  zip: {
    count: left => left,
    places: n => [n, n],
    read: (left, right, location) => ({
      kind: 'zip',
      left: left.partition,
      right: right.partition,
      location,
    }),
    streams: true,
  },
  cartesian: {
    count: (left, right) => left * right,
    places: (n, rights) => [Math.floor(n / rights), n % rights],
    read: ({ partition: left, rows }, { partition: right, rows: times }) =>
      left.kind === 'block' && right.kind === 'block'
        ? { kind: 'product', left: left.offset, right: right.offset, rows: rows * times }
        : { kind: 'empty' },
    streams: false,
  },
} satisfies Record<string, Pairing>

/**
 * The pairs that a partition of one RDD makes with a partition of another. What is no source is computed by a job of its own
 * first, of those partitions that are wanted, and only once however many it meets.
 */
export class PairedSource implements Source {
  readonly label: string
  readonly recordType: RecordType = { kind: 'tuple', items: [UNKNOWN, UNKNOWN] }
  readonly #engine: Engine
  readonly #pairing: Pairing
  readonly #left: Node
  readonly #right: Node

  constructor(engine: Engine, kind: keyof typeof PAIRINGS, location: string, left: Node, right: Node) {
    this.label = location
    this.#engine = engine
    this.#pairing = PAIRINGS[kind]
    this.#left = left
    this.#right = right
  }

  typical(): Node {
    return unionNode([this.#left, this.#right])
  }

  partitionCount(): number {
    return this.#pairing.count(partitionCount(this.#left), partitionCount(this.#right))
  }

  async open(wanted?: readonly number[]): Promise<OpenSource> {
    const { places, read } = this.#pairing
    const rights = partitionCount(this.#right)
    const partitions = Array.from(
      { length: this.partitionCount() },
      (): InputPartition => ({ kind: 'empty' }),
    )
    const numbers = wanted ?? partitions.keys()
    const met = Array.from(numbers, n => [n, places(n, rights)] as const)
    const left = await this.#side(this.#left, new Set(met.map(([, [l]]) => l)))
    try {
      const right = await this.#side(this.#right, new Set(met.map(([, [, r]]) => r)))
      for (const [n, [l, r]] of met) partitions[n] = read(left.at(l), right.at(r), this.label)
      return {
        partitions,
        release() {
          left.release()
          right.release()
        },
      }
    } catch (error) {
      left.release()
      throw error
    }
  }

  async #side(node: Node, wanted: ReadonlySet<number>): Promise<Side> {
    const numbers = [...wanted].sort((a, b) => a - b)
    const source = node.storage ?? (node.kind === 'source' ? node.source : undefined)
    // Not one that has a plan instead, or is to be told when a job has read it.
    if (this.#pairing.streams && source && source.plan === undefined && source.onRead === undefined) {
      const { partitions, release } = await source.open(numbers)
      return { at: n => ({ partition: partitions[n]!, rows: 0 }), release }
    }
    const all = numbers.length === partitionCount(node)
    const { blocks, release } = await this.#engine.run(node, undefined, all ? {} : { partitions: numbers })
    const parts = new Map(numbers.map((n, k) => [n, this.#part(blocks[k]!)]))
    return { at: n => parts.get(n)!, release }
  }

  #part(offset: number): Part {
    return offset === 0
      ? { partition: { kind: 'empty' }, rows: 0 }
      : { partition: { kind: 'block', offset }, rows: readBlock(this.#engine.heap, offset).length }
  }
}
