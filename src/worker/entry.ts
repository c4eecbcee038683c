import os from 'node:os'
import type { MessagePort } from 'node:worker_threads'
import { threadId } from 'node:worker_threads'
import { systemFiles } from '../core/files.js'
import { importWithoutWarning } from '../functions/compile.js'
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

/**
 * How much nicer than the driver's thread a worker is: enough for the system to run the host's event loop at once when
 * it wakes up and all processors are busy with tasks.
 */
const NICER = 5

/** The Piscina task, handed on by thread.cts, that is a worker's whole life. Says which thread it is once it is ready. */
export default async function work({
  buffer,
  number,
  native,
  scratchOwner,
  port,
}: WorkerStart): Promise<void> {
  // Linux alone has priorities of threads; elsewhere this would be the whole process's.
  if (process.platform === 'linux') os.setPriority(0, Math.min(19, os.getPriority(0) + NICER))
  importWithoutWarning()
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
