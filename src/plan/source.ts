import type { Node } from './nodes.js'

/** A partition of an input, as data: what a task needs to read it. Offsets are places in the heap. */
export type InputPartition =
  /** Records in the heap; `index` is where an index of their keys lies, if there is one. */
  | { kind: 'block'; offset: number; index?: number }
  /** Lines of a file that begin in `[start, end)`. */
  | { kind: 'file'; path: string; start: number; end: number; limit: number }
  /** Lines of text in the heap; for messages, `name` is the source and `position` their place in it. */
  | { kind: 'text'; offset: number; length: number; name: string; position: number; limit: number }
  /** `count` numbers: start, start + step, … */
  | { kind: 'range'; start: number; step: number; count: number }
  /** Records of `recordLength` bytes in `[start, end)` of a file. */
  | { kind: 'records'; path: string; start: number; end: number; recordLength: number }
  /** Whole files. */
  | { kind: 'documents'; files: { path: string; size: number }[] }
  /** Pairs of the records at the same places of two partitions; `location` is where that was asked for. */
  | { kind: 'zip'; left: InputPartition; right: InputPartition; location: string }
  /** All pairs, `rows` of them, of a record of one block and one of another. */
  | { kind: 'product'; left: number; right: number; rows: number }
  | { kind: 'empty' }

/** The partitions of a source, ready to be read until `release` is called. */
export interface OpenSource {
  partitions: InputPartition[]
  release(): void
}

/** The records of a source while a job computes them. */
export interface Computation {
  /** Takes the records: one block a partition (0 for none), in memory of these owners. */
  keep(blocks: readonly number[], owners: ReadonlySet<number>): void
  /** The job is over, whether it kept them or not. */
  end(): void
}

/** Where an RDD begins: a list, a file, received data, or a kept RDD. */
export interface Source {
  /** What it is, for explain(). */
  readonly label: string
  /** What its records are, as far as it is known before they are read; for explain(). */
  readonly recordType: RecordType
  /** Its pairs are divided among so many partitions by the hash of their keys. */
  readonly dividedInto?: number
  /** Its pairs are kept for reductions by key: they may lie by place (memory/placed.ts). */
  readonly byPlace?: true
  /** Once it is open its records lie in the heap: they can be counted without a look at them. */
  readonly kept?: true
  /** Reading it again means reading a disk again. */
  readonly onDisk?: true
  /** The plan of the job that makes the records, as far as it is known; for explain(). */
  typical?(): Node
  /** The number of partitions; may look at the file system. */
  partitionCount(): number
  /**
   * The plan of the records, if it is known only after a job of its own: a job that reads them takes the plan in their place.
   */
  plan?(): Promise<Node>
  /**
   * Makes the partitions ready to be read by any thread. Several may be open at a time.
   *
   * @param wanted the numbers of those that will be read, in order; all, if absent
   */
  open(wanted?: readonly number[]): Promise<OpenSource>
  /** The same, for a job that may want few of many keys: with indexes, if they are there or worth making. */
  openIndexed?(): Promise<OpenSource>
  /** The plan of the records, while they are not there: a job that reads them may compute them on its way. */
  missing?(): Node | undefined
  /** Takes it upon a job to compute what is missing; undefined if another job is at it, or they are there. */
  compute?(): Computation | undefined
  /** Told after a job that has read all of it: how many records there were. */
  onRead?(records: number): void
}

/** A rough type of records, enough to tell which way a function will go. */
export type RecordType =
  | { kind: 'unknown' }
  | { kind: 'text' | 'number' | 'other' }
  | { kind: 'tuple'; items: RecordType[] }
  | { kind: 'record'; names: string[]; items: RecordType[] }

export const UNKNOWN: RecordType = { kind: 'unknown' }
