import { parentPort, workerData } from 'node:worker_threads'
import { Heap } from '../../src/memory/heap.js'
import { ControlBlock } from '../../src/worker/control.js'

// Sleeps again and again, each time until the bell has been rung since it looked.
const { buffer, times } = workerData as { buffer: SharedArrayBuffer; times: number }
const control = new ControlBlock(Heap.attach(buffer))
parentPort!.postMessage('ready')
for (let i = 0; i < times; i++) {
  control.sleep(control.bell)
  parentPort!.postMessage(i)
}
