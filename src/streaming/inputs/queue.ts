import { MillraceError } from '../../core/errors.js'
import type { SourceHome } from '../../execution/sources/encoded-source.js'
import { ItemsSource } from '../../execution/sources/items-source.js'
import { typeOfRecord } from '../../execution/sources/record-type.js'
import { type Node, sourceNode, unionNode } from '../../plan/nodes.js'
import { type RecordType, UNKNOWN } from '../../plan/source.js'
import type { Input } from './input.js'

/** An RDD's plan, or a list of records. */
export type Queued = { node: Node } | { items: readonly unknown[] }

const EXHAUSTED: Queued = { items: [] }

/** What a batch was given. */
interface Taken {
  node: Node
  sources: ItemsSource[]
  records: number | undefined
}

/**
 * queueStream: a queue of RDDs, one of which, or all, makes a batch. It can be added to while the context runs. A list has
 * the default number of partitions. When the queue is empty the default is taken, or an empty RDD of one partition.
 */
export class QueueInput implements Input {
  readonly name = 'queueStream'
  readonly lasting = true
  readonly #home: SourceHome
  readonly #queue: Queued[]
  readonly #oneAtATime: boolean
  readonly #default: Queued | undefined
  readonly #parallelism: number
  readonly #taken = new Map<number, Taken>()

  constructor(
    home: SourceHome,
    queue: Queued[],
    oneAtATime: boolean,
    fallback: Queued | undefined,
    parallelism: number,
  ) {
    this.#home = home
    this.#queue = queue
    this.#oneAtATime = oneAtATime
    this.#default = fallback
    this.#parallelism = parallelism
  }

  get recordType(): RecordType {
    const first = this.#queue[0]
    return first === undefined || 'node' in first ? UNKNOWN : typeOfRecord(first.items[0])
  }

  push(queued: Queued): void {
    this.#queue.push(queued)
  }

  /** One RDD is taken at every tick, also for a batch that no output asks for, or only a window later on. */
  allocate(time: number): void {
    const taken = this.#queue.splice(0, this.#oneAtATime ? 1 : this.#queue.length)
    if (taken.length === 0) taken.push(this.#default ?? EXHAUSTED)
    const sources: ItemsSource[] = []
    const nodes = taken.map(queued => {
      if ('node' in queued) return queued.node
      const source = new ItemsSource(
        this.#home,
        queued.items,
        queued === EXHAUSTED ? 1 : this.#parallelism,
        'queueStream',
      )
      sources.push(source)
      return sourceNode(source)
    })
    const known = sources.length === nodes.length
    this.#taken.set(time, {
      node: nodes.length === 1 ? nodes[0]! : unionNode(nodes),
      sources,
      records: known ? sources.reduce((n, s) => n + s.length, 0) : undefined,
    })
  }

  compute(time: number): Node {
    const taken = this.#taken.get(time)
    if (taken === undefined)
      throw new MillraceError('MILLRACE_STATE', `the records of batch ${time} ms are forgotten.`)
    return taken.node
  }

  forget(time: number): void {
    for (const [t, { sources }] of this.#taken) {
      if (t > time) continue
      this.#taken.delete(t)
      for (const source of sources) source.drop()
    }
  }

  recordsAt(time: number): number | undefined {
    return this.#taken.get(time)?.records
  }

  counted(time: number, records: number): void {
    const batch = this.#taken.get(time)
    if (batch !== undefined) batch.records = records
  }
}
