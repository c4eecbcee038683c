import type { CarriedFunction } from '../../functions/carry.js'
import { type Place, rowReader } from '../../functions/loops.js'
import { writeBlock } from '../../memory/block.js'
import { RowBuilder } from '../../memory/build/row-builder.js'
import { type Column, TupleColumn } from '../../memory/column.js'
import { PlacedPairs, writePlaced } from '../../memory/placed.js'
import type { Exchange } from '../../plan/ops.js'
import { failedAt } from '../failure.js'
import { boundsIn, type StageSpec } from '../job-spec.js'
import { Combiner } from '../keyed/combine.js'
import { targetsOf } from '../keyed/keys.js'
import { Ranges } from '../order/ranges.js'
import { asPairs } from '../pairs.js'
import type { LoadedProgram } from '../program.js'
import { packed, take } from '../take.js'
import type { Task } from '../task.js'
import { TotalValue } from '../total.js'
import type { TaskSink } from './sink.js'

/**
 * The map side of an exchange. The result is a row of doubles: for each target partition the offset of a block,
 * 0 where there are no records for it. Where values are combined by key, they are combined here first.
 */
export function exchangeSink(
  exchange: Exchange<CarriedFunction>,
  spec: StageSpec,
  program: LoadedProgram,
  task: Task,
): TaskSink {
  switch (exchange.kind) {
    case 'total':
      return totalSink(exchange, program, task)
    case 'spread':
      return spreadSink(exchange.parts, task)
    case 'ranges':
      return rangesSink(exchange, boundsIn(spec), task)
    case 'key':
      switch (exchange.partitioner === undefined ? exchange.combine?.kind : undefined) {
        case undefined:
        case 'group':
        case 'cogroup':
        case 'slide':
        case 'track':
          return pairsSink(exchange, program, task)
        default:
          return combineSink(exchange, exchange.combine!, program, task)
      }
  }
}

function totalSink(
  { total }: Exchange<CarriedFunction> & { kind: 'total' },
  program: LoadedProgram,
  task: Task,
): TaskSink {
  const value = new TotalValue(total, false, program, task)
  return {
    total: value,
    add(chunk) {
      value.add(chunk)
      return true
    },
    finish() {
      const column = value.finish()
      return publish([column.length === 0 ? 0 : writeBlock(task.out, column)], task)
    },
  }
}

function combineSink(
  { parts, label }: Exchange<CarriedFunction> & { kind: 'key' },
  combine: NonNullable<(Exchange<CarriedFunction> & { kind: 'key' })['combine']>,
  program: LoadedProgram,
  task: Task,
): TaskSink {
  const combiner = new Combiner(combine, 'map', 0, program, task)
  const scratch = task.scratch()
  return {
    add(chunk) {
      scratch.reset()
      const [keys, values] = asPairs(chunk, label, scratch).children as [Column, Column]
      combiner.add(keys, values)
      return true
    },
    finish() {
      const blocks = combiner.divided(parts).map(part => {
        if (part instanceof PlacedPairs) return part.length === 0 ? 0 : writePlaced(task.out, part)
        return part[0]!.length === 0 ? 0 : writeBlock(task.out, new TupleColumn(part[0]!.length, part))
      })
      return publish(blocks, task)
    },
  }
}

/** Pairs as they are, each to its key's partition. */
function pairsSink(
  { parts, partitioner, label }: Exchange<CarriedFunction> & { kind: 'key' },
  program: LoadedProgram,
  task: Task,
): TaskSink {
  const targetScratch = task.scratch()
  const targets = (pairs: TupleColumn): Int32Array => {
    targetScratch.reset()
    const keys = pairs.children[0]!
    return partitioner === undefined
      ? targetsOf(keys, parts, task, targetScratch)
      : customTargets(keys, parts, partitioner, program, task, targetScratch.i32(keys.length))
  }
  return rowsSink(parts, task, (chunk, scratch) => {
    const pairs = asPairs(chunk, label, scratch)
    return [pairs, targets(pairs)]
  })
}

/** Pairs as they are, each to the partition of its key's range. */
function rangesSink(
  { parts, sign, location, label }: Exchange<CarriedFunction> & { kind: 'ranges' },
  bounds: unknown[],
  task: Task,
): TaskSink {
  const ranges = new Ranges(bounds, sign, location)
  const targetScratch = task.scratch()
  return rowsSink(parts, task, (chunk, scratch) => {
    const pairs = asPairs(chunk, label, scratch)
    targetScratch.reset()
    return [pairs, ranges.of(pairs.children[0]!, task, targetScratch.i32(pairs.length))]
  })
}

function customTargets(
  keys: Column,
  parts: number,
  partitioner: CarriedFunction,
  program: LoadedProgram,
  task: Task,
  targets: Int32Array,
): Int32Array {
  const fn = program.fn(partitioner)
  const read = rowReader(keys)
  const place: Place = { row: 0, step: 0, base: 0 }
  try {
    for (; place.row < keys.length; place.row++) {
      const part = fn(read(place.row)) as number
      if (!Number.isInteger(part))
        throw new TypeError(
          `expected a whole number from the partition function but received ${String(part)}`,
        )
      targets[place.row] = ((part % parts) + parts) % parts
    }
  } catch (error) {
    throw failedAt(error, partitioner.location, task, () => keys.get(place.row))
  }
  return targets
}

/** Records in turn to all partitions, beginning with another one in each task, so that small tasks spread as well. */
function spreadSink(parts: number, task: Task): TaskSink {
  const scratch = task.scratch()
  let next = task.index % parts
  return rowsSink(parts, task, chunk => {
    scratch.reset()
    const targets = scratch.i32(chunk.length)
    for (let i = 0; i < targets.length; i++) {
      targets[i] = next
      next = next + 1 === parts ? 0 : next + 1
    }
    return [chunk, targets]
  })
}

function rowsSink(
  parts: number,
  task: Task,
  route: (chunk: Column, scratch: ReturnType<Task['scratch']>) => [Column, Int32Array],
): TaskSink {
  const { kernels, out } = task
  const rows = Array.from({ length: parts }, () => new RowBuilder(out))
  const scratch = task.scratch()
  return {
    add(chunk) {
      scratch.reset()
      const [column, targets] = route(chunk, scratch)
      const bounds = scratch.i32(parts + 1)
      const order = scratch.i32(column.length)
      kernels.bucket(targets, bounds, order)
      for (let t = 0; t < parts; t++) {
        const mine = order.subarray(bounds[t]!, bounds[t + 1]!)
        if (mine.length > 0) rows[t]!.append(packed(take(column, mine, kernels, scratch), kernels, scratch))
      }
      return true
    },
    finish: () =>
      publish(
        rows.map(r => (r.length === 0 ? 0 : writeBlock(out, r.finish()))),
        task,
      ),
  }
}

function publish(blocks: number[], task: Task): number {
  const row = task.out.f64(blocks.length)
  row.set(blocks)
  return row.byteOffset
}
