import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The compiled sources. */
const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..')
/** A program that says nothing for so long hangs. */
const PATIENCE_MS = 60_000

/** A program of this repository in a process of its own. */
export class Program {
  /** What it has written to its standard output, and to its error output. */
  out = ''
  err = ''
  readonly #child: ChildProcess
  readonly #exited: Promise<number | string>

  /** @param file below dist/, such as `examples/main.js`, or a whole path */
  constructor(file: string, args: string[] = [], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [path.resolve(dist, file), ...args], {
      env: { ...process.env, TZ: 'UTC', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    })
    child.stdout.setEncoding('utf8').on('data', text => {
      this.out += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      this.err += text
    })
    this.#child = child
    this.#exited = once(child, 'close').then(([code, signal]) => signal ?? code)
  }

  /** Its exit code, or the name of the signal that ended it; all output is there. */
  ended(): Promise<number | string> {
    return this.#exited
  }

  /** Waits until its standard output matches. @throws an Error with all output when it ends without */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    const over = this.#exited.then(() => true)
    for (;;) {
      const match = pattern.exec(this.out)
      if (match) return match
      if ((await Promise.race([over, once(this.#child.stdout!, 'data')])) === true && !pattern.test(this.out))
        throw new Error(`it ended without printing ${pattern}:\n${this.out}\n${this.err}`)
    }
  }

  /** What Ctrl-C does. */
  interrupt(): void {
    this.#child.kill('SIGINT')
  }

  /** Ends it, if it has not ended by itself. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }
}

/** Runs a program to its end. @throws an Error with its output unless it ends with exit code 0 */
export async function output(file: string, args: string[] = []): Promise<string> {
  const program = new Program(file, args)
  const code = await program.ended()
  if (code !== 0) throw new Error(`${file} ended with ${code}:\n${program.out}\n${program.err}`)
  return program.out
}

/** The records of each block that pprint printed, and its seconds since the first one. */
export function blocks(out: string): { second: number; records: string[] }[] {
  const found = [...out.matchAll(/^-{43}\nTime: (.+)\n-{43}\n((?:.+\n)*)\n/gm)]
  const time = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`) / 1000
  return found.map(([, at, records]) => ({
    second: time(at!) - time(found[0]![1]!),
    records: records!.split('\n').slice(0, -1),
  }))
}
