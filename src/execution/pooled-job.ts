import { MillraceError } from '../core/errors.js'
import { Arena } from '../memory/arena.js'
import type { Heap } from '../memory/heap.js'
import type { ControlBlock } from '../worker/control.js'
import { restore } from '../worker/failure.js'
import { type JobSpec, placeOf } from '../worker/job-spec.js'
import { JobState, JobView, jobBytes, TaskState } from '../worker/job-view.js'
import { failureReport, NO_ROOM, WAYS } from '../worker/loop.js'
import type { Ways } from '../worker/task.js'
import type { WorkerPool } from './pool.js'

export interface PooledJobOptions {
  heap: Heap
  control: ControlBlock
  pool: WorkerPool
  maxTaskFailures: number
  /** Milliseconds a task may run, if there is a limit. */
  taskTimeout: number | undefined
  ways: Ways
}

/** A lost wake-up costs this many milliseconds at most. */
const POLL_MS = 100
/** How long a job that has failed waits for the functions that still run before it ends their threads. */
const PATIENCE_MS = 500

/**
 * One job on the worker threads. The driver writes its description, wakes the workers and waits, without blocking, for the
 * state to change; in between it only steps in when a worker is lost or takes too long.
 */
export class PooledJob {
  readonly view: JobView
  readonly #number: number
  readonly #arena: Arena
  readonly #options: PooledJobOptions
  /** When each running task was first seen to run, by task and attempt. */
  readonly #seen = new Map<string, number>()
  readonly #timedOut = new Set<number>()
  readonly #spec: JobSpec
  /** By task: why its last attempt was lost. */
  readonly #lostBy = new Map<number, Error | 'timeout' | undefined>()
  #given: MillraceError | undefined

  constructor(number: number, spec: JobSpec, options: PooledJobOptions) {
    const { heap, maxTaskFailures, ways } = options
    this.#number = number
    this.#options = options
    this.#spec = spec
    this.#arena = new Arena(heap)
    const tasks = spec.stages.map(s => s.tasks)
    const text = new TextEncoder().encode(JSON.stringify(spec))
    const bytes = this.#arena.u8(text.length)
    bytes.set(text)
    this.view = JobView.create(
      heap,
      this.#arena.allocate(jobBytes(tasks)),
      tasks,
      bytes,
      maxTaskFailures,
      WAYS.indexOf(ways),
    )
  }

  /**
   * Runs to the end, good or bad.
   *
   * @throws the error of the task that made the job fail
   */
  async run(): Promise<void> {
    const { control, taskTimeout } = this.#options
    const watch = setInterval(
      () => this.#watch(),
      taskTimeout === undefined ? POLL_MS : Math.max(5, Math.min(POLL_MS, taskTimeout / 4)),
    )
    try {
      control.publish(this.#number, this.view.words.byteOffset)
      while (this.view.state === JobState.Running)
        await changed(this.view.words, JobView.stateIndex, JobState.Running)
    } finally {
      control.withdraw()
      // Whoever finishes a job lets the others out itself.
      if (this.view.state !== JobState.Finished) control.ring()
      clearInterval(watch) // also what kept the process alive meanwhile: waitAsync alone does not
      await this.#left()
    }
    if (this.view.state === JobState.Failed) throw this.#error()
  }

  /** Ends the job, with an error that no task of it has caused. */
  abandon(error: MillraceError): void {
    this.#given ??= error
    this.view.end(JobState.Failed)
    this.#options.control.ring()
  }

  /** The places of a stage's results. */
  results(stage: number): number[] {
    return Array.from({ length: this.view.tasks(stage) }, (_, i) =>
      this.view.result(this.view.task(stage, i)),
    )
  }

  /** Calls `visit` with the number of every task. */
  forEachTask(visit: (task: number) => void): void {
    for (let stage = 0; stage < this.view.stages; stage++) {
      for (let i = 0; i < this.view.tasks(stage); i++) visit(this.view.task(stage, i))
    }
  }

  /** Gives back the job's memory, but for the results of some stages, whose owners are returned. */
  close(stages: readonly number[] = []): Set<number>[] {
    const { heap } = this.#options
    const kept = stages.map(() => new Set<number>())
    const freed = new Set<number>()
    for (let stage = 0; stage < this.view.stages; stage++) {
      const owners = kept[stages.indexOf(stage)] ?? freed
      for (let i = 0; i < this.view.tasks(stage); i++) owners.add(this.view.owner(this.view.task(stage, i)))
    }
    freed.delete(0)
    heap.freeOwners(freed)
    this.#arena.free()
    return kept
  }

  /** A worker's thread has ended, for this reason: what it was running is given back. */
  lost(worker: number, cause?: Error): void {
    this.#options.control.leave(worker)
    if (this.view.state !== JobState.Running) return
    for (let stage = 0; stage < this.view.stages; stage++) {
      for (let index = 0; index < this.view.tasks(stage); index++) {
        const task = this.view.task(stage, index)
        if (this.view.taskState(stage, index) === TaskState.Running && this.view.worker(task) === worker)
          this.#retry(stage, index, task, cause)
      }
    }
    this.view.mend()
    this.#options.control.ring()
  }

  #retry(stage: number, index: number, task: number, cause: Error | undefined): void {
    this.#lostBy.set(task, this.#timedOut.delete(task) ? 'timeout' : cause)
    this.#options.heap.freeOwners(new Set([this.view.owner(task)]))
    if (this.view.countAttempt(task) < this.#options.maxTaskFailures) return this.view.requeue(stage, index)
    this.view.setOutcome(task, 0, 0, 0, undefined)
    this.view.fail(task)
  }

  #watch(): void {
    const { taskTimeout, pool } = this.#options
    if (taskTimeout === undefined || this.view.state !== JobState.Running) return
    const { stage } = this.view
    if (stage >= this.view.stages) return
    const now = performance.now()
    for (let index = 0; index < this.view.tasks(stage); index++) {
      if (this.view.taskState(stage, index) !== TaskState.Running) continue
      const task = this.view.task(stage, index)
      const key = `${task}.${this.view.attempts(task)}`
      const since = this.#seen.get(key)
      if (since === undefined) this.#seen.set(key, now)
      else if (now - since > taskTimeout) {
        this.#seen.set(key, Number.POSITIVE_INFINITY)
        this.#timedOut.add(task)
        void pool.kill(this.view.worker(task))
      }
    }
  }

