import { MillraceError, shown } from './errors.js'

/** A length of time with its unit: `'500ms'`, `'1s'`, `'30s'`, `'5m'`, `'1h'`. Computed: `` `${n}s` ``. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h'}`

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/**
 * A duration in whole milliseconds.
 *
 * @param value the duration, `what` its name in an error
 * @throws MILLRACE_DURATION for a bare number, an unknown unit, or anything that is not a positive whole
 *   number of milliseconds
 */
export function milliseconds(value: Duration, what: string): number {
  return checked(value, what, 1)
}

/** The same where none at all makes sense, too: `'0s'`. */
export function millisecondsOrNone(value: Duration, what: string): number {
  return checked(value, what, 0)
}

function checked(value: Duration, what: string, least: 0 | 1): number {
  if (Number.isFinite(value)) {
    throw new MillraceError(
      'MILLRACE_DURATION',
      `${what} carries its unit: expected '500ms', '1s', '5m' or '1h' but received the bare number ${value}. ` +
        `PySpark means seconds and Node means milliseconds: write '${value}s' or '${value}ms'.`,
    )
  }
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(String(value).trim())
  const ms = match ? Number(match[1]) * UNITS[match[2]!]! : Number.NaN
  if (!(Math.round(ms) >= least) || Math.abs(ms - Math.round(ms)) > 1e-6) {
    throw new MillraceError(
      'MILLRACE_DURATION',
      `${what}: expected a ${least === 0 ? '' : 'positive '}whole number of milliseconds with its unit, such as '500ms', '1s', '5m' or '1h', but received ${shown(value)}.`,
    )
  }
  return Math.round(ms)
}
