import { Arena } from '../memory/arena.js'
import type { Outcome, TaskRunner } from '../worker/attempt.js'
import type { JobSpec } from '../worker/job-spec.js'

/** What an inline job gives: the last stage's results, and the outcome of every task, by stage. */
export interface InlineResult {
  results: number[]
  outcomes: Outcome[][]
  arena: Arena
}

/**
 * Runs a whole job on the driver's thread, for jobs that are over before a worker would be awake. Only bounded
 * functions come here, so every step is synchronous.
 *
 * @throws what a task threw; the memory is given back
 */
export function runInline(spec: JobSpec, runner: TaskRunner): InlineResult {
  const arena = new Arena(runner.thread.heap)
  const outcomes: Outcome[][] = []
  const resultsOf = (stage: number): number[] => outcomes[stage]!.map(o => o.result)
  try {
    spec.stages.forEach((stageSpec, stage) => {
      const mine: Outcome[] = []
      for (let index = 0; index < stageSpec.tasks; index++) {
        mine.push(
          runner.run(spec.program, stage, index, stageSpec, resultsOf, arena, () => false, 'auto') as Outcome,
        )
      }
      outcomes.push(mine)
    })
  } catch (error) {
    arena.free()
    throw error
  }
  return { results: resultsOf(outcomes.length - 1), outcomes, arena }
}
