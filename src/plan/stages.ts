import { type CarriedFunction, pack } from '../functions/carry.js'
import type { UserFunction } from '../functions/user-function.js'
import { alignedRuns, type Run } from './alignment.js'
import type { ExchangeNode, Node } from './nodes.js'
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
  /** The source whose records these are: kept for later jobs, and read by later stages of this one. */
  keeps?: Source
}

export interface Branch<F> {
  input: Input<F>
  ops: Op<F>[]
  /** For each operator, how many branches of the union it was applied to come before this one. */
  preceding: number[]
}

/** A branch reads a source, or what comes through an exchange: of a cogroup from several sides, else from one. */
export type Input<F> =
  | { kind: 'source'; source: Source }
  | { kind: 'exchange'; exchange: Exchange<F>; sides: Side<F>[] }

/** What an earlier stage has sent, or what lies in the right partitions already. */
export type Side<F> = { kind: 'sent'; stage: number } | { kind: 'aligned'; runs: Run<F>[] }

/**
 * Cuts the plan of `node` at its exchanges, to end in `sink`.
 *
 * @param missing the plan of a source that is to be computed on the way, where it lies aligned; none are, if absent
 */
export function cut(
  node: Node,
  sink: Sink<UserFunction>,
  missing: (source: Source) => Node | undefined = () => undefined,
): Plan {
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
        at.also?.forEach(compute)
        return [
          branch({
            kind: 'exchange',
            exchange: at.exchange,
            sides: at.parents.map((parent, side) => sideOf(parent, side, at)),
          }),
        ]
      }
    }
  }

  function sideOf(parent: Node, side: number, { exchange, parents }: ExchangeNode): Side<UserFunction> {
    if (exchange.kind === 'key' && exchange.partitioner === undefined) {
      // A tracking function's records are read twice.
      const readOnce = exchange.combine?.kind !== 'track' || side < parents.length - 1
      const runs = readOnce ? alignedRuns(parent, exchange.parts) : undefined
      if (runs !== undefined) {
        for (const { sources } of runs) sources.forEach(compute)
        return { kind: 'aligned', runs }
      }
    }
    return { kind: 'sent', stage: stageOf(parent, exchange) }
  }

  /** Adds the stage that computes a source, if it is missing. What an earlier stage reads must be there before the job begins. */
  function compute(source: Source): void {
    const plan = missing(source)
    if (plan === undefined || stages.some(({ keeps }) => keeps === source)) return
    if (stages.some(({ branches }) => branches.some(({ input }) => reads(input, source)))) return
    const branches = branchesOf(plan)
    stages.push({ branches, sink: sinkOf(source), keeps: source })
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

/** The sink for all records of a source. */
export function sinkOf({ byPlace }: Pick<Source, 'byPlace'>): Sink<UserFunction> & { kind: 'collect' } {
  return byPlace ? { kind: 'collect', limit: undefined, byPlace } : { kind: 'collect', limit: undefined }
}

const reads = (input: Input<UserFunction>, source: Source): boolean =>
  input.kind === 'source' && input.source === source

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
  /** Which sources are read, also those that lie aligned, is data; what they go through is not. */
  input: { kind: 'source' } | { kind: 'exchange'; exchange: Exchange<CarriedFunction>; sides: ProgramSide[] }
  ops: Op<CarriedFunction>[]
  preceding: number[]
}

export type ProgramSide =
  | { kind: 'sent'; stage: number }
  | { kind: 'aligned'; runs: { ops: Op<CarriedFunction>[] }[] }

export function packProgram(id: number, plan: Plan): Program {
  const packAll = (ops: Op<UserFunction>[]): Op<CarriedFunction>[] => ops.map(op => mapFunctions(op, pack))
  // What a stage sends is combined by the same functions where it is read.
  const packed = new Map<Exchange<UserFunction>, Exchange<CarriedFunction>>()
  const packExchange = (exchange: Exchange<UserFunction>): Exchange<CarriedFunction> => {
    const known = packed.get(exchange) ?? mapExchange(exchange, pack)
    packed.set(exchange, known)
    return known
  }
  const packSide = (side: Side<UserFunction>): ProgramSide =>
    side.kind === 'sent'
      ? side
      : { kind: 'aligned', runs: side.runs.map(({ ops }) => ({ ops: packAll(ops) })) }
  return {
    id,
    stages: plan.stages.map(stage => ({
      branches: stage.branches.map(({ input, ops, preceding }) => ({
        input:
          input.kind === 'source'
            ? { kind: 'source' }
            : {
                kind: 'exchange',
                exchange: packExchange(input.exchange),
                sides: input.sides.map(packSide),
              },
        ops: packAll(ops),
        preceding,
      })),
      sink:
        stage.sink.kind === 'exchange'
          ? { kind: 'exchange', exchange: packExchange(stage.sink.exchange) }
          : mapSink(stage.sink, pack),
    })),
  }
}

interface Parts<F> {
  stages: readonly {
    branches: readonly { input: { kind: 'source' } | ExchangeInput<F>; ops: readonly Op<F>[] }[]
    sink: Sink<F>
  }[]
}
interface ExchangeInput<F> {
  kind: 'exchange'
  exchange: Exchange<F>
  sides: readonly ({ kind: 'sent' } | { kind: 'aligned'; runs: readonly { ops: readonly Op<F>[] }[] })[]
}

/** All functions of a plan or a program. */
export function functionsOf<F>({ stages }: Parts<F>): F[] {
  const found = new Set<F>()
  const note = (fn: F): F => {
    found.add(fn)
    return fn
  }
  const noteAll = (ops: readonly Op<F>[]): void => {
    for (const op of ops) mapFunctions(op, note)
  }
  for (const { branches, sink } of stages) {
    for (const { input, ops } of branches) {
      noteAll(ops)
      if (input.kind === 'source') continue
      mapExchange(input.exchange, note)
      for (const side of input.sides)
        if (side.kind === 'aligned') for (const run of side.runs) noteAll(run.ops)
    }
    mapSink(sink, note)
  }
  return [...found]
}
