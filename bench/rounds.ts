import type { Case, Reading } from './case.js'
import { LoadOfOthers } from './load.js'
import type { Program } from './programs.js'
import { sameCheck } from './statistics.js'

/** One figure in all rounds. */
export interface Series {
  figure: string
  readings: Reading[]
  /** Why there is no figure. */
  failed?: string
}

export interface Result {
  case: Case
  series: Series[]
  /** Share of the machine that other processes used meanwhile; undefined where it cannot be known. */
  others: number | undefined
}

/** Runs the programs one after another, and again, so that what disturbs the machine disturbs them alike. */
export async function measure(
  c: Case,
  programs: readonly Program[],
  rounds: number,
  progress: (figure: string) => void,
): Promise<Result> {
  const series = new Map<string, Series>()
  for (const figure of programs.flatMap(p => p.figures)) series.set(figure, { figure, readings: [] })
  const load = new LoadOfOthers()
  for (let round = 0; round < rounds; round++) {
    for (const program of programs) {
      const mine = program.figures.map(figure => series.get(figure)!)
      if (mine.some(s => s.failed !== undefined)) continue
      progress(`${c.name} ${program.figures.join(', ')}`)
      try {
        const readings = await program.run()
        for (const s of mine) {
          const reading = readings.get(s.figure)
          if (reading === undefined) s.failed = 'it printed no figure'
          else s.readings.push(reading)
        }
      } catch (error) {
        for (const s of mine) s.failed = (error as Error).message
      }
    }
  }
  return { case: c, series: [...series.values()], others: load.share() }
}

/** The figures whose check is not that of the first figure with one, in any round. */
export function differing(result: Result): string[] {
  const checks = result.series.flatMap(s => s.readings.map(r => [s.figure, r.check] as const))
  const first = checks.find(([, check]) => check !== undefined)?.[1]
  const wrong = checks.filter(
    ([, check]) => check !== undefined && !sameCheck(check, first!, result.case.tolerance),
  )
  return [...new Set(wrong.map(([figure]) => figure))]
}
