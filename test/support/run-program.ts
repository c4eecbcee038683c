import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** The package as a program imports it. */
export const MILLRACE: string = import.meta.resolve('millrace')

/** Runs a program in a process of its own, with these flags of Node, until that ends by itself; gives what it printed. */
export async function runProgram(program: string, flags: readonly string[] = []): Promise<string> {
  const source = `import { Context, StreamingContext } from '${MILLRACE}'\n${program}`
  const child = spawn(process.execPath, [...flags, '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  const [code, signal] = await once(child, 'close')
  return code === 0 ? output.trim() : `${output}ended with ${code ?? signal}`
}
