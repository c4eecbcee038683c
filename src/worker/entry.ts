import type { MessagePort } from 'node:worker_threads'
import { threadId } from 'node:worker_threads'
import { systemFiles } from '../core/files.js'
import { loadKernels, type NativeMode } from '../kernels/load.js'
import { Heap } from '../memory/heap.js'
import { TaskRunner } from './attempt.js'
import { ControlBlock } from './control.js'
import { WorkerLoop } from './loop.js'

/** What a worker thread starts with. */
export interface WorkerStart {
  buffer: SharedArrayBuffer
  /** The worker's number within its context. */
  number: number
  native: NativeMode
  scratchOwner: number
  port: MessagePort
}

/** The Piscina task that is a worker's whole life. Says which thread it is once it is ready. */
export default async function work({
  buffer,
  number,
  native,
  scratchOwner,
  port,
}: WorkerStart): Promise<void> {
  const heap = Heap.attach(buffer)
  const runner = new TaskRunner({
    heap,
    kernels: loadKernels(buffer, native),
    files: systemFiles,
    scratchOwner,
  })
  port.postMessage({ ready: threadId })
  await new WorkerLoop(number, new ControlBlock(heap), runner, port).run()
  port.close()
}
