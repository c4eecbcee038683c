import type { Arena } from '../memory/arena.js'
import { encodeValue } from '../memory/structured.js'
import type { Program } from '../plan/stages.js'
import { numbersIn, type StageSpec } from './job-spec.js'
import { LoadedProgram } from './program.js'
import { runTask } from './run-task.js'
import { ThreadSurroundings } from './surroundings.js'
import { CHUNK_ROWS, Task, type Thread, type Ways } from './task.js'

/** What a finished attempt leaves: where its result lies, what it read, and the bytes of what it counted. */
export interface Outcome {
  result: number
  rows: number
  extra: Uint8Array | undefined
}

/** What an attempt counted besides its result. */
export interface Extra {
  /** By accumulator: what was added. */
  added: [id: number, value: unknown][]
}

/** Runs attempts of tasks on one thread; keeps programs, functions and scratch memory between them. */
export class TaskRunner {
  readonly thread: Thread
  readonly #surroundings: ThreadSurroundings
  readonly #programs = new Map<number, LoadedProgram>()
  readonly #scratch: Arena[] = []

  constructor(thread: Thread) {
    this.thread = thread
    this.#surroundings = new ThreadSurroundings(thread.heap)
  }

  /** Takes a program in. */
  load(program: Program): void {
    if (!this.#programs.has(program.id))
      this.#programs.set(program.id, new LoadedProgram(program, this.#surroundings))
  }

  /**
   * Imports the modules of a program's functions, if it has any; part of the attempt of a task, so that a module that
   * throws, hangs or ends the thread is that task's fault.
   */
  ready(program: number): void | Promise<void> {
    const { modules } = this.#programs.get(program)!
    if (!this.#surroundings.has(modules)) return this.#surroundings.load(modules)
  }

  unload(program: number): void {
    this.#programs.delete(program)
  }
  forgetBroadcast(id: number): void {
    this.#surroundings.forget(id)
  }

  /**
   * Runs one attempt of a task. Its memory belongs to `out`.
   *
   * @throws what the task threw
   */
  run(
    program: number,
    stage: number,
    index: number,
    spec: StageSpec,
    resultsOf: (stage: number) => readonly number[],
    out: Arena,
    cancelled: () => boolean,
    ways: Ways,
  ): Outcome | Promise<Outcome> {
    const loaded = this.#programs.get(program)!
    const task = new Task(this.thread, this.#scratch, out, cancelled, ways)
    const { sink } = loaded.program.stages[stage]!
    if (sink.kind === 'collect' && sink.limit !== undefined)
      task.firstRows = Math.max(1, Math.min(sink.limit, CHUNK_ROWS))
    this.#surroundings.startTask(numbersIn(spec))
    const result = runTask(loaded, stage, index, spec, resultsOf, task)
    return typeof result === 'number' ? this.#outcome(result, task) : result.then(r => this.#outcome(r, task))
  }

  #outcome(result: number, task: Task): Outcome {
    const added = this.#surroundings.added()
    return {
      result,
      rows: task.rowsRead,
      extra: added.length === 0 ? undefined : stored(task.out, { added } satisfies Extra),
    }
  }
}

/** A value's structured bytes in an arena. */
export function stored(arena: Arena, value: unknown): Uint8Array {
  const bytes = encodeValue(value)
  const kept = arena.u8(bytes.length)
  kept.set(bytes)
  return kept
}
