import type { InputPartition } from '../plan/source.js'

/** The data of a job, beside its program: what each task reads and where it writes. Lies in the heap as JSON. */
export interface JobSpec {
  program: number
  stages: StageSpec[]
}

export interface StageSpec {
  tasks: number
  branches: BranchSpec[]
  /** For a sink that writes files: the directory. */
  directory?: string
}

export interface BranchSpec {
  /** The number of the branch's first task. */
  first: number
  /** How many partitions the branch's RDD has; a job may read only some of them. */
  count: number
  /** Which partition each task reads; task n reads partition n, if absent. */
  numbers?: number[]
  /** What the tasks of a branch that reads a source read, one each; absent for one that reads an exchange. */
  partitions?: InputPartition[]
}
