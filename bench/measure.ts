import type { Env, Reading } from './case.js'
import { median } from './statistics.js'

/** A full collection of the JavaScript heap: its time belongs to no run. */
export function collectGarbage(): void {
  ;(globalThis as { gc?: () => void }).gc?.()
}

/**
 * Runs a program again and again, by the rules of the yardsticks in peers/: two warm-ups at least and one second of
 * them, then five runs at least and three seconds of them, each after a full garbage collection.
 *
 * @param check what a result is; all runs must give the same
 */
export async function timed<T>(
  env: Env,
  run: () => Promise<T>,
  check: (result: T) => string | Promise<string> = String,
): Promise<Reading & { check: string }> {
  const warmUp = env.quick ? 300 : 1000
  const measure = env.quick ? 1000 : 3000
  for (let i = 0, start = performance.now(); i < 2 || (performance.now() - start < warmUp && i < 200); i++)
    await run()
  const times: number[] = []
  let known: string | undefined
  for (let i = 0, start = performance.now(); i < 5 || (performance.now() - start < measure && i < 101); i++) {
    collectGarbage()
    const begin = performance.now()
    const result = await run()
    times.push(performance.now() - begin)
    const is = await check(result)
    if (known !== undefined && known !== is)
      throw new Error(`one run gave ${known}, another ${is}: no figure for that`)
    known = is
  }
  return { values: { time: median(times), least: Math.min(...times), runs: times.length }, check: known! }
}
