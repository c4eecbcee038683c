import type { CarriedFunction } from '../functions/carry.js'
import type { Column } from '../memory/column.js'
import { writePlaced } from '../memory/placed.js'
import type { Sink } from '../plan/ops.js'
import { failedAt } from './failure.js'
import { located, placeOf, type StageSpec } from './job-spec.js'
import { recordsOf } from './keyed/places.js'
import type { LoadedProgram } from './program.js'
import { exchangedByPlace } from './read/by-place.js'
import { readExchange } from './read/exchange.js'
import { openSide } from './read/side.js'
import { readPartition } from './read/source.js'
import { exchangeSink } from './sink/exchange.js'
import { indexSink } from './sink/index-keys.js'
import { collectSink, countSink, foreachSink, saveTextSink } from './sink/out.js'
import type { TaskSink } from './sink/sink.js'
import type { Task } from './task.js'
import { rowsOf } from './whole-partition.js'

/**
 * Runs one task: input, chain, sink. Reads only immutable memory and writes only memory of its own, so that it may
 * be run any number of times.
 *
 * @param index of the task within its stage
 * @param resultsOf gives the results of an earlier stage, one for each of its tasks
 * @returns the place of the result in the heap; a promise only if a user's function returned one
 */
export function runTask(
  program: LoadedProgram,
  stage: number,
  index: number,
  spec: StageSpec,
  resultsOf: (stage: number) => readonly number[],
  task: Task,
): number | Promise<number> {
  const { at, branch, nth, partition } = placeOf(spec, index)
  task.index = index
  task.partition = partition
  task.time = spec.time ?? 0
  task.countsBefore = spec.branches
    .slice(0, at)
    .reverse()
    .map(b => b.count)
  const { branches, sink } = program.program.stages[stage]!
  const { input, ops } = branches[at]!
  let chunks: Generator<Column>
  if (input.kind === 'source') {
    chunks = readPartition(located(branch.partitions![nth]!, resultsOf), task)
  } else {
    const { exchange } = input
    const sides = input.sides.map((side, s) => openSide(side, branch.aligned?.[s], resultsOf, program, task))
    const stays = sink.kind === 'collect' && sink.byPlace === true && ops.length === 0
    const placed = exchangedByPlace(exchange, sides, task, stays ? task.out : task.scratch())
    if (placed !== undefined && stays) return placed.length === 0 ? 0 : writePlaced(task.out, placed)
    task.expectedRows = placed?.length ?? 0
    chunks = placed === undefined ? readExchange(exchange, sides, program, task) : recordsOf(placed, task)
  }
  const chain = program.chain(branches[at]!)
  if (sink.kind === 'foreachPartition')
    return foreachPartition(sink.fn, chain.run(chunks, task), program, task)
  const into = open(sink, spec, program, task)
  for (const chunk of chain.run(chunks, task, into.total)) if (!into.add(chunk)) break
  return into.finish()
}

function open(
  sink: Exclude<Sink<CarriedFunction>, { kind: 'foreachPartition' }>,
  spec: StageSpec,
  program: LoadedProgram,
  task: Task,
): TaskSink {
  switch (sink.kind) {
    case 'exchange':
      return exchangeSink(sink.exchange, spec, program, task)
    case 'collect':
      return collectSink(sink.limit, task)
    case 'count':
      return countSink(task)
    case 'index':
      return indexSink(task)
    case 'foreach':
      return foreachSink(sink.fn, program, task)
    case 'saveText':
      return saveTextSink(`${spec.directory}/part-${String(task.index).padStart(5, '0')}`, sink, task)
  }
}

/** The one function that may return a promise: it usually writes to something outside. */
function foreachPartition(
  fn: CarriedFunction,
  records: Generator<Column>,
  program: LoadedProgram,
  task: Task,
): number | Promise<number> {
  try {
    const result: unknown = program.fn(fn)(rowsOf(records))
    if (!(result instanceof Promise)) return 0
    return result.then(
      () => 0,
      error => {
        throw failedAt(error, fn.location, task, undefined)
      },
    )
  } catch (error) {
    throw failedAt(error, fn.location, task, undefined)
  }
}
