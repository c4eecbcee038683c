import path from 'node:path'
import { Context, type RDD } from '../../src/index.js'
import type { Case, Env, Reading } from '../case.js'
import { timed } from '../measure.js'

/** The program of W1. */
export function wordCounts(sc: Context, file: string): RDD<[string, number]> {
  return sc
    .textFile(file)
    .flatMap(l => l.split(' '))
    .map(w => [w, 1])
    .reduceByKey((a, b) => a + b)
}

export const textOf = (env: Env): string => path.join(env.data, 'w1.txt')

/** Reads, cuts and counts; the file is read in every run, which the yardsticks do before theirs. */
export async function countWords(env: Env, native: 'auto' | 'off'): Promise<Reading> {
  const sc = new Context({ threads: env.threads, native })
  try {
    const file = textOf(env)
    const reading = await timed(env, () => wordCounts(sc, file).count())
    const counts = new Map(await wordCounts(sc, file).collect())
    if (counts.size !== Number(reading.check))
      throw new Error(`${reading.check} words counted, ${counts.size} collected`)
    // The yardsticks know no empty word; split(' ') makes one between two spaces.
    counts.delete('')
    const words = [...counts.values()].reduce((n, count) => n + count, 0)
    return { ...reading, check: `${counts.size}:${words}` }
  } finally {
    await sc.stop()
  }
}

export const w1: Case = {
  name: 'W1',
  title: 'count the words of a text file, by any word',
  inputs: ['w1.txt'],
  figures: { millrace: env => countWords(env, 'auto') },
  limit: { program: 'w1', figures: ['L'] },
  loops: ['N2', 'N1'],
  packages: ['Rx', 'M'],
  engines: ['ND', 'NP'],
  targets: [
    { of: 'L', atMost: 4 },
    { of: 'N2', atMost: 0.5 },
  ],
}

export const nativeOff: Case = {
  name: 'native-off',
  title: "W1 with the JavaScript kernels only (native: 'off')",
  workload: 'W1',
  inputs: ['w1.txt'],
  figures: { 'JS kernels': env => countWords(env, 'off'), 'native kernels': env => countWords(env, 'auto') },
  subject: 'JS kernels',
  loops: ['N2'],
  targets: [{ of: 'N2', atMost: 3 }],
}
