import type { UserFunction } from '../functions/user-function.js'
import type { Column } from '../memory/column.js'
import type { Heap } from '../memory/heap.js'
import { PlacedPairs, recordsAt } from '../memory/placed.js'
import type { Computation, OpenSource, Source } from '../plan/source.js'
import type { Branch, Plan } from '../plan/stages.js'
import { type BranchSpec, dataOf, type JobSpec, type StageSpec, type TaskInput } from '../worker/job-spec.js'

/** What is wanted of a plan's result, and how. */
export interface Selection {
  /** Numbers of partitions; all, if absent. */
  partitions?: readonly number[]
  /** Where files go. */
  directory?: string
  /** The time of the batch, for operators that take it. */
  time?: number
  /** What its functions may ask for; see JOB. */
  numbers?: Readonly<Record<string, number>>
  /** Never on the driver's own thread. */
  onWorkers?: boolean
  /** What the functions add to accumulators does not count: they have run, or will run, for the user. */
  aside?: boolean
}

/** The data of a job, with the sources that it keeps open. */
export interface Prepared {
  spec: JobSpec
  /** About how many records go in; infinite where only reading shows it. */
  rows: number
  /** The tasks that read a source from end to end. */
  reads: { source: Source; stage: number; first: number; tasks: number }[]
  /** The sources that the job computes on its way. */
  computes: { stage: number; computation: Computation }[]
  release(): void
}

/**
 * Opens the sources of a plan and lays out its tasks.
 *
 * @returns undefined if another job has meanwhile begun to compute what this one would: the plan is to be cut anew
 */
export async function prepare(
  plan: Plan,
  program: number,
  selection: Selection,
  heap: Heap,
): Promise<Prepared | undefined> {
  const opened: OpenSource[] = []
  const computes: Prepared['computes'] = []
  const release = (): void => {
    for (const source of opened) source.release()
    for (const { computation } of computes) computation.end()
  }
  try {
    const stages: StageSpec[] = []
    const reads: Prepared['reads'] = []
    const inputs: Inputs = async (source, indexed = false, wanted) => {
      const stage = plan.stages.findIndex(({ keeps }) => keeps === source)
      if (stage >= 0)
        return Array.from({ length: stages[stage]!.tasks }, (_, task) => ({ kind: 'result', stage, task }))
      const open = await (indexed && source.openIndexed ? source.openIndexed() : source.open(wanted))
      opened.push(open)
      return open.partitions
    }
    let rows = 0
    for (const [s, stage] of plan.stages.entries()) {
      const last = s === plan.stages.length - 1
      const partial = stage.sink.kind === 'collect' && stage.sink.limit !== undefined
      const branches: BranchSpec[] = []
      let first = 0
      let passed = 0
      for (const branch of stage.branches) {
        const before = passed
        const numbersOf = (count: number): number[] | undefined =>
          last ? selection.partitions?.map(n => n - before).filter(n => n >= 0 && n < count) : undefined
        const { partitions, aligned } = await inputOf(branch, inputs, numbersOf)
        const count = partitions?.length ?? exchangeParts(branch)
        const numbers = numbersOf(count)
        const mine = partitions && (numbers?.map(n => partitions[n]!) ?? partitions)
        const spec: BranchSpec = { first, count }
        if (numbers !== undefined) spec.numbers = numbers
        if (aligned !== undefined) {
          spec.aligned = aligned
          for (const partition of aligned.flat(3)) rows += rowsOf(partition, heap)
        }
        if (mine !== undefined) {
          spec.partitions = mine
          for (const partition of mine) rows += rowsOf(partition, heap)
        }
        branches.push(spec)
        if (branch.input.kind === 'source' && numbers === undefined && !partial)
          reads.push({ source: branch.input.source, stage: s, first, tasks: count })
        first += numbers?.length ?? count
        passed += count
      }
      const spec: StageSpec = { tasks: first, branches }
      if (selection.time !== undefined) spec.time = selection.time
      if (selection.numbers !== undefined) spec.numbers = dataOf(selection.numbers)
      if (stage.sink.kind === 'exchange' && stage.sink.exchange.kind === 'ranges')
        spec.bounds = dataOf(stage.sink.exchange.bounds)
      if (last && selection.directory !== undefined) spec.directory = selection.directory
      stages.push(spec)
    }
    // Last, and at once: a job that waits for another to compute a source must not keep others waiting for it.
    for (const [stage, { keeps }] of plan.stages.entries()) {
      if (keeps === undefined) continue
      const computation = keeps.compute?.()
      if (computation === undefined) {
        release()
        return undefined
      }
      computes.push({ stage, computation })
    }
    return { spec: { program, stages }, rows, reads, computes, release }
  } catch (error) {
    release()
    throw error
  }
}

