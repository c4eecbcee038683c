import type { Duration } from 'millrace'

/** The lines of the captures of PySpark that tests compare with were printed in this time zone. */
process.env.TZ = 'UTC'

const RULE = '-------------------------------------------'

/** What pprint prints for a batch. */
export const block = (time: string, ...lines: string[]): string =>
  `${[RULE, `Time: ${time}`, RULE, ...lines].join('\n')}\n\n`

/** How far a clock that stands at 0 goes to get there. */
export const until = (utc: string): Duration => `${Date.parse(`${utc.replace(' ', 'T')}Z`)}ms`
