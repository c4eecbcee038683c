import { readFileSync } from 'node:fs'
import type { Duration } from 'millrace'

/** What Spark's Structured Streaming gave for inputs of ours; see the file for how it was recorded. */
export interface Recorded {
  name: string
  kind: 'window' | 'session' | 'join' | 'dedup'
  size?: number
  slide?: number
  gap?: number
  within?: number
  before?: number
  after?: number
  keyed?: boolean
  /** Milliseconds, of each input. */
  lateness: number[]
  input: string[]
  /** The rows of each batch, as text. */
  append: string[]
  update?: string[]
  /** How many rows of each batch were behind the watermark. */
  dropped: number[]
}

export interface Timed {
  key: string
  time: number
  n: number
}

const file = new URL('../../../test/streaming/event-time/structured-streaming.json', import.meta.url)
const { inputs, cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  inputs: Record<string, string[]>
  cases: Recorded[]
}

export const RECORDED = cases

/** The rows of a batch. */
export const rowsOf = (batch: string): string[] => (batch === '' ? [] : batch.split(', '))

/** The batches of an input. */
export const inputOf = (name: string): Timed[][] =>
  inputs[name]!.map(batch =>
    rowsOf(batch).map(row => {
      const [key, time, n] = row.split(' ')
      return { key: key!, time: Number(time), n: Number(n) }
    }),
  )

export const ms = (n = 0): Duration => `${n}ms`
