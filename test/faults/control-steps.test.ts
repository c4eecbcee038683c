import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { WorkerPool } from '../../src/execution/pool.js'
import { PooledJob } from '../../src/execution/pooled-job.js'
import { Arena } from '../../src/memory/arena.js'
import { Heap } from '../../src/memory/heap.js'
import { ControlBlock } from '../../src/worker/control.js'
import { JobState, type JobView } from '../../src/worker/job-view.js'
import { beforeStep, endedAt } from '../support/steps.js'

/** Two workers, a job of two stages, and the driver, in one thread: each can be stopped between any two of its steps. */
class Scene {
  static readonly #heap = Heap.reserve(4 * 2 ** 20)
  readonly heap = Scene.#heap
  readonly job: PooledJob
  readonly view: JobView
  /** How often each task came to its end. */
  readonly runs: number[] = []

  constructor(tasks: readonly number[], maxTaskFailures = 4) {
    const control = new ControlBlock(this.heap)
    const spec = { program: 1, stages: tasks.map(n => ({ tasks: n, branches: [] })) }
    const pool = { size: 2 } as WorkerPool
    const options = { heap: this.heap, control, pool, maxTaskFailures, taskTimeout: undefined }
    this.job = new PooledJob(1, spec, { ...options, ways: 'auto' })
    this.view = this.job.view
    control.publish(1, this.view.words.byteOffset)
  }

  /** The steps of a worker that takes a task. */
  take(worker: number): { stage: number; index: number; out: Arena } | undefined {
    const { view } = this
    const { stage } = view
    const index = view.state === JobState.Running && stage < view.stages ? view.claim(stage, worker, -1) : -1
    if (index < 0) return undefined
    const out = new Arena(this.heap)
    view.setOwner(view.task(stage, index), out.owner)
    return { stage, index, out }
  }

  /** The steps of a worker that comes to the end of a task. */
  finish({ stage, index, out }: { stage: number; index: number; out: Arena }): void {
    const task = this.view.task(stage, index)
    const result = out.i32(1)
    result[0] = task
    this.view.setOutcome(task, result.byteOffset, 0, 0, undefined)
    this.runs[task] = (this.runs[task] ?? 0) + 1
    this.view.finish(stage, index)
  }

  /** A worker's steps from its first task to its last. */
  work(worker: number): void {
    for (let task = this.take(worker); task !== undefined; task = this.take(worker)) this.finish(task)
  }

  /** Every task is done, its last attempt's result is there, and nothing else is left in the heap. */
  check(hint: string): void {
    const { view, heap } = this
    assert.is(view.state, JobState.Finished, `${hint}: the job is over`)
    const last = view.stages - 1
    const results = this.job.results(last).map(at => new Int32Array(heap.buffer, at, 1)[0]!)
    assert.equal(
      results,
      Array.from({ length: view.tasks(last) }, (_, i) => view.task(last, i)),
      hint,
    )
    heap.freeOwners(this.job.close([last])[0]!)
    assert.is(heap.bytesInUse(), 0, `${hint}: memory is left`)
  }
}

const SHAPES = [[3], [2, 3], [2, 0, 2]]

test('a worker may end between any two steps of its tasks', () => {
  for (const tasks of SHAPES) {
    for (let step = 0, done = false; !done; step++) {
      const scene = new Scene(tasks)
      done = endedAt(step, () => scene.work(0))
      scene.job.lost(0)
      scene.work(1)
      scene.check(`tasks ${tasks}, ended at step ${step}`)
    }
  }
})

test('a worker may end between any two steps while another one has a task of the stage', () => {
  for (const tasks of SHAPES) {
    for (let step = 0, done = false; !done; step++) {
      const scene = new Scene(tasks)
      const held = scene.take(1)!
      done = endedAt(step, () => scene.work(0))
      scene.job.lost(0)
      scene.finish(held)
      scene.work(1)
      scene.check(`tasks ${tasks}, ended at step ${step}`)
      assert.is(scene.runs[0], 1, 'what was not lost is not run again')
    }
  }
})

test('the driver may learn that a worker ended between any two steps of another one', () => {
  for (const tasks of SHAPES) {
    for (let ended = 0, done = false; !done; ended++) {
      for (let learnt = 0, never = false; !never; learnt++) {
        const scene = new Scene(tasks)
        const held = scene.take(1)!
        done = endedAt(ended, () => scene.work(0))
        const lost = (): void => scene.job.lost(0)
        never = beforeStep(learnt, lost, () => {
          scene.finish(held)
          scene.work(1)
        })
        if (never) lost()
        scene.work(1)
        scene.check(`tasks ${tasks}, ended at step ${ended}, learnt at step ${learnt}`)
      }
    }
  }
})

test('two workers may take turns between any two of their steps', () => {
  for (const tasks of SHAPES) {
    for (let step = 0, done = false; !done; step++) {
      const scene = new Scene(tasks)
      done = beforeStep(
        step,
        () => scene.work(1),
        () => scene.work(0),
      )
      scene.work(1)
      scene.check(`tasks ${tasks}, at step ${step}`)
      assert.ok(
        scene.runs.every(n => n === 1),
        'each task is run once',
      )
    }
  }
})

test('a task whose worker is lost too often makes the job fail, between any two steps of that worker', () => {
  for (let step = 0, done = false; !done; step++) {
    const scene = new Scene([2], 1)
    done = endedAt(step, () => scene.work(0))
    const failed = scene.view.taskState(0, 0) === 1 || scene.view.taskState(0, 1) === 1
    scene.job.lost(0)
    scene.work(1)
    assert.is(scene.view.state, failed ? JobState.Failed : JobState.Finished, `step ${step}`)
    for (const owners of scene.job.close([0])) scene.heap.freeOwners(owners)
    assert.is(scene.heap.bytesInUse(), 0, `step ${step}: memory is left`)
  }
})

test.run()
