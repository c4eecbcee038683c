import type { Case, Metric, Target } from './case.js'
import type { Result } from './rounds.js'
import { median } from './statistics.js'

export const metricsOf = (c: Case): readonly Metric[] => c.metrics ?? [{ name: 'time', unit: 'ms' }]
export const subjectOf = (c: Case): string => c.subject ?? 'millrace'

/** What a figure has of a metric, a value for each round. */
export function valuesOf(result: Result, figure: string, metric: string): number[] {
  const readings = result.series.find(s => s.figure === figure)?.readings ?? []
  return readings.map(r => r.values[metric]).filter(value => value !== undefined)
}

/** The subject's metric over another figure's, round by round: what disturbed a whole round falls out. */
export function ratios(result: Result, figure: string, metric: string): number[] {
  const ours = valuesOf(result, subjectOf(result.case), metric)
  const theirs = valuesOf(result, figure, metric)
  return Array.from({ length: Math.min(ours.length, theirs.length) }, (_, i) => ours[i]! / theirs[i]!)
}

export interface Verdict {
  case: string
  /** What was measured, in words, and the bound. */
  what: string
  wanted: string
  unit: string
  value: number
  /** Undefined where there is no value: the other figure was not measured. */
  met: boolean | undefined
}

export function judge(result: Result): Verdict[] {
  return (result.case.targets ?? []).map(target => verdict(result, target))
}

function verdict(result: Result, target: Target): Verdict {
  const c = result.case
  const metric = metricsOf(c).find(m => m.name === target.metric) ?? metricsOf(c)[0]!
  const values =
    target.of === undefined
      ? valuesOf(result, subjectOf(c), metric.name)
      : ratios(result, target.of, metric.name)
  const value = median(values)
  const unit = target.of === undefined ? metric.unit : 'x'
  const bounds = [
    ...(target.atLeast === undefined ? [] : [`>= ${target.atLeast}`]),
    ...(target.atMost === undefined ? [] : [`<= ${target.atMost}`]),
  ]
  return {
    case: c.name,
    what: target.of === undefined ? metric.name : `${metric.name}, ${subjectOf(c)} / ${target.of}`,
    wanted: `${bounds.join(', ')} ${unit}`.trim(),
    unit,
    value,
    met:
      values.length === 0
        ? undefined
        : value >= (target.atLeast ?? Number.NEGATIVE_INFINITY) &&
          value <= (target.atMost ?? Number.POSITIVE_INFINITY),
  }
}
