import type { MessagePort } from 'node:worker_threads'
import { receiveMessageOnPort } from 'node:worker_threads'
import { isMillraceError } from '../core/errors.js'
import { Arena } from '../memory/arena.js'
import { decodeValue } from '../memory/structured.js'
import type { Program } from '../plan/stages.js'
import { type Outcome, stored, type TaskRunner } from './attempt.js'
import type { ControlBlock } from './control.js'
import { report } from './failure.js'
import type { JobSpec } from './job-spec.js'
import { JobState, JobView } from './job-view.js'
import { Cancelled, type Ways } from './task.js'

/** What the driver tells a worker by message: all of it before the job that needs it. */
export type DriverMessage =
  | { kind: 'load'; program: Program }
  | { kind: 'unload'; program: number }
  | { kind: 'forget'; broadcast: number }

/** The result of a failed task for whose report there was no room. */
export const NO_ROOM = -1

/** How long a worker stays awake for the next stage of a job. To be woken takes about as long. */
const AWAKE_MS = 0.1

export const WAYS: readonly Ways[] = ['auto', 'fused', 'generic']

/** A worker's life: sleep until there is a job, take tasks while it has any, leave it, sleep. */
export class WorkerLoop {
  readonly #number: number
  readonly #control: ControlBlock
  readonly #runner: TaskRunner
  readonly #port: MessagePort

  constructor(number: number, control: ControlBlock, runner: TaskRunner, port: MessagePort) {
    this.#number = number
    this.#control = control
    this.#runner = runner
    this.#port = port
  }

  /** Ends when the context closes. */
  async run(): Promise<void> {
    const control = this.#control
    for (let left = 0; !control.closed; ) {
      const bell = control.bell
      const { job } = control
      if (job === 0 || job === left) {
        if (!control.closed) control.sleep(bell)
        continue
      }
      if (control.enter(this.#number, job)) {
        try {
          await this.#work(job)
        } finally {
          control.leave(this.#number)
        }
        left = job
        // Once per job, what user functions left to the event loop gets its turn, such as console output.
        await new Promise(setImmediate)
      }
    }
  }

  async #work(job: number): Promise<void> {
    const { heap } = this.#runner.thread
    const view = JobView.open(heap, this.#control.jobPlace)
    this.#receive()
    const spec = JSON.parse(Buffer.from(view.spec(heap)).toString()) as JobSpec
    const ways = WAYS[view.ways]!
    if (spec.stages.some(({ tasks }) => tasks > 1)) this.#spread(job)
    for (let last = -1; ; ) {
      const bell = this.#control.bell
      if (view.state !== JobState.Running || this.#control.closed) return
      const { stage } = view
      const index = stage < view.stages ? view.claim(stage, this.#number, last) : -1
      if (index >= 0) await this.#attempt(view, spec, stage, (last = index), ways)
      else if (stage >= view.stages) return
      else this.#await(bell)
    }
  }

  /** Waits for the bell: awake for a moment, since the tasks of a stage end together, as a rule, then asleep. */
  #await(seen: number): void {
    const { kernels } = this.#runner.thread
    for (const start = performance.now(); performance.now() - start < AWAKE_MS; kernels.giveWay())
      if (this.#control.bell !== seen) return
    this.#control.sleep(seen)
  }

  /**
   * Wakes others, each of whom wakes others. The system often wakes a thread on the processor of the one that wakes it, and moves
   * it only after a while, in which a short job is over. So whoever comes to where another worker of the job is moves on, and gets
   * the chance to see it.
   */
  #spread(job: number): void {
    const { kernels } = this.#runner.thread
    const others = this.#control.settle(this.#number, job, kernels.processor())
    if (others.length > 0) {
      kernels.leaveProcessors(others)
      this.#control.settle(this.#number, job, kernels.processor())
    }
    this.#control.wake(2)
    kernels.giveWay()
  }

  async #attempt(view: JobView, spec: JobSpec, stage: number, index: number, ways: Ways): Promise<void> {
    const { heap } = this.#runner.thread
    const task = view.task(stage, index)
    const out = new Arena(heap)
    view.setOwner(task, out.owner)
    const resultsOf = (s: number): number[] =>
      Array.from({ length: view.tasks(s) }, (_, i) => view.result(view.task(s, i)))
    const cancelled = (): boolean => view.state !== JobState.Running
    const start = performance.now()
    let outcome: Outcome
    try {
      await this.#runner.ready(spec.program)
      const running = this.#runner.run(
        spec.program,
        stage,
        index,
        spec.stages[stage]!,
        resultsOf,
        out,
        cancelled,
        ways,
      )
      outcome = running instanceof Promise ? await running : running
    } catch (error) {
      return this.#failed(view, stage, index, out, error)
    }
    view.setOutcome(task, outcome.result, outcome.rows, (performance.now() - start) * 1000, outcome.extra)
    if (view.finish(stage, index)) this.#control.ring()
  }

  /** Another attempt, as long as there are any; the input is the same, and what this one wrote is given back. */
  #failed(view: JobView, stage: number, index: number, out: Arena, error: unknown): void {
    if (error instanceof Cancelled) return out.free()
    const task = view.task(stage, index)
    const failures = view.countAttempt(task)
    out.free()
    const hopeless =
      isMillraceError(error) &&
      (error.code === 'MILLRACE_HEAP_FULL' || error.code === 'MILLRACE_LINE_TOO_LONG')
    if (failures < view.failuresAllowed && !hopeless) {
      view.requeue(stage, index)
    } else {
      const stored = storedReport(out, error)
      view.setOutcome(task, stored === undefined ? NO_ROOM : 0, 0, 0, stored)
      view.fail(task)
    }
    this.#control.ring()
  }

  /** Everything that the driver has sent before it published the job. */
  #receive(): void {
    for (
      let received = receiveMessageOnPort(this.#port);
      received !== undefined;
      received = receiveMessageOnPort(this.#port)
    ) {
      const message = received.message as DriverMessage
      if (message.kind === 'load') this.#runner.load(message.program)
      else if (message.kind === 'unload') this.#runner.unload(message.program)
      else this.#runner.forgetBroadcast(message.broadcast)
    }
  }
}

/** An error's report; its memory belongs to the attempt and is freed with the job. */
function storedReport(out: Arena, error: unknown): Uint8Array | undefined {
  try {
    return stored(out, report(error))
  } catch {
    return undefined // not even room for this
  }
}

/** What a failed task left behind. */
export function failureReport(
  view: JobView,
  heap: Parameters<JobView['extra']>[0],
  task: number,
): ReturnType<typeof report> | undefined {
  const bytes = view.extra(heap, task)
  return bytes && (decodeValue(bytes, 0) as ReturnType<typeof report>)
}
