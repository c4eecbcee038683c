import type { Heap } from '../memory/heap.js'

const LINE = 16

/** The words of a job's description, then a record for each stage, then one for each task. */
const STATE = 0
const STAGE = LINE
const STAGES = LINE + 1
const SPEC_PLACE = LINE + 2
const SPEC_BYTES = LINE + 3
const FAILURES_ALLOWED = LINE + 4
const WAYS = LINE + 5
const FAILED_TASK = 2 * LINE
const STAGE_RECORDS = 3 * LINE

const STAGE_WORDS = 3 * LINE
const NEXT = 0 // the first task that nobody has taken yet
const DONE = LINE // how many are done
const TASKS = 2 * LINE
const FIRST = 2 * LINE + 1
const REQUEUED = 2 * LINE + 2 // how often a task was given back, or may have been dropped

const TASK_WORDS = LINE
const TASK_STATE = 0 // and, from bit 8 on, the worker that has it: one word, so that they change together
const ATTEMPTS = 1 // failed so far
const OWNER = 2
// The rest of a task's line holds doubles.
const RESULT = 2
const ROWS = 3
const MICROSECONDS = 4
const EXTRA_PLACE = 5
const EXTRA_BYTES = 6

export const JobState = { Running: 0, Finished: 1, Failed: 2 } as const
export const TaskState = { Pending: 0, Running: 1, Done: 2 } as const

/** Bytes of the description of a job with the given numbers of tasks in its stages. */
export function jobBytes(tasks: readonly number[]): number {
  return (STAGE_RECORDS + tasks.length * STAGE_WORDS + tasks.reduce((a, b) => a + b, 0) * TASK_WORDS) * 4
}

/** A job's description in the heap, seen by both sides. */
export class JobView {
  readonly words: Int32Array
  readonly #doubles: Float64Array
  readonly #taskRecords: number

  private constructor(heap: Heap, place: number, stages: number, tasks: number) {
    const bytes = (STAGE_RECORDS + stages * STAGE_WORDS + tasks * TASK_WORDS) * 4
    this.words = new Int32Array(heap.buffer, place, bytes / 4)
    this.#doubles = new Float64Array(heap.buffer, place, bytes / 8)
    this.#taskRecords = STAGE_RECORDS + stages * STAGE_WORDS
  }

  /** Writes a new description. */
  static create(
    heap: Heap,
    place: number,
    tasks: readonly number[],
    spec: Uint8Array,
    failuresAllowed: number,
    ways: number,
  ): JobView {
    const view = new JobView(
      heap,
      place,
      tasks.length,
      tasks.reduce((a, b) => a + b, 0),
    )
    const { words } = view
    words.fill(0)
    words[STAGES] = tasks.length
    words[STAGE] = tasks.findIndex(count => count > 0)
    words[SPEC_PLACE] = spec.byteOffset / 64
    words[SPEC_BYTES] = spec.length
    words[FAILURES_ALLOWED] = failuresAllowed
    words[WAYS] = ways
    let first = 0
    tasks.forEach((count, s) => {
      words[STAGE_RECORDS + s * STAGE_WORDS + TASKS] = count
      words[STAGE_RECORDS + s * STAGE_WORDS + FIRST] = first
      first += count
    })
    return view
  }

  /** The description of the job at hand. */
  static open(heap: Heap, place: number): JobView {
    const head = new Int32Array(heap.buffer, place, STAGE_RECORDS)
    const stages = head[STAGES]!
    const records = new Int32Array(heap.buffer, place, STAGE_RECORDS + stages * STAGE_WORDS)
    const last = STAGE_RECORDS + (stages - 1) * STAGE_WORDS
    return new JobView(heap, place, stages, records[last + FIRST]! + records[last + TASKS]!)
  }

  get state(): number {
    return Atomics.load(this.words, STATE)
  }
  /** The word that the driver waits on. */
  static readonly stateIndex: number = STATE
  get stage(): number {
    return Atomics.load(this.words, STAGE)
  }
  get stages(): number {
    return this.words[STAGES]!
  }
  get failuresAllowed(): number {
    return this.words[FAILURES_ALLOWED]!
  }
  get ways(): number {
    return this.words[WAYS]!
  }
  spec(heap: Heap): Uint8Array {
    return new Uint8Array(heap.buffer, (this.words[SPEC_PLACE]! >>> 0) * 64, this.words[SPEC_BYTES])
  }

  tasks(stage: number): number {
    return this.words[STAGE_RECORDS + stage * STAGE_WORDS + TASKS]!
  }
  /** A task's number within the whole job. */
  task(stage: number, index: number): number {
    return this.words[STAGE_RECORDS + stage * STAGE_WORDS + FIRST]! + index
  }