/** Tells the sources that were read from end to end how many records they had. */
export function tellSources({ reads }: Prepared, rowsOf: (stage: number, index: number) => number): void {
  for (const { source, stage, first, tasks } of reads) {
    if (source.onRead === undefined) continue
    let rows = 0
    for (let i = 0; i < tasks; i++) rows += rowsOf(stage, first + i)
    source.onRead(rows)
  }
}

/** Opens a source: with indexes of its keys, if they may help; and for some of its partitions only, if they are given. */
type Inputs = (source: Source, indexed?: boolean, wanted?: readonly number[]) => Promise<TaskInput[]>

/** @param numbersOf which partitions are wanted, of so many */
async function inputOf(
  { input }: Branch<UserFunction>,
  inputs: Inputs,
  numbersOf: (count: number) => readonly number[] | undefined,
): Promise<Pick<BranchSpec, 'partitions' | 'aligned'>> {
  if (input.kind === 'source')
    return { partitions: await inputs(input.source, false, numbersOf(input.source.partitionCount())) }
  if (input.sides.every(side => side.kind === 'sent')) return {}
  const { exchange } = input
  const wanted = exchange.kind === 'key' && exchange.combine?.kind === 'cogroup' && exchange.combine.keys
  const aligned: NonNullable<BranchSpec['aligned']> = []
  for (const side of input.sides) {
    const runs: TaskInput[][][] = []
    for (const { sources, ops } of side.kind === 'aligned' ? side.runs : []) {
      const run: TaskInput[][] = []
      const indexed = wanted !== false && wanted !== 'any' && ops.length === 0
      for (const source of sources) run.push(await inputs(source, indexed))
      runs.push(run)
    }
    aligned.push(runs)
  }
  return { aligned }
}

function exchangeParts(branch: Branch<UserFunction>): number {
  const { input } = branch
  if (input.kind !== 'exchange') return 0
  return input.exchange.kind === 'total' ? 1 : input.exchange.parts
}

/** Text counts by its words, rather than its lines: that is what a chain over text usually ends up with. */
const BYTES_PER_ROW = 6

function weight(column: Column | PlacedPairs): number {
  if (column instanceof PlacedPairs) return column.length
  switch (column.kind) {
    case 'utf8':
    case 'binary':
    case 'any':
      return column.length === 0
        ? 0
        : Math.max(column.length, (column.ends[column.length - 1]! - column.starts[0]!) / BYTES_PER_ROW)
    case 'list':
      return Math.max(column.length, weight(column.child))
    case 'tuple':
    case 'struct':
      return Math.max(column.length, ...column.children.map(weight))
    default:
      return column.length
  }
}

function rowsOf(partition: TaskInput, heap: Heap): number {
  switch (partition.kind) {
    case 'empty':
    case 'result': // its input counts
      return 0
    case 'block':
      return weight(recordsAt(heap, partition.offset))
    case 'range':
      return partition.count
    case 'zip':
      return Math.max(rowsOf(partition.left, heap), rowsOf(partition.right, heap))
    case 'product':
      return partition.rows
    case 'text':
      return partition.length / BYTES_PER_ROW
    case 'file':
    case 'records':
    case 'documents':
      return Number.POSITIVE_INFINITY // reading a file may block
  }
}
