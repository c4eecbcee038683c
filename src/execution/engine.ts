import { isMillraceError, MillraceError } from '../core/errors.js'
import { type Files, systemFiles } from '../core/files.js'
import type { UserFunction } from '../functions/user-function.js'
import type { Kernels } from '../kernels/kernels.js'
import { describeKernels, loadKernels, type NativeMode } from '../kernels/load.js'
import type { Arena } from '../memory/arena.js'
import { Heap } from '../memory/heap.js'
import { decodeValue } from '../memory/structured.js'
import type { Node } from '../plan/nodes.js'
import type { Sink } from '../plan/ops.js'
import { cut } from '../plan/stages.js'
import { type Extra, TaskRunner } from '../worker/attempt.js'
import { ControlBlock } from '../worker/control.js'
import type { DriverMessage } from '../worker/loop.js'
import type { Ways } from '../worker/task.js'
import { BlockStore } from './block-store.js'
import { runInline } from './inline-job.js'
import { lateSources, withPlans } from './late-plans.js'
import { WorkerPool } from './pool.js'
import { PooledJob } from './pooled-job.js'
import { type Prepared, prepare, type Selection, tellSources } from './prepare.js'
import { type KnownProgram, Programs } from './programs.js'
import { checkSame } from './verify.js'

export interface EngineOptions {
  threads: number
  memory: number
  native: NativeMode
  maxTaskFailures: number
  taskTimeout: number | undefined
  /** Run everything the plain way as well, and compare. */
  verify: boolean
}

/** The results of a job, one block a partition (0 for none); they stay in the heap until they are released. */
export interface JobResult {
  blocks: number[]
  owners: ReadonlySet<number>
  release(): void
}

/** What came of a job, and of the stages before its last that are kept. */
interface Outcomes {
  result: JobResult
  kept: JobResult[]
}

/** An accumulator, as the engine knows it. */
interface Adding {
  add(value: unknown): void
}

/** The sink for all records. */
const ALL: Sink<UserFunction> = { kind: 'collect', limit: undefined }

/** Jobs shorter than this are run by the driver itself: a worker would hardly be awake by then. */
const INLINE_MICROSECONDS = 200
/** What a task costs beside its records. */
const TASK_MICROSECONDS = 12
/** An inline job that took this long was a mistake. */
const INLINE_REGRET_MICROSECONDS = 1000
/** How long stop() waits for workers that are busy before it ends their threads. */
const PATIENCE_MS = 500
/** Free memory goes back to the system when there has been no job for so long. */
const IDLE_MS = 5000

/** Runs jobs, one at a time: on the workers, or inline when that is faster. The driver's side of everything. */
export class Engine {
  readonly heap: Heap
  readonly kernels: Kernels
  readonly blocks: BlockStore
  readonly files: Files = systemFiles
  readonly options: EngineOptions
  readonly #control: ControlBlock
  readonly #programs: Programs
  readonly #runner: TaskRunner
  readonly #accumulators = new Map<number, WeakRef<Adding>>()
  readonly #forgotten = new FinalizationRegistry<number>(id => this.#accumulators.delete(id))
  #pool: WorkerPool | undefined
  #job: PooledJob | undefined
  #jobs = 0
  #queue: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #idle: NodeJS.Timeout | undefined
  #stopped = false
  /** For tests: how functions may run. */
  ways: Ways = 'auto'