  /** Waits until no worker can touch the job's memory any more. One deep in a function has a while to come out of it. */
  async #left(): Promise<void> {
    const { control, pool } = this.#options
    const start = performance.now()
    for (let worker = 0; worker < pool.size; worker++) {
      for (let spins = 0; control.inside(worker) === this.#number; spins++) {
        if (spins > 200) {
          control.watch(true)
          control.ring() // in case that who should have rung it has ended
          await changed(control.words, control.insideIndex(worker), this.#number)
        }
        if (this.view.state === JobState.Failed && performance.now() - start > PATIENCE_MS)
          void pool.kill(worker)
      }
    }
    control.watch(false)
  }

  #error(): MillraceError {
    if (this.#given !== undefined) return this.#given
    const task = this.view.failedTask
    const report = failureReport(this.view, this.#options.heap, task)
    if (report !== undefined) return restore(report)
    if (this.view.result(task) === NO_ROOM) return this.#options.heap.full()
    return this.#lostError(task)
  }

  /** The error of a task whose last attempt was lost with its thread. */
  #lostError(task: number): MillraceError {
    const lostBy = this.#lostBy.get(task)
    const partition = this.#partition(task)
    const where = `partition ${partition}, attempt ${this.view.attempts(task)} of ${this.#options.maxTaskFailures}`
    if (lostBy === 'timeout') {
      return new MillraceError(
        'MILLRACE_TASK_TIMEOUT',
        `a task ran longer than taskTimeout, ${this.#options.taskTimeout} ms (${where}). Raise the option, or look for a function that does not end.`,
        { partition },
      )
    }
    const why = lostBy === undefined ? '' : `: ${lostBy.message}`
    return new MillraceError(
      'MILLRACE_TASK',
      `the worker thread of a task was lost${why} (${where}). A function may have called process.exit, thrown from a timer or a promise, or run out of memory.`,
      { partition, cause: lostBy },
    )
  }

  #partition(task: number): number {
    const stage = this.#spec.stages.findLastIndex((_, s) => this.view.task(s, 0) <= task)
    return placeOf(this.#spec.stages[stage]!, task - this.view.task(stage, 0)).partition
  }
}

/** Resolves when a word is no longer `value`, or after a while; never blocks. */
async function changed(words: Int32Array, index: number, value: number): Promise<void> {
  const waiting = Atomics.waitAsync(words, index, value, POLL_MS)
  if (waiting.async) await waiting.value
}
