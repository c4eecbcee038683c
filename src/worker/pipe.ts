import { spawnSync } from 'node:child_process'
import { savedRecord } from '../core/record-text.js'

/**
 * The lines that a program writes when it is given records as lines. It runs on a worker, as the function of an operator.
 *
 * @param check fail if the program ends with a code other than 0
 */
export function pipe(
  [program, ...words]: readonly [string, ...string[]],
  environment: Record<string, string>,
  check: boolean,
  records: Iterable<unknown>,
): string[] {
  let input = ''
  for (const record of records) input += `${savedRecord(record).replace(/\n+$/, '')}\n`
  const { error, status, signal, stdout } = spawnSync(program, words, {
    input,
    env: { ...process.env, ...environment },
    maxBuffer: Number.POSITIVE_INFINITY,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // A program need not read to the end, as `head` does not.
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  if (check && status !== 0)
    throw new Error(
      `Pipe function '${[program, ...words].join(' ')}' exited with error code ${status ?? signal}`,
    )
  const lines = stdout.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