  /**
   * Takes a task of a stage that nobody else has; -1 if there is none at the moment.
   *
   * @param rather the one to take if it can be had: what the thread has just written is in its cache
   */
  claim(stage: number, worker: number, rather: number): number {
    const record = STAGE_RECORDS + stage * STAGE_WORDS
    const { words } = this
    const tasks = words[record + TASKS]!
    if (rather >= 0 && rather < tasks && this.#take(this.task(stage, rather), worker)) return rather
    while (Atomics.load(words, record + NEXT) < tasks) {
      const index = Atomics.add(words, record + NEXT, 1)
      if (index < tasks && this.#take(this.task(stage, index), worker)) return index
    }
    if (Atomics.load(words, record + REQUEUED) === 0) return -1
    for (let index = 0; index < tasks; index++) if (this.#take(this.task(stage, index), worker)) return index
    return -1
  }

  #take(task: number, worker: number): boolean {
    const record = this.#record(task)
    const running = TaskState.Running | (worker << 8)
    return (
      Atomics.compareExchange(this.words, record + TASK_STATE, TaskState.Pending, running) ===
      TaskState.Pending
    )
  }

  /** Gives a task back after a failed attempt, to be taken by any worker; the bell must be rung afterwards. */
  requeue(stage: number, index: number): void {
    Atomics.add(this.words, STAGE_RECORDS + stage * STAGE_WORDS + REQUEUED, 1)
    Atomics.store(this.words, this.#record(this.task(stage, index)) + TASK_STATE, TaskState.Pending)
  }

  /** Marks a running task as done; its result must have been written. Opens the next stage behind the last task. */
  finish(stage: number, index: number): boolean {
    const record = STAGE_RECORDS + stage * STAGE_WORDS
    Atomics.store(this.words, this.#record(this.task(stage, index)) + TASK_STATE, TaskState.Done)
    const done = Atomics.add(this.words, record + DONE, 1) + 1
    // Once a thread was lost the count may fall short for good, and the tasks themselves are asked.
    const last =
      done === this.tasks(stage) || (Atomics.load(this.words, record + REQUEUED) > 0 && this.allDone(stage))
    return last && this.advance(stage)
  }

  /** True if every task of a stage is done, whoever counted. */
  allDone(stage: number): boolean {
    for (
      let index = this.tasks(stage) - 1;
      index >= 0;
      index-- // those not done are rather at the end
    )
      if (this.taskState(stage, index) !== TaskState.Done) return false
    return true
  }

  /**
   * Does what a thread may have left undone that ended between two steps: between counting a task and taking it, marking
   * it as done and counting it, opening the next stage and ending the job. Harmless at any time.
   */
  mend(): void {
    const { stage } = this
    if (stage >= this.stages) return this.end(JobState.Finished)
    Atomics.add(this.words, STAGE_RECORDS + stage * STAGE_WORDS + REQUEUED, 1)
    if (this.allDone(stage)) this.advance(stage)
  }

  /** Opens the stage behind a finished one, or finishes the job. Any number of threads may try; one does it. */
  advance(stage: number): boolean {
    let next = stage + 1
    while (next < this.stages && this.tasks(next) === 0) next++
    if (Atomics.compareExchange(this.words, STAGE, stage, next) !== stage) return false
    if (next >= this.stages) this.end(JobState.Finished)
    return true
  }

  /** Ends the job, unless it has ended. */
  end(state: number): void {
    Atomics.compareExchange(this.words, STATE, JobState.Running, state)
    Atomics.notify(this.words, STATE)
  }

  /** Notes the task that made the job fail; the first one counts. */
  fail(task: number): void {
    Atomics.compareExchange(this.words, FAILED_TASK, 0, task + 1)
    this.end(JobState.Failed)
  }
  /** The number of the task that made the job fail, -1 for none. */
  get failedTask(): number {
    return Atomics.load(this.words, FAILED_TASK) - 1
  }

  taskState(stage: number, index: number): number {
    return Atomics.load(this.words, this.#record(this.task(stage, index)) + TASK_STATE) & 255
  }
  attempts(task: number): number {
    return Atomics.load(this.words, this.#record(task) + ATTEMPTS)
  }
  /** Counts a failed attempt and gives their number. */
  countAttempt(task: number): number {
    return Atomics.add(this.words, this.#record(task) + ATTEMPTS, 1) + 1
  }
  /** The worker that a running task runs on. */
  worker(task: number): number {
    return Atomics.load(this.words, this.#record(task) + TASK_STATE) >> 8
  }
  /** The owner of the memory of a task's latest attempt. */
  owner(task: number): number {
    return Atomics.load(this.words, this.#record(task) + OWNER)
  }
  setOwner(task: number, owner: number): void {
    Atomics.store(this.words, this.#record(task) + OWNER, owner)
  }

  /** What an attempt leaves behind: its result, and what it counted, as structured bytes. */
  setOutcome(
    task: number,
    result: number,
    rows: number,
    microseconds: number,
    extra: Uint8Array | undefined,
  ): void {
    const record = this.#record(task) / 2
    this.#doubles[record + RESULT] = result
    this.#doubles[record + ROWS] = rows
    this.#doubles[record + MICROSECONDS] = microseconds
    this.#doubles[record + EXTRA_PLACE] = extra?.byteOffset ?? 0
    this.#doubles[record + EXTRA_BYTES] = extra?.length ?? 0
  }
  result(task: number): number {
    return this.#doubles[this.#record(task) / 2 + RESULT]!
  }
  rows(task: number): number {
    return this.#doubles[this.#record(task) / 2 + ROWS]!
  }
  microseconds(task: number): number {
    return this.#doubles[this.#record(task) / 2 + MICROSECONDS]!
  }
  extra(heap: Heap, task: number): Uint8Array | undefined {
    const record = this.#record(task) / 2
    const bytes = this.#doubles[record + EXTRA_BYTES]!
    return bytes === 0 ? undefined : new Uint8Array(heap.buffer, this.#doubles[record + EXTRA_PLACE]!, bytes)
  }

  #record(task: number): number {
    return this.#taskRecords + task * TASK_WORDS
  }
}
