import { differing, type Result } from './rounds.js'
import { median, spread } from './statistics.js'
import { metricsOf, ratios, subjectOf, type Verdict, valuesOf } from './targets.js'

/** A Markdown table with its columns in line, so that a terminal shows it as well; the first column is text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map(row => row[i]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')
}

/** Three digits, as measured figures have no more. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-'
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en', {
    minimumFractionDigits: Math.min(digits, 5),
    maximumFractionDigits: Math.min(digits, 5),
  })
}

const percent = (share: number): string => (Number.isFinite(share) ? `${Math.round(share * 100)} %` : '-')

/** One case: its metrics' medians, their spread over the rounds, and the subject's ratio to each figure. */
export function caseTable(result: Result): string {
  const { case: c, series } = result
  const metrics = metricsOf(c)
  const [first] = metrics
  const wrong = differing(result)
  const head = [
    '',
    ...metrics.map(m => (m.unit === '' ? m.name : `${m.name}, ${m.unit}`)),
    'spread',
    `${subjectOf(c)} / it`,
    'check',
  ]
  const rows = series.map(s => {
    const values = valuesOf(result, s.figure, first!.name)
    return [
      s.figure,
      ...metrics.map(m => figure(median(valuesOf(result, s.figure, m.name)))),
      percent(spread(values)),
      s.figure === subjectOf(c) ? '' : figure(median(ratios(result, s.figure, first!.name))),
      s.failed === undefined
        ? wrong.includes(s.figure)
          ? 'DIFFERS'
          : (s.readings[0]?.check ?? '')
        : 'failed',
    ]
  })
  const failures = series.filter(s => s.failed !== undefined).map(s => `${s.figure} failed: ${s.failed}`)
  const others =
    result.others === undefined ? [] : [`Other processes: ${percent(result.others)} of the machine.`]
  return [`### ${c.name}: ${c.title}`, '', table(head, rows), '', ...failures, ...others].join('\n').trimEnd()
}

export function verdictTable(verdicts: readonly Verdict[]): string {
  return table(
    ['', 'measured', 'value', 'target', 'met'],
    verdicts.map(v => [
      v.case,
      v.what,
      `${figure(v.value)} ${v.unit}`.trim(),
      v.wanted,
      v.met === undefined ? 'not measured' : v.met ? 'pass' : 'MISS',
    ]),
  )
}
