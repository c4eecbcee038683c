import { readBlock } from '../../memory/block.js'
import type { Column, NumberColumn, TupleColumn } from '../../memory/column.js'
import type { InputPartition } from '../../plan/source.js'
import type { ProgramSide } from '../../plan/stages.js'
import { located, type TaskInput } from '../job-spec.js'
import { asPairs } from '../pairs.js'
import type { LoadedProgram } from '../program.js'
import type { Task } from '../task.js'
import { inChunks, readPartition } from './source.js'

/** One side of an exchange, as a task of the reading stage sees it. */
export interface Side {
  /** True if the records come as they lie: then nothing was combined on their way. */
  readonly aligned: boolean
  /** True if all may be read again without calling a function again. */
  readonly again: boolean
  /** About how many records come. */
  readonly rows: number
  /** What was sent, by task. */
  readonly blocks: readonly Column[]
  /** All records. A chunk is void when the next one is asked for. */
  chunks(): Generator<Column>
  /** The same as columns of keys and of values, and the keys' hashes where they are known. */
  pairs(label: string): Generator<[keys: Column, values: Column, hashes: Int32Array | undefined]>
}

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
  if (side.kind === 'sent') return sentSide(resultsOf(side.stage), task)
  const runs = side.runs.map(({ ops }, r) => ({
    ops,
    partitions: aligned![r]!.map(partitions => located(partitions[task.partition]!, resultsOf)),
  }))
  return alignedSide(runs, program, task)
}

function sentSide(results: readonly number[], task: Task): Side {
  const blocks: Column[] = []
  for (const result of results) {
    const offset = new Float64Array(task.heap.buffer, result + task.partition * 8, 1)[0]!
    if (offset !== 0) blocks.push(readBlock(task.heap, offset))
  }
  function* chunks(): Generator<Column> {
    for (const block of blocks) yield* inChunks(block, task)
  }
  return {
    aligned: false,
    again: true,
    rows: blocks.reduce((n, block) => n + block.length, 0),
    blocks,
    chunks,
    *pairs() {
      for (const chunk of chunks() as Generator<TupleColumn>) {
        const [keys, values, hashes] = chunk.children
        yield [keys!, values!, (hashes as NumberColumn | undefined)?.values as Int32Array | undefined]
      }
    },
  }
}

interface AlignedRun {
  ops: Extract<ProgramSide, { kind: 'aligned' }>['runs'][number]['ops']
  partitions: InputPartition[]
}

function alignedSide(runs: readonly AlignedRun[], program: LoadedProgram, task: Task): Side {
  function* read(partitions: readonly InputPartition[]): Generator<Column> {
    for (const partition of partitions) yield* readPartition(partition, task)
  }
  function* chunks(): Generator<Column> {
    for (const run of runs) yield* program.chain(run).run(read(run.partitions), task)
  }
  return {
    aligned: true,
    again: runs.every(run => run.ops.length === 0),
    rows: runs
      .flatMap(run => run.partitions)
      .reduce((n, at) => n + (at.kind === 'block' ? readBlock(task.heap, at.offset).length : 0), 0),
    blocks: [],
    chunks,
    *pairs(label) {
      const scratch = task.scratch()
      for (const chunk of chunks()) {
        scratch.reset()
        const { children } = asPairs(chunk, label, scratch)
        yield [children[0]!, children[1]!, undefined]
      }
    },
  }
}
