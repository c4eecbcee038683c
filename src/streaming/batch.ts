import type { Node } from '../plan/nodes.js'
import type { Output } from './graph.js'
import type { BatchInfo } from './listener.js'

/** A batch that has been generated: what its outputs will do with which plan. */
export interface Batch {
  time: number
  jobs: { output: Output; node: Node }[]
  info: BatchInfo
}

/** What listeners are told of a batch at this moment: a copy, with the delays worked out. */
export function snapshot(info: BatchInfo): BatchInfo {
  const { submissionTime: submitted, processingStartTime: start, processingEndTime: end } = info
  const schedulingDelay = start < 0 ? -1 : start - submitted
  const processingDelay = end < 0 ? -1 : end - start
  return {
    ...info,
    schedulingDelay,
    processingDelay,
    totalDelay: end < 0 ? -1 : schedulingDelay + processingDelay,
    streamIdToInputInfo: new Map(info.streamIdToInputInfo),
    outputOperationInfos: new Map(Array.from(info.outputOperationInfos, ([id, o]) => [id, { ...o }])),
  }
}
