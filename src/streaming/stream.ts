import { MillraceError } from '../core/errors.js'
import { type Node, unionNode } from '../plan/nodes.js'
import type { Transform } from '../plan/operators.js'
import type { StreamGraph } from './graph.js'

/**
 * A DStream as the engine sees it: a rule that gives a plan for a batch time. What it gave is remembered as long as a later
 * batch may ask for it, so that a stream used twice in a batch is one RDD.
 */
export abstract class Stream {
  readonly graph: StreamGraph
  readonly parents: readonly Stream[]
  /** The plans that were given, and whether their records are kept in the heap for this stream. */
  readonly #generated = new Map<number, { node: Node; kept: boolean }>()
  #persisted: 'never' | 'computed' | 'always' = 'never'
  #byPlace = false
  #kept = 0
  #lasting: boolean | undefined

  constructor(graph: StreamGraph, parents: readonly Stream[]) {
    this.graph = graph
    this.parents = parents
    graph.add(this)
  }

  /** Milliseconds between two batches of this stream. */
  get slide(): number {
    return this.parents[0]?.slide ?? this.graph.batchMs
  }

  /** For how many milliseconds a batch is remembered when it is done. */
  get kept(): number {
    return this.#kept
  }

  /**
   * True if the plan of a batch still gives its records when the batch is done and nothing of it is in the heap any more. The
   * newest batch is then known until the next one is done, which costs no more than its plan.
   */
  get lasting(): boolean {
    return (this.#lasting ??= this.lasts())
  }

  protected lasts(): boolean {
    return false
  }

  /** For how many milliseconds the plan of a batch is known when it is done. */
  get #known(): number {
    return this.lasting ? Math.max(this.#kept, this.slide) : this.#kept
  }

  /** Keeps the records of each batch in the heap, for as long as it is remembered. */
  persist(): void {
    this.#persisted = 'always'
  }

  /** The same for batches that would otherwise be computed, or read from a disk, more than once. */
  persistComputed(): void {
    if (this.#persisted === 'never') this.#persisted = 'computed'
  }

  /** The same for pairs that are only read to be reduced by key. */
  persistForReductions(): void {
    this.persistComputed()
    this.#byPlace = true
  }

  /** Remembers batches for so long after they are done; a later call never shortens it. What they are made of stays, too. */
  remember(ms: number): void {
    if (ms <= this.#kept) return
    this.#kept = ms
    for (const parent of this.parents) parent.remember(this.neededOfParent(ms))
  }

  /** For how long a parent must remember batches so that those of the last `ms` milliseconds can be made. */
  protected neededOfParent(ms: number): number {
    return ms
  }

  /** The plan of the batch at `time`; undefined where the stream has none. */
  protected abstract compute(time: number): Node | undefined

  /** The remembered or new plan of a batch; undefined at times that are not this stream's. */
  at(time: number): Node | undefined {
    const { zeroTime } = this.graph
    if (time <= zeroTime || (time - zeroTime) % this.slide !== 0) return undefined
    const generated = this.#generated.get(time)
    if (generated !== undefined) return generated.node
    const node = this.compute(time)
    if (node === undefined) return undefined
    this.#generated.set(time, { node, kept: this.#persists(node) && this.graph.persist(node, this.#byPlace) })
    return node
  }

  /**
   * The plans of the batches from `begin` to `end`, both included and taken down to the grid. What lies before the first
   * batch, or has not come yet, is left out.
   *
   * @throws MILLRACE_STATE before start, and for batches that are forgotten
   */
  slice(begin: number, end: number): Node[] {
    const { slide, graph } = this
    const { zeroTime } = graph
    if (graph.phase === 'building')
      throw new MillraceError(
        'MILLRACE_STATE',
        'the DStream has not been initialized: call slice() after start().',
      )
    const nodes: Node[] = []
    const aligned = zeroTime + Math.floor((begin - zeroTime) / slide) * slide
    for (
      let time = Math.max(aligned, zeroTime + slide);
      time <= Math.min(end, graph.cutTime);
      time += slide
    ) {
      if (time <= graph.doneTime - this.#known) throw this.forgotten(time)
      const node = this.at(time)
      if (node !== undefined) nodes.push(node)
    }
    return nodes
  }

  protected forgotten(time: number): Error {
    return new MillraceError(
      'MILLRACE_STATE',
      `the batch ${time} ms is forgotten: this stream remembers batches for ${this.#known} ms. Call remember() on the StreamingContext before start(), with a time that is long enough.`,
    )
  }

  /** The plan of any batch, for explain(); undefined where only a batch shows it. */
  abstract typical(): Node | undefined

  /** No batch comes any more: what the stream holds in the heap may go. */
  close(): void {}

  /**
   * Computes what later batches go on from and no output of this batch has asked for.
   *
   * @param _shown false if no output has seen anything of the batch
   */
  async settle(_time: number, _shown: boolean): Promise<void> {}

  #persists(node: Node): boolean {
    if (this.#persisted !== 'computed') return this.#persisted === 'always'
    return node.kind !== 'source' || node.source.onDisk === true
  }

  /** Says that the batches up to `time` are done, and forgets those that need not be remembered any longer. */
  done(time: number): void {
    for (const [t, generated] of this.#generated) {
      if (t > time - this.#kept) continue
      if (generated.kept) this.graph.unpersist(generated.node)
      generated.kept = false
      if (t <= time - this.#known) this.#generated.delete(t)
    }
  }
}

/** A stream whose batches are those of its parent, transformed. */
export class TransformedStream extends Stream {
  readonly #transform: Transform

  constructor(parent: Stream, transform: Transform) {
    super(parent.graph, [parent])
    this.#transform = transform
  }

  protected compute(time: number): Node | undefined {
    const node = this.parents[0]!.at(time)
    return node && this.#transform(node)
  }

  protected override lasts(): boolean {
    return this.parents.every(parent => parent.lasting)
  }

  typical(): Node | undefined {
    const node = this.parents[0]!.typical()
    return node && this.#transform(node)
  }
}

/** The records of several streams. */
export class UnionStream extends Stream {
  /** @throws MILLRACE_OPTION if the streams have different slide durations or contexts */
  constructor(parents: readonly Stream[], slideText = 'the two DStream should have same slide duration') {
    if (parents.length === 0)
      throw new MillraceError('MILLRACE_OPTION', 'should have at least one DStream to union')
    checkTogether(parents, slideText)
    super(parents[0]!.graph, parents)
  }

  protected compute(time: number): Node {
    return unionNode(
      this.parents.map(parent => parentAt(parent, time, 'Could not generate RDD from a parent for unifying')),
    )
  }

  protected override lasts(): boolean {
    return this.parents.every(parent => parent.lasting)
  }

  typical(): Node | undefined {
    const nodes = this.parents.map(parent => parent.typical())
    return nodes.includes(undefined) ? undefined : unionNode(nodes as Node[])
  }
}

/** What a function on the driver makes of the batches of one or more streams. */
export class DriverStream extends Stream {
  readonly #make: (nodes: Node[], time: number) => Node | null | undefined

  constructor(parents: readonly Stream[], make: (nodes: Node[], time: number) => Node | null | undefined) {
    if (parents.length === 0)
      throw new MillraceError('MILLRACE_OPTION', 'List of DStreams to transform is empty')
    checkTogether(parents, 'Some of the DStreams have different slide durations')
    super(parents[0]!.graph, parents)
    this.#make = make
  }

  protected compute(time: number): Node {
    const nodes = this.parents.map(parent => parentAt(parent, time, "Couldn't generate RDD from parent"))
    const made = this.#make(nodes, time)
    if (made === null || made === undefined) {
      throw new MillraceError(
        'MILLRACE_BATCH',
        'Transform function must not return null. Return SparkContext.emptyRDD() instead to represent no element as the result of transformation.',
      )
    }
    return made
  }

  protected override lasts(): boolean {
    return this.parents.every(parent => parent.lasting)
  }

  typical(): Node | undefined {
    return undefined
  }
}

function parentAt(parent: Stream, time: number, text: string): Node {
  const node = parent.at(time)
  if (node === undefined) throw new MillraceError('MILLRACE_BATCH', `${text} at time ${time} ms`)
  return node
}

/** @throws MILLRACE_OPTION for streams of different contexts, or of different slides: then with `slideText` */
export function checkTogether(streams: readonly Stream[], slideText: string): void {
  const [first] = streams
  if (streams.some(s => s.graph !== first!.graph))
    throw new MillraceError('MILLRACE_OPTION', 'Array of parents have different StreamingContexts')
  if (streams.some(s => s.slide !== first!.slide)) throw new MillraceError('MILLRACE_OPTION', slideText)
}
