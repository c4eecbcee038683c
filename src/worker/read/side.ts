import { readBlock } from '../../memory/block.js'
import type { Column, NumberColumn, TupleColumn } from '../../memory/column.js'
import { PlacedPairs, recordsAt } from '../../memory/placed.js'
import type { InputPartition } from '../../plan/source.js'
import type { ProgramSide } from '../../plan/stages.js'
import { located, type TaskInput } from '../job-spec.js'
import { asPairs } from '../pairs.js'
import type { LoadedProgram } from '../program.js'
import type { Task } from '../task.js'
import { chunksOf, readPartition } from './source.js'

/** One side of an exchange, as a task of the reading stage sees it. */
export interface Side {
  /** True if the records come as they lie: then nothing was combined on their way. */
  readonly aligned: boolean
  /** True if all may be read again without calling a function again. */
  readonly again: boolean
  /** About how many records come. */
  readonly rows: number
  /** What was sent, by task, in columns. */
  readonly blocks: readonly Column[]
  /** All records as they lie, by task or by source; undefined if they go through operators. */
  readonly lying: readonly (Column | PlacedPairs)[] | undefined
  /** All records, if they are a column with an index. */
  readonly indexed: { column: Column; index: Int32Array } | undefined
  /** All records. A chunk is void when the next one is asked for. */
  chunks(): Generator<Column>
  /** The same, as pairs. */
  pairs(label: string): Generator<Pairs>
}

/** Columns of keys and of values, and the keys' hashes where they are known. */
export type Pairs = [keys: Column, values: Column, hashes: Int32Array | undefined]

/**
 * @param aligned for each run and each of its sources the partitions
 * @param resultsOf gives the results of an earlier stage, one for each of its tasks
 */
export function openSide(
  side: ProgramSide,
  aligned: readonly TaskInput[][][] | undefined,
  resultsOf: (stage: number) => readonly number[],
  program: LoadedProgram,
  task: Task,
): Side {
  if (side.kind === 'sent') return new SentSide(resultsOf(side.stage), task)
  const runs = side.runs.map(({ ops }, r) => ({
    ops,
    partitions: aligned![r]!.map(partitions => located(partitions[task.partition]!, resultsOf)),
  }))
  return new AlignedSide(runs, program, task)
}

// Classes, since V8 makes a hidden class for every closure that is a generator, and what that closure knows lives with it until
// the next full collection.

class SentSide implements Side {
  readonly aligned = false
  readonly again = true
  readonly indexed = undefined
  readonly rows: number
  readonly blocks: readonly Column[]
  readonly lying: (Column | PlacedPairs)[] = []
  readonly #task: Task

  constructor(results: readonly number[], task: Task) {
    this.#task = task
    for (const result of results) {
      const offset = new Float64Array(task.heap.buffer, result + task.partition * 8, 1)[0]!
      if (offset !== 0) this.lying.push(recordsAt(task.heap, offset))
    }
    this.rows = this.lying.reduce((n, block) => n + block.length, 0)
    this.blocks = this.lying.filter((block): block is Column => !(block instanceof PlacedPairs))
  }

  *chunks(): Generator<Column> {
    for (const block of this.lying) yield* chunksOf(block, this.#task)
  }

  *pairs(): Generator<Pairs> {
    for (const chunk of this.chunks()) {
      const [keys, values, hashes] = (chunk as TupleColumn).children
      yield [keys!, values!, (hashes as NumberColumn | undefined)?.values as Int32Array | undefined]
    }
  }
}

interface AlignedRun {
  ops: Extract<ProgramSide, { kind: 'aligned' }>['runs'][number]['ops']
  partitions: InputPartition[]
}

class AlignedSide implements Side {
  readonly aligned = true
  readonly again: boolean
  readonly rows: number
  readonly blocks = []
  readonly lying: Side['lying']
  readonly indexed: Side['indexed']
  readonly #runs: readonly AlignedRun[]
  readonly #program: LoadedProgram
  readonly #task: Task

  constructor(runs: readonly AlignedRun[], program: LoadedProgram, task: Task) {
    this.#runs = runs
    this.#program = program
    this.#task = task
    this.again = runs.every(run => run.ops.length === 0)
    this.indexed = indexedIn(runs, task)
    const blocks = runs
      .flatMap(run => run.partitions)
      .flatMap(at => (at.kind === 'block' ? [recordsAt(task.heap, at.offset)] : []))
    this.rows = blocks.reduce((n, block) => n + block.length, 0)
    this.lying = this.again ? blocks : undefined
  }

  *chunks(): Generator<Column> {
    for (const run of this.#runs)
      yield* this.#program.chain(run).run(readAll(run.partitions, this.#task), this.#task)
  }

  *pairs(label: string): Generator<Pairs> {
    const scratch = this.#task.scratch()
    for (const chunk of this.chunks()) {
      scratch.reset()
      const { children } = asPairs(chunk, label, scratch)
      yield [children[0]!, children[1]!, undefined]
    }
  }
}

function indexedIn(runs: readonly AlignedRun[], task: Task): Side['indexed'] {
  const [run, ...others] = runs
  const [partition, ...more] = run?.partitions ?? []
  if (others.length + more.length + (run?.ops.length ?? 0) > 0) return undefined
  if (partition?.kind !== 'block' || partition.index === undefined) return undefined
  const index = (readBlock(task.heap, partition.index) as NumberColumn).values as Int32Array
  return { column: readBlock(task.heap, partition.offset), index }
}

function* readAll(partitions: readonly InputPartition[], task: Task): Generator<Column> {
  for (const partition of partitions) yield* readPartition(partition, task)
}
