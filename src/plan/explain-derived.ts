import { explainPlan } from './explain.js'
import type { Source } from './source.js'
import { cut, type Plan } from './stages.js'

/**
 * A plan as text, and below it the plans of the sources that are made by jobs of their own, such as that of a sort.
 *
 * @param partitions of each stage, where they are known
 */
export function explainWithSources(plan: Plan, partitions: readonly (number | undefined)[]): string {
  const texts = [explainPlan(plan, partitions)]
  const known = new Set<Source>()
  const left = [plan]
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    for (const source of sourcesOf(next)) {
      if (source.typical === undefined || known.has(source)) continue
      known.add(source)
      const inner = cut(source.typical(), { kind: 'collect', limit: undefined })
      texts.push(`${source.label} is made by\n${explainPlan(inner, [])}`)
      left.push(inner)
    }
  }
  return texts.join('\n')
}

const sourcesOf = ({ stages }: Plan): Source[] =>
  stages.flatMap(({ branches }) =>
    branches.flatMap(({ input }) =>
      input.kind === 'source'
        ? [input.source]
        : input.sides.flatMap(side => (side.kind === 'aligned' ? side.runs.flatMap(run => run.sources) : [])),
    ),
  )
