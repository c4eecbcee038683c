import { decodeValue, encodeValue } from '../memory/structured.js'
import type { InputPartition } from '../plan/source.js'

/** The data of a job, beside its program: what each task reads and where it writes. Lies in the heap as JSON. */
export interface JobSpec {
  program: number
  stages: StageSpec[]
}

/** Values that JSON does not know, as structured bytes in base 64. */
export type Data = string

export interface StageSpec {
  tasks: number
  branches: BranchSpec[]
  /** The time of the batch that the job belongs to, epoch milliseconds. */
  time?: number
  /** The numbers that functions may ask for; see JOB. */
  numbers?: Data
  /** For a sink that sends records by ranges of their keys: the bounds. */
  bounds?: Data
  /** For a sink that writes files: the directory. */
  directory?: string
}

/** What a task reads: a partition of a source, or the result of a task of an earlier stage, if the job computes the source itself. */
export type TaskInput = InputPartition | { kind: 'result'; stage: number; task: number }

export interface BranchSpec {
  /** The number of the branch's first task. */
  first: number
  /** How many partitions the branch's RDD has; a job may read only some of them. */
  count: number
  /** Which partition each task reads; task n reads partition n, if absent. */
  numbers?: number[]
  /** What the tasks of a branch that reads a source read, one each; absent for one that reads an exchange. */
  partitions?: TaskInput[]
  /** What lies aligned: for each side of the exchange, each of its runs and each source in it, the partitions. */
  aligned?: TaskInput[][][][]
}

/** Where what a task reads lies, once the stages before have run. */
export function located(input: TaskInput, resultsOf: (stage: number) => readonly number[]): InputPartition {
  if (input.kind !== 'result') return input
  const offset = resultsOf(input.stage)[input.task]!
  return offset === 0 ? { kind: 'empty' } : { kind: 'block', offset }
}

/** What a task of a stage reads. */
export interface TaskPlace {
  /** The number of its branch. */
  at: number
  branch: BranchSpec
  /** Its number within the branch. */
  nth: number
  /** The partition's number in the RDD that the branch reads. */
  partition: number
}

/** Where a task stands, by its number within the stage. */
export function placeOf({ branches }: StageSpec, index: number): TaskPlace {
  const at = branches.findLastIndex(b => b.first <= index)
  const branch = branches[at]!
  const nth = index - branch.first
  return { at, branch, nth, partition: branch.numbers?.[nth] ?? nth }
}

export function dataOf(value: unknown): Data {
  return Buffer.from(encodeValue(value)).toString('base64')
}
const restored = (data: Data): unknown => decodeValue(Buffer.from(data, 'base64'), 0)

export function boundsIn({ bounds }: StageSpec): unknown[] {
  return bounds === undefined ? [] : (restored(bounds) as unknown[])
}
export function numbersIn({ numbers }: StageSpec): Record<string, number> {
  return numbers === undefined ? {} : (restored(numbers) as Record<string, number>)
}
