import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

const HELP = `Usage: node dist/examples/main.js [options]

Counts words in files and bird strikes by airline from a socket, a batch a second.

  --seconds N    how long it runs (30)
  --threads N    worker threads (as many as the machine runs at once)
  --path DIR     count the text files of this directory, and those that appear in it,
                 instead of the texts that come along
  --help         print this

MILLRACE_NATIVE=off runs it on the JavaScript kernels.
`

export interface Options {
  seconds: number
  threads: number
  path: string | undefined
}

/** Reads the command line; ends the process for `--help`, and with exit code 2 for what it does not understand. */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        seconds: { type: 'string', default: '30' },
        threads: { type: 'string', default: String(availableParallelism()) },
        path: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      process.stdout.write(HELP)
      process.exit(0)
    }
    return {
      seconds: whole('--seconds', values.seconds, 86_400),
      threads: whole('--threads', values.threads, 256),
      path: values.path === undefined ? undefined : directory('--path', values.path),
    }
  } catch (error) {
    console.error(`${(error as Error).message}\nSee node dist/examples/main.js --help.`)
    process.exit(2)
  }
}

function whole(option: string, text: string, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new Error(`${option} takes a whole number from 1 to ${most}, not '${text}'.`)
  return value
}

function directory(option: string, path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`${option} takes a directory, and '${path}' is none.`)
  return path
}
