import { isMillraceError, MillraceError } from '../core/errors.js'
import { countRecords } from '../execution/actions.js'
import { type Batch, snapshot } from './batch.js'
import type { Output, StreamGraph } from './graph.js'
import { errorText, type ListenerBus, type OutputOperationInfo } from './listener.js'

/** What a batch needs of its surroundings. */
export interface BatchContext {
  graph: StreamGraph
  listeners: ListenerBus
  now: () => number
  /** The first error counts; the stream goes on. */
  report: (error: Error) => void
  /** True when the outputs that have not begun are not wanted any more. */
  cancelled: () => boolean
}

/**
 * One micro-batch, from cut to commit. Read this function first: each line is a layer.
 *
 * @param inTurn runs the rest when the batches before this one are done
 */
export async function runBatch(
  time: number,
  context: BatchContext,
  inTurn: (rest: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await allocate(time, context) //                     inputs:  what has come since the last tick is this batch
  const batch = generate(time, context) //             streams: a plan for each output
  await inTurn(async () => {
    for (const job of batch?.jobs ?? []) {
      await runJob(batch!, job, context) //            plan -> stages -> tasks on the workers -> output
    }
    if (!context.cancelled()) {
      const { graph, report } = context
      // states that no output has asked for, also where the plan of an output could not be made
      await graph.settle(time, batch !== undefined, error =>
        report(failed(error, time, 'the state of the batch')),
      )
    }
    await complete(batch, context) //                  listeners hear of it
    context.graph.done(time) //                        what no later batch needs may go
  })
}

async function allocate(time: number, { graph, report }: BatchContext): Promise<void> {
  const used = graph.usedInputs()
  for (const stream of graph.inputs) {
    if (!used.has(stream)) continue
    try {
      await stream.input.allocate?.(time)
    } catch (error) {
      report(error as Error)
    }
  }
  graph.cutTime = time
}

/** The plans of a batch; undefined, and reported, if one cannot be made: a failed transform loses this batch, not the next. */
function generate(time: number, context: BatchContext): Batch | undefined {
  const { graph, listeners, now, report } = context
  let jobs: Batch['jobs']
  try {
    jobs = graph.outputs.flatMap(output => {
      const node = output.stream.at(time)
      return node === undefined ? [] : [{ output, node }]
    })
  } catch (cause) {
    const text = isMillraceError(cause)
      ? cause.message.replace(`${cause.code}: `, '')
      : String((cause as Error)?.message ?? cause)
    report(
      new MillraceError('MILLRACE_BATCH', `Error generating jobs for time ${time} ms: ${text}`, {
        cause,
        batchTime: time,
      }),
    )
    return undefined
  }
  const batch: Batch = {
    time,
    jobs,
    info: {
      batchTime: time,
      streamIdToInputInfo: new Map(),
      submissionTime: now(),
      processingStartTime: -1,
      processingEndTime: -1,
      schedulingDelay: -1,
      processingDelay: -1,
      totalDelay: -1,
      numRecords: 0,
      outputOperationInfos: new Map(jobs.map(({ output }) => [output.id, waiting(output, time)])),
    },
  }
  noteInputs(batch, graph)
  if (jobs.length > 0) listeners.emit('onBatchSubmitted', { batchInfo: snapshot(batch.info) })
  return batch
}

function noteInputs({ time, info }: Batch, graph: StreamGraph): void {
  info.numRecords = 0
  for (const { streamId, input } of graph.inputs) {
    const numRecords = input.recordsAt?.(time) ?? 0
    info.numRecords += numRecords
    info.streamIdToInputInfo.set(streamId, {
      inputStreamId: streamId,
      numRecords,
      metadata: input.metadata?.(time) ?? {},
      metadataDescription: input.describe?.(time),
    })
  }
}

/** What is known of an output whose turn has not come yet. */
function waiting({ id, name }: Output, batchTime: number): OutputOperationInfo {
  return {
    batchTime,
    id,
    name,
    description: name,
    startTime: -1,
    endTime: -1,
    duration: -1,
    failureReason: null,
  }
}

async function runJob(
  batch: Batch,
  { output, node }: Batch['jobs'][number],
  { listeners, now, report, cancelled }: BatchContext,
): Promise<void> {
  if (cancelled()) return
  if (batch.info.processingStartTime < 0) {
    batch.info.processingStartTime = now()
    listeners.emit('onBatchStarted', { batchInfo: snapshot(batch.info) })
  }
  const { id, name } = output
  const operation = batch.info.outputOperationInfos.get(id)!
  operation.startTime = now()
  listeners.emit('onOutputOperationStarted', { outputOperationInfo: { ...operation } })
  try {
    await output.run(node, batch.time)
  } catch (cause) {
    operation.failureReason = errorText(cause)
    report(failed(cause, batch.time, name))
  }
  operation.endTime = now()
  operation.duration = operation.endTime - operation.startTime
  listeners.emit('onOutputOperationCompleted', { outputOperationInfo: { ...operation } })
}

/** An output's error with the batch it belongs to. */
function failed(cause: unknown, batchTime: number, operator: string): Error {
  if (!isMillraceError(cause)) {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    return new MillraceError(
      'MILLRACE_TASK',
      `${error.name}: ${error.message}, in ${operator}, batch ${batchTime} ms`,
      { cause: error, batchTime, operator },
    )
  }
  const { code, message, retryable, operator: at, partition, record } = cause
  const details = {
    batchTime,
    operator: at ?? operator,
    ...(partition !== undefined && { partition }),
    ...(record !== undefined && { record }),
  }
  return new MillraceError(code, `${message.replace(`${code}: `, '')} (batch ${batchTime} ms, ${operator})`, {
    cause: cause.cause ?? cause,
    retryable,
    ...details,
  })
}

async function complete(batch: Batch | undefined, { graph, listeners, now }: BatchContext): Promise<void> {
  if (batch === undefined || batch.jobs.length === 0 || batch.info.processingStartTime < 0) return
  batch.info.processingEndTime = now()
  if (listeners.empty) return
  await countUnknown(batch, graph)
  noteInputs(batch, graph)
  listeners.emit('onBatchCompleted', { batchInfo: snapshot(batch.info) })
}

/** Counts the records of inputs that no output has read from end to end; only listeners need to know. */
async function countUnknown({ time }: Batch, graph: StreamGraph): Promise<void> {
  const used = graph.usedInputs()
  for (const stream of graph.inputs) {
    const { input } = stream
    if (!used.has(stream) || input.recordsAt === undefined || input.recordsAt(time) !== undefined) continue
    const node = stream.at(time)
    const source = node?.kind === 'source' ? node.source : undefined
    if (node === undefined) continue
    const records = await countRecords(graph.engine, node, { aside: true }).catch(() => undefined)
    if (records !== undefined && source?.onRead === undefined) input.counted?.(time, records)
  }
}
