import { PinnedSource } from '../../execution/sources/pinned-source.js'
import type { Watermarks } from '../../plan/event-time/stamps.js'
import type { State } from '../../plan/event-time/windows.js'
import { type Node, type SourceNode, sourceNode } from '../../plan/nodes.js'
import type { Transform } from '../../plan/operators.js'
import { checkTogether, Stream } from '../stream.js'
import type { StampedStream, Watermarked } from './stamped-stream.js'

/**
 * What an operator on event time keeps, and shows, from batch to batch. The state after a batch lies in the heap; it is made
 * of the one before it and the records of the batch, once, when an output first asks for it, and at the end of the batch at
 * the latest, since then the records go. A batch that fails leaves the state as it was, and the watermark with it: what the
 * state has not shown is not over, so nothing is late for it.
 */
export class StateStream extends Stream implements Watermarked {
  readonly #inputs: readonly StampedStream[]
  readonly #keyed: readonly Transform[]
  readonly #state: State
  readonly #sources = new Map<number, PinnedSource>()
  readonly #watermarks = new Map<number, Promise<Watermarks>>()
  /** The state after the last batch that is settled. */
  #current: { node: SourceNode; source: PinnedSource; time: number } | undefined
  #watermark = Number.NEGATIVE_INFINITY

  /** @param keyed for each input what makes `[key, [time, record]]` of it */
  constructor(inputs: readonly StampedStream[], keyed: readonly Transform[], state: State) {
    checkTogether(inputs, 'Some of the DStreams have different slide durations')
    super(inputs[0]!.graph, inputs)
    this.#inputs = inputs
    this.#keyed = keyed
    this.#state = state
  }

  protected compute(time: number): Node | undefined {
    const batch: Node[] = []
    for (const [i, input] of this.#inputs.entries()) {
      const node = input.at(time)
      if (node === undefined) return undefined
      batch.push(this.#keyed[i]!(node))
    }
    const { label, parts, step, shown } = this.#state
    const source = new PinnedSource(this.graph.engine, label, parts, async () => {
      const { before, after } = await this.watermarks(time)
      return { node: step(this.#current?.node, batch), numbers: { before, after } }
    })
    this.#sources.set(time, source)
    return shown(sourceNode(source))
  }

  typical(): Node | undefined {
    const { label, parts, shown } = this.#state
    const never = (): Promise<never> => Promise.reject(new Error('explained only'))
    return shown(sourceNode(new PinnedSource(this.graph.engine, label, parts, never)))
  }

  /** Of several inputs the least watermark; one that has been silent from the start is not waited for. */
  watermarks(time: number): Promise<Watermarks> {
    let watermarks = this.#watermarks.get(time)
    if (watermarks === undefined) {
      watermarks = this.#least(time)
      this.#watermarks.set(time, watermarks)
    }
    return watermarks
  }

  override async settle(time: number, shown: boolean): Promise<void> {
    // What nobody can see is not over: its records count, and what they would have fired waits for the next batch.
    if (!shown)
      this.#watermarks.set(time, Promise.resolve({ before: this.#watermark, after: this.#watermark }))
    const source = this.at(time) && this.#sources.get(time)
    if (source === undefined) return
    const { after } = await this.watermarks(time)
    // If an output has tried in vain this does not try again: what nobody has seen must not become the state.
    ;(await source.open()).release()
    this.#watermark = after
    const last = this.#current
    this.#current = { node: sourceNode(source), source, time }
    if (last !== undefined && !this.#sources.has(last.time)) last.source.drop()
  }

  override done(time: number): void {
    super.done(time)
    for (const [t, source] of this.#sources) {
      if (t > time - this.kept) continue
      this.#sources.delete(t)
      this.#watermarks.delete(t)
      if (source !== this.#current?.source) source.drop()
    }
  }

  override close(): void {
    for (const source of this.#sources.values()) source.drop()
    this.#current?.source.drop()
  }

  async #least(time: number): Promise<Watermarks> {
    const before = this.#watermark
    const all = await Promise.all(this.#inputs.map(input => input.watermarks(time)))
    const heard = all.filter((w, i) => w.after > Number.NEGATIVE_INFINITY || !this.#inputs[i]!.silent(time))
    return {
      before,
      after: Math.max(before, Math.min(...(heard.length > 0 ? heard : all).map(w => w.after))),
    }
  }
}
