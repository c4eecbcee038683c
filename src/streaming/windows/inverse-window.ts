import { type Node, sourceNode } from '../../plan/nodes.js'
import { UNKNOWN } from '../../plan/source.js'
import { type Slide, shown } from '../../plan/windows.js'
import { Stream } from '../stream.js'
import { type StatePlans, WindowState } from './window-state.js'
import { nodesBetween } from './window-stream.js'

/** The states at a time: the one shown, and the one that the next base is made of. */
interface States {
  state: WindowState
  /** The slices since `base`, added up and never taken away from. */
  added: WindowState | undefined
  base: number
}

/**
 * A reduction by key over a window, whose state goes on from slide to slide: the oldest slices are taken away, the newest
 * added. Rounded sums drift, so beside such a state another one is added up from nothing; when that has come to cover the
 * whole window it takes the place of the first, once per window and without reading a slice twice.
 */
export class InverseWindowStream extends Stream {
  readonly #windowMs: number
  readonly #slideMs: number
  readonly #parts: number
  readonly #next: Slide
  readonly #states = new Map<number, States>()

  /** @param slices the parent's batches, reduced by key */
  constructor(slices: Stream, windowMs: number, slideMs: number, parts: number, next: Slide) {
    super(slices.graph, [slices])
    this.#windowMs = windowMs
    this.#slideMs = slideMs
    this.#parts = parts
    this.#next = next
    slices.persistForReductions()
    slices.remember(windowMs + slideMs)
  }

  override get slide(): number {
    return this.#slideMs
  }

  protected override neededOfParent(ms: number): number {
    return ms + this.#windowMs + this.#slideMs
  }

  protected compute(time: number): Node {
    const made = this.#statesAt(time)
    this.#states.set(time, made)
    return shown(made.state.node)
  }

  #statesAt(time: number): States {
    const [windowMs, slideMs] = [this.#windowMs, this.#slideMs]
    const slices = (begin: number, end: number): Node[] => nodesBetween(this.parents[0]!, begin, end)
    const window = slices(time - windowMs, time)
    const fresh = slices(Math.max(time - slideMs, time - windowMs), time)
    const old = slices(time - slideMs - windowMs, Math.min(time - windowMs, time - slideMs))
    const anew = (): Node => this.#next(undefined, [], window)
    // Nothing is left of the window before: what begins anew needs no inverse.
    const before = slideMs >= windowMs ? undefined : this.#states.get(time - slideMs)
    const make = (from: WindowState | undefined, next: StatePlans['next'], whole: () => Node): WindowState =>
      new WindowState(this.graph.engine, this.#parts, { before: from, next, anew: whole })

    if (before === undefined) return { state: make(undefined, anew, anew), added: undefined, base: time }
    const rounded = before.state.numbers !== 'exact' || before.added !== undefined
    const base = rounded ? before.base : time
    const since = slices(base, time)
    const added = rounded
      ? make(
          before.added,
          (node, values) => this.#next(node, [], fresh, values),
          () => this.#next(undefined, [], since),
        )
      : undefined
    if (added !== undefined && time - base >= windowMs)
      return {
        state: time - base === windowMs ? added : make(undefined, anew, anew),
        added: undefined,
        base: time,
      }
    return {
      state: make(before.state, (node, values) => this.#next(node, old, fresh, values), anew),
      added,
      base,
    }
  }

  /** Computes the states of a batch that no output has asked for, so that the next need not. */
  override async settle(time: number): Promise<void> {
    const states = this.#states.get(time)
    await states?.state.settle()
    await states?.added?.settle()
  }

  override done(time: number): void {
    super.done(time)
    const until = time - Math.max(this.kept, this.#slideMs)
    for (const [t, { state, added }] of this.#states) {
      if (t > until) continue
      this.#states.delete(t)
      state.drop()
      added?.drop()
    }
  }

  typical(): Node | undefined {
    const slice = this.parents[0]!.typical()
    if (slice === undefined) return undefined
    const lying = (label: string, typical?: () => Node): Node =>
      sourceNode({
        label,
        recordType: UNKNOWN,
        dividedInto: this.#parts,
        ...(typical && { typical }),
        partitionCount: () => this.#parts,
        open: () => Promise.reject(new Error('only for explain()')),
      })
    return shown(
      this.#next(
        lying('state of the window before'),
        [lying('the oldest slice')],
        [lying('the newest slice', () => slice)],
        { numbers: true, exact: true },
      ),
    )
  }
}
