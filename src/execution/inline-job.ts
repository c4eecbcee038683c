import { Arena } from '../memory/arena.js'
import type { Outcome, TaskRunner } from '../worker/attempt.js'
import type { JobSpec } from '../worker/job-spec.js'

/** What an inline job gives: the outcome of every task, by stage, and where it lies. */
export interface InlineResult {
  outcomes: Outcome[][]
  /** Of the last stage and those before, but for those that are kept. */
  arena: Arena
  /** Of each stage that is kept. */
  kept: Arena[]
}

/**
 * Runs a whole job on the driver's thread, for jobs that are over before a worker would be awake. Only bounded
 * functions come here, so every step is synchronous.
 *
 * @param keep the stages whose results outlive the job's
 * @throws what a task threw; the memory is given back
 */
export function runInline(spec: JobSpec, runner: TaskRunner, keep: readonly number[]): InlineResult {
  const arena = new Arena(runner.thread.heap)
  const kept = keep.map(() => new Arena(runner.thread.heap))
  const outcomes: Outcome[][] = []
  const resultsOf = (stage: number): number[] => outcomes[stage]!.map(o => o.result)
  try {
    spec.stages.forEach((stageSpec, stage) => {
      const mine: Outcome[] = []
      const out = kept[keep.indexOf(stage)] ?? arena
      for (let index = 0; index < stageSpec.tasks; index++) {
        mine.push(
          runner.run(spec.program, stage, index, stageSpec, resultsOf, out, () => false, 'auto') as Outcome,
        )
      }
      outcomes.push(mine)
    })
  } catch (error) {
    for (const part of [arena, ...kept]) part.free()
    throw error
  }
  return { outcomes, arena, kept }
}
