import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadKernels } from '../../src/kernels/load.js'
import { Heap } from '../../src/memory/heap.js'
import { ControlBlock } from '../../src/worker/control.js'
import { exactly } from '../support/exactly.js'

const MIB = 2 ** 20

test('a worker is told of the others inside its job where one of them is on its processor', () => {
  const control = new ControlBlock(Heap.reserve(4 * MIB))
  control.expect(40)
  control.publish(7, 640)
  const settle = (worker: number, processor: number): number[] => [...control.settle(worker, 7, processor)]
  for (const worker of [0, 1, 2]) assert.ok(control.enter(worker, 7))
  exactly(settle(0, 3), [])
  exactly(settle(1, 4), [])
  exactly(settle(2, 3), [3, 4])
  exactly(settle(2, 5), [])
  control.leave(0)
  exactly(settle(2, 3), [], 'who has left is not in the way')
  exactly(settle(2, -1), [], 'where processors are not known nobody is')
  for (let worker = 3; worker < 40; worker++) assert.ok(control.enter(worker, 7))
  assert.ok(settle(39, 0).length > 5, 'of many, some')
  assert.is(control.inside(39), 7)
})

test('a thread moves to another processor, and is bound to none', () => {
  const heap = Heap.reserve(4 * MIB)
  const kernels = loadKernels(heap.buffer, 'auto')
  const words = new ControlBlock(heap).words.subarray(8 * 16, 9 * 16)
  for (let i = 0; i < 5; i++) {
    words[0] = kernels.processor()
    kernels.leaveProcessors(words.subarray(0, 1))
    kernels.giveWay()
    // Where there is only one, it stays.
    words.fill(-1)
    kernels.leaveProcessors(words)
    words.set(Array.from({ length: 16 }, (_, processor) => processor))
    kernels.leaveProcessors(words)
  }
  assert.ok(kernels.processor() >= -1)
})

test('who sleeps is woken by whatever comes after', async () => {
  const heap = Heap.reserve(4 * MIB)
  const control = new ControlBlock(heap)
  const sleeper = new Worker(new URL('../support/sleeper.js', import.meta.url), {
    workerData: { buffer: heap.buffer, times: 300 },
  })
  const exit = once(sleeper, 'exit')
  await once(sleeper, 'message')
  let woken = 0
  sleeper.on('message', () => {
    woken++
  })
  while (woken < 300) {
    control.ring()
    await new Promise(setImmediate)
  }
  await exit
})

test.run()
