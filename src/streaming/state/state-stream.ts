import { type Node, unionNode } from '../../plan/nodes.js'
import type { StateRule } from '../../plan/states.js'
import { Stream } from '../stream.js'
import { StateStep } from './state-step.js'

/**
 * A stream of states: what a rule makes of the state before and of each batch of the parent, whether an output asks for it or
 * not. A batch whose plan cannot be made has no state of its own: the next one goes on from the last that there is.
 */
export class StateStream extends Stream {
  readonly #rule: StateRule
  readonly #steps = new Map<number, StateStep>()
  #last: StateStep | undefined
  #lastTime = Number.NEGATIVE_INFINITY

  constructor(parent: Stream, rule: StateRule) {
    super(parent.graph, [parent])
    this.#rule = rule
  }

  protected compute(time: number): Node | undefined {
    if (time <= this.#lastTime) return undefined
    const batch = this.parents[0]!.at(time) ?? unionNode([])
    const step = new StateStep(this.graph.engine, this.#rule, this.#last, batch, time)
    this.#steps.set(time, step)
    this.#last = step
    this.#lastTime = time
    return step.node
  }

  override async settle(time: number): Promise<void> {
    this.at(time)
    await this.#steps.get(time)?.settle()
  }

  override done(time: number): void {
    super.done(time)
    for (const [t, step] of this.#steps) {
      if (t > time - this.kept) continue
      this.#steps.delete(t)
      step.forget()
    }
  }

  override close(): void {
    for (const step of this.#steps.values()) step.forget()
    this.#last?.end()
  }

  typical(): Node | undefined {
    const batch = this.parents[0]!.typical()
    return batch && this.#rule.next(undefined, batch)
  }
}
