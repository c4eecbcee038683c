import { type CarriedFunction, pack } from '../functions/carry.js'
import type { UserFunction } from '../functions/user-function.js'
import type { Node } from './nodes.js'
import { type Exchange, mapExchange, mapFunctions, mapSink, type Op, type Sink } from './ops.js'
import type { Source } from './source.js'

/**
 * A plan cut into stages. A stage is everything that happens between two exchanges: each of its branches reads an
 * input and runs a chain of narrow operators, and all end in one sink. Stages are in the order in which they run.
 */
export interface Plan {
  stages: Stage<UserFunction>[]
}

export interface Stage<F> {
  branches: Branch<F>[]
  sink: Sink<F>
}

export interface Branch<F> {
  input: Input<F>
  ops: Op<F>[]
  /** For each operator, how many branches of the union it was applied to come before this one. */
  preceding: number[]
}

/** A branch reads a source, or what an earlier stage, of a cogroup one for each side, sent through an exchange. */
export type Input<F> =
  | { kind: 'source'; source: Source }
  | { kind: 'exchange'; stages: readonly number[]; exchange: Exchange<F>; beside: Source | undefined }

/** Cuts the plan of `node` at its exchanges, to end in `sink`. */
export function cut(node: Node, sink: Sink<UserFunction>): Plan {
  const stages: Stage<UserFunction>[] = []
  const sent = new Map<Node, Map<Exchange<UserFunction>, number>>()
  const last = branchesOf(node)
  stages.push({ branches: last, sink })
  return { stages }

  function branchesOf(at: Node): Branch<UserFunction>[] {
    if (at.storage !== undefined) return [branch({ kind: 'source', source: at.storage })]
    switch (at.kind) {
      case 'source':
        return [branch({ kind: 'source', source: at.source })]
      case 'narrow':
        return branchesOf(at.parent).map((b, k) => ({
          input: b.input,
          ops: [...b.ops, at.op],
          preceding: [...b.preceding, k],
        }))
      case 'union':
        return at.parents.flatMap(branchesOf)
      case 'exchange': {
        return [
          branch({
            kind: 'exchange',
            stages: at.parents.map(parent => stageOf(parent, at.exchange)),
            exchange: at.exchange,
            beside: at.beside,
          }),
        ]
      }
    }
  }

  /** The stage that sends a node's records into an exchange: one, however often they are read. */
  function stageOf(parent: Node, exchange: Exchange<UserFunction>): number {
    const stagesOf = sent.get(parent) ?? new Map<Exchange<UserFunction>, number>()
    sent.set(parent, stagesOf)
    let stage = stagesOf.get(exchange)
    if (stage === undefined) {
      const branches = branchesOf(parent)
      stage = stages.push({ branches, sink: { kind: 'exchange', exchange } }) - 1
      stagesOf.set(exchange, stage)
    }
    return stage
  }
}

const branch = (input: Input<UserFunction>): Branch<UserFunction> => ({ input, ops: [], preceding: [] })

/** What workers get once for all jobs of the same plan: operators and functions, without the data. */
export interface Program {
  id: number
  stages: ProgramStage[]
}

export interface ProgramStage {
  branches: ProgramBranch[]
  sink: Sink<CarriedFunction>
}

export interface ProgramBranch {
  /** The exchange that the branch reads; undefined for one that reads a source. */
  exchange: { stages: readonly number[]; exchange: Exchange<CarriedFunction> } | undefined
  ops: Op<CarriedFunction>[]
  preceding: number[]
}

export function packProgram(id: number, plan: Plan): Program {
  return {
    id,
    stages: plan.stages.map(stage => ({
      branches: stage.branches.map(({ input, ops, preceding }) => ({
        exchange:
          input.kind === 'exchange'
            ? { stages: input.stages, exchange: mapExchange(input.exchange, pack) }
            : undefined,
        ops: ops.map(op => mapFunctions(op, pack)),
        preceding,
      })),
      sink: mapSink(stage.sink, pack),
    })),
  }
}

/** All functions of a plan or a program. The exchange that a branch reads is the sink of an earlier stage. */
export function functionsOf<F>({
  stages,
}: {
  stages: readonly { branches: readonly { ops: readonly Op<F>[] }[]; sink: Sink<F> }[]
}): F[] {
  const found: F[] = []
  const note = (fn: F): F => {
    found.push(fn)
    return fn
  }
  for (const { branches, sink } of stages) {
    for (const { ops } of branches) for (const op of ops) mapFunctions(op, note)
    mapSink(sink, note)
  }
  return found
}
