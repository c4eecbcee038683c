import { spawn } from 'node:child_process'

/** Longer than any figure takes; a process that takes longer hangs. */
const LIMIT_MS = 15 * 60 * 1000

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to its standard output
 * @throws an Error with the line of its standard error that tells most
 */
export function output(
  command: string,
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
    })
    let out = ''
    let err = ''
    child.stdout.on('data', chunk => (out += chunk))
    child.stderr.on('data', chunk => (err += chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out)
      else reject(new Error(`${reason(err)} (${signal ?? `exit status ${code}`})`))
    })
  })
}

function reason(err: string): string {
  const lines = err.split('\n').filter(line => line.trim() !== '')
  return (
    lines.find(line => /^\S*Error\b/.test(line)) ??
    lines.find(line => /error/i.test(line)) ??
    lines.at(-1) ??
    'it failed'
  ).trim()
}

/** The lines of a program's output, each a JSON value. */
export function jsonLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as T)
}
