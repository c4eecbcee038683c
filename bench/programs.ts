import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Case, Env, Reading } from './case.js'
import { jsonLines, output } from './command.js'
import { BENCH } from './options.js'

const PEERS = path.join(BENCH, 'peers')
const FIGURE = fileURLToPath(new URL('./figure.js', import.meta.url))

/** A program to start in a process of its own, and the figures that it measures in one go. */
export interface Program {
  figures: readonly string[]
  run(): Promise<Map<string, Reading>>
}

/** The line that the programs in peers/ print. */
interface Line {
  workload: string
  impl: string
  median_ms: number
  min_ms: number
  p99_ms?: number
  check: string
  failed?: string | number
}

/**
 * The programs of a case, this package's first.
 *
 * @param limit the compiled limit, if there is one
 */
export function programsOf(c: Case, env: Env, limit: string | undefined, peers: boolean): Program[] {
  const workload = c.workload ?? c.name
  const ours = Object.keys(c.figures).map(figure => ({
    figures: [figure],
    run: async () => {
      const args = ['--expose-gc', FIGURE, c.name, figure, JSON.stringify(env)]
      return new Map([[figure, jsonLines<Reading>(await output(process.execPath, args))[0]!]])
    },
  }))
  const script = (name: string) => (impl: string) => ({
    figures: [impl],
    run: async () => {
      const args = [path.join(PEERS, name), workload, `impl=${impl}`]
      return readings(await output(process.execPath, args, { env: { DATA: env.data } }), workload)
    },
  })
  return [
    ...ours,
    ...(c.limit === undefined || limit === undefined ? [] : [limitOf(c.limit, limit, workload, env)]),
    ...(c.loops ?? []).map(script('run-js.mjs')),
    ...(peers ? (c.packages ?? []).map(script('run-js.mjs')) : []),
    ...(peers ? (c.engines ?? []).map(script('run-columnar.mjs')) : []),
  ]
}

function limitOf(which: NonNullable<Case['limit']>, limit: string, workload: string, env: Env): Program {
  return {
    figures: which.figures,
    run: async () =>
      readings(await output(limit, [env.data, which.program, `threads=${env.threads}`]), workload),
  }
}

function readings(text: string, workload: string): Map<string, Reading> {
  const lines = jsonLines<Line>(text).filter(line => line.workload === workload)
  return new Map(
    lines.map(line => {
      if (line.failed !== undefined) throw new Error(String(line.failed))
      const values: Record<string, number> =
        line.p99_ms === undefined
          ? { time: line.median_ms, least: line.min_ms }
          : { p50: line.median_ms, p99: line.p99_ms }
      return [line.impl, { values, check: line.check }]
    }),
  )
}

/**
 * Compiles the limit for this very machine.
 *
 * @throws an Error where there is no compiler, or not of this kind of machine
 */
export async function compileLimit(directory: string): Promise<string> {
  const source = path.join(PEERS, 'limit.cc')
  const program = path.join(directory, 'limit')
  if (existsSync(program) && statSync(program).mtimeMs > statSync(source).mtimeMs) return program
  const flags = ['-O3', '-march=native', '-std=c++17', '-pthread']
  await output(process.env.CXX ?? 'g++', [...flags, source, '-o', program, '-lmvec', '-lm'])
  return program
}

/**
 * Installs the packages that bench/peers/package.json names, there and nowhere else. npm leaves out the native part of
 * Polars where it is optional, so it is not; `--force` keeps that from ending the installation on another platform.
 */
export async function installPeers(): Promise<void> {
  const flags = ['--force', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  await output('npm', ['install', ...flags], { cwd: PEERS })
}