  constructor(options: EngineOptions) {
    this.options = options
    this.heap = Heap.reserve(options.memory)
    this.kernels = loadKernels(this.heap.buffer, options.native)
    this.kernels.adviseHuge(0, this.heap.byteLength)
    this.blocks = new BlockStore(this.heap)
    this.#control = new ControlBlock(this.heap)
    this.#control.expect(options.threads)
    this.#runner = new TaskRunner({
      heap: this.heap,
      kernels: this.kernels,
      files: this.files,
      scratchOwner: this.heap.newOwner(),
    })
    this.#programs = new Programs(
      program => this.#tell({ kind: 'load', program }),
      program => this.#tell({ kind: 'unload', program }),
    )
  }

  get kernelsLine(): string {
    return describeKernels(this.kernels, this.options.native)
  }

  /** @throws MILLRACE_STOPPED */
  checkRunning(): void {
    if (this.#stopped) throw new MillraceError('MILLRACE_STOPPED', 'the Context was stopped; make a new one.')
  }

  /** Starts the workers; resolves when they are ready. Any number of calls start them once. */
  async start(): Promise<void> {
    this.checkRunning()
    this.#pool ??= new WorkerPool({
      heap: this.heap,
      threads: this.options.threads,
      native: this.options.native,
      greeting: () => this.#programs.all().map(program => ({ kind: 'load', program })),
      onLost: (worker, cause) => {
        this.#control.leave(worker)
        this.#job?.lost(worker, cause)
      },
      onDead: error => this.#job?.abandon(error),
    })
    await this.#pool.ready()
    // While the workers started, the Context may have been stopped: nobody would take a job.
    this.checkRunning()
  }

  /**
   * Runs the plan of `node` into a sink and gives its results.
   *
   * @throws the first error of a task that failed in every attempt; MILLRACE_STOPPED
   */
  async run(node: Node, sink: Sink<UserFunction> = ALL, selection: Selection = {}): Promise<JobResult> {
    try {
      return await this.#runOnce(node, sink, selection)
    } catch (error) {
      // Data that can be made again gives way, and the job gets a second chance.
      if (!isMillraceError(error) || error.code !== 'MILLRACE_HEAP_FULL' || !this.blocks.evict()) throw error
      return this.#runOnce(node, sink, selection)
    }
  }

  /** Adds to a value on the driver whatever tasks add to it, for as long as it is held elsewhere. */
  registerAccumulator(id: number, accumulator: Adding): void {
    this.#accumulators.set(id, new WeakRef(accumulator))
    this.#forgotten.register(accumulator, id)
  }

  /** Drops the copies of a broadcast that threads have made. */
  forgetBroadcast(id: number): void {
    this.#runner.forgetBroadcast(id)
    this.#tell({ kind: 'forget', broadcast: id })
  }

  /** Frees memory that the job at hand may be reading, when it is done. */
  freeAfterJob(arena: Arena): void {
    this.#queue = this.#queue.then(() => arena.free())
  }

  /** Ends the workers. A job at hand is given up. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    clearTimeout(this.#idle)
    this.#pool?.retire()
    this.#control.close()
    this.#job?.abandon(
      new MillraceError('MILLRACE_STOPPED', 'the Context was stopped while the job was running.'),
    )
    // A worker inside a long function does not hear the bell.
    const patience = setTimeout(() => void this.#pool?.destroy(), PATIENCE_MS)
    await this.#queue
    await this.#pool?.stop()
    clearTimeout(patience)
    this.heap.freeOwners(new Set([this.#runner.thread.scratchOwner]))
  }

  async #runOnce(given: Node, sink: Sink<UserFunction>, selection: Selection): Promise<JobResult> {
    this.checkRunning()
    this.#waiting++
    clearTimeout(this.#idle)
    let known: KnownProgram | undefined
    let prepared: Prepared | undefined
    try {
      const late = lateSources(given)
      const node = late.length === 0 ? given : await withPlans(given, late)
      while (prepared === undefined) {
        if (known !== undefined) this.#programs.release(known)
        // What a job does aside must not keep what its functions have made: their accumulators would never count.
        const plan = cut(node, sink, selection.aside ? undefined : source => source.missing?.())
        known = this.#programs.use(plan)
        prepared = await prepare(plan, known.program.id, selection, this.heap)
      }
      const [program, ready] = [known!, prepared]
      const run = this.#queue.then(() => this.#runPrepared(program, ready, selection))
      this.#queue = run.catch(() => {})
      return await run
    } finally {
      prepared?.release()
      if (known !== undefined) this.#programs.release(known)
      if (--this.#waiting === 0) this.#armIdle()
    }
  }

  async #runPrepared(known: KnownProgram, prepared: Prepared, selection: Selection): Promise<JobResult> {
    const { onWorkers, aside = false } = selection
    this.checkRunning()
    for (const check of known.carried) check(this)
    const tasks = prepared.spec.stages.reduce((n, s) => n + s.tasks, 0)
    if (tasks === 0) return { blocks: [], owners: new Set(), release: () => {} }
    const inline =
      !onWorkers && this.#fitsInline(known, prepared.rows, tasks)
        ? this.#runInline(known, prepared, aside)
        : undefined
    const outcomes = inline ?? (await this.#runOnWorkers(known, prepared, this.ways, aside))
    if (this.options.verify && known.quiet) await this.#verify(known, prepared, outcomes)
    prepared.computes.forEach(({ computation }, k) => {
      const { blocks, owners } = outcomes.kept[k]!
      computation.keep(blocks, owners)
    })
    return outcomes.result
  }

  /** Runs a job the plain way as well, and compares. What it adds to accumulators is not counted again. */
  async #verify(known: KnownProgram, prepared: Prepared, outcomes: Outcomes): Promise<void> {
    let plain: Outcomes | undefined
    try {
      plain = await this.#runOnWorkers(known, prepared, 'generic', true)
      const [fast, slow] = [outcomes, plain].map(({ result, kept }) => [...kept, result].map(r => r.blocks))
      fast!.forEach((blocks, k) => checkSame(this.heap, blocks, slow![k]!))
    } catch (error) {
      release(outcomes)
      throw error
    } finally {
      if (plain !== undefined) release(plain)
    }
  }

  #fitsInline(known: KnownProgram, rows: number, tasks: number): boolean {
    if (known.banned > 0) {
      known.banned--
      return false
    }
    return (
      known.bounded &&
      this.ways === 'auto' &&
      rows * known.microsecondsPerRow + tasks * TASK_MICROSECONDS <= INLINE_MICROSECONDS
    )
  }

  /** Undefined if the job failed: the workers then try it, and count the attempts. */
  #runInline(known: KnownProgram, prepared: Prepared, aside: boolean): Outcomes | undefined {
    const start = performance.now()
    this.#runner.load(known.program)
    const { stages } = prepared.spec
    const keep = prepared.computes.map(({ stage }) => stage)
    try {
      const { outcomes, arena, kept } = runInline(prepared.spec, this.#runner, keep)
      if (!aside) for (const stage of outcomes) for (const outcome of stage) this.#merge(outcome.extra)
      tellSources(prepared, (stage, index) => outcomes[stage]![index]!.rows)
      const resultOf = (stage: number, out: Arena): JobResult => ({
        blocks: outcomes[stage]!.map(outcome => outcome.result),
        owners: new Set([out.owner]),
        release: () => out.free(),
      })
      return {
        result: resultOf(stages.length - 1, arena),
        kept: keep.map((stage, k) => resultOf(stage, kept[k]!)),
      }
    } catch {
      return undefined
    } finally {
      if ((performance.now() - start) * 1000 > INLINE_REGRET_MICROSECONDS) known.banned = 20
    }
  }

  async #runOnWorkers(
    known: KnownProgram,
    prepared: Prepared,
    ways: Ways,
    aside: boolean,
  ): Promise<Outcomes> {
    await this.start()
    const { maxTaskFailures, taskTimeout } = this.options
    const job = new PooledJob(++this.#jobs, prepared.spec, {
      heap: this.heap,
      control: this.#control,
      pool: this.#pool!,
      maxTaskFailures,
      taskTimeout,
      ways,
    })
    this.#job = job
    try {
      await job.run()
      let microseconds = 0
      let rows = 0
      job.forEachTask(task => {
        microseconds += job.view.microseconds(task)
        rows += job.view.rows(task)
        if (!aside) this.#merge(job.view.extra(this.heap, task))
      })
      if (rows >= 64) known.microsecondsPerRow = (known.microsecondsPerRow + microseconds / rows) / 2
      tellSources(prepared, (stage, index) => job.view.rows(job.view.task(stage, index)))
      const stages = [...prepared.computes.map(({ stage }) => stage), job.view.stages - 1]
      const blocks = stages.map(stage => job.results(stage))
      const kept = job.close(stages).map((owners, k): JobResult => {
        return { blocks: blocks[k]!, owners, release: () => this.heap.freeOwners(owners) }
      })
      return { result: kept.pop()!, kept }
    } catch (error) {
      job.close()
      throw error
    } finally {
      this.#job = undefined
    }
  }

  #merge(extra: Uint8Array | undefined): void {
    if (extra === undefined) return
    for (const [id, value] of (decodeValue(extra, 0) as Extra).added)
      this.#accumulators.get(id)?.deref()?.add(value)
  }

  #tell(message: DriverMessage): void {
    this.#pool?.send(message)
    if (message.kind === 'unload') this.#runner.unload(message.program)
  }

  #armIdle(): void {
    clearTimeout(this.#idle)
    if (this.#stopped) return
    this.#idle = setTimeout(() => {
      this.heap.forEachFreeRun((offset, bytes) => this.kernels.releaseMemory(offset, bytes))
    }, IDLE_MS).unref()
  }
}

function release({ result, kept }: Outcomes): void {
  for (const part of [...kept, result]) part.release()
}
