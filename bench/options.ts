import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** The directory bench/ of the sources: this file runs from dist/bench/. */
export const BENCH = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../bench')

export const USAGE = `npm run bench -- [options]

  --only W1,W6     only these cases
  --rounds N       how often each figure is measured, each time in a process of its own (3)
  --quick          one round, short, and only the figures that a target needs
  --peers          also RxJS, @most/core, DuckDB and Polars; installs them first
  --text FILE      the text of W1 (else sentences of nlp-corpus)
  --threads N      worker threads, and threads of the limit (2, for which the targets are)
  --data DIR       where inputs and the limit program are kept (bench/data)
  --json FILE      writes all readings there
  --list           lists the cases and ends
`

export interface Options {
  /** Undefined means all. */
  only: readonly string[] | undefined
  rounds: number
  quick: boolean
  peers: boolean
  text: string | undefined
  threads: number
  data: string
  json: string | undefined
  list: boolean
}

/** @throws an Error with a message for the user */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      text: { type: 'string' },
      threads: { type: 'string' },
      data: { type: 'string', default: path.join(BENCH, 'data') },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  })
  return {
    only: values.only?.split(',').map(name => name.trim()),
    rounds: count('--rounds', values.rounds, values.quick ? 1 : 3),
    quick: values.quick,
    peers: values.peers,
    text: values.text,
    threads: count('--threads', values.threads, Math.min(2, availableParallelism())),
    data: path.resolve(values.data),
    json: values.json,
    list: values.list,
  }
}

function count(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Error(`${option} must be a whole number from 1 on, not '${text}'`)
  return Number(text)
}
