import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import path from 'node:path'
import { Context } from '../src/index.js'
import { BENCH } from './options.js'

/** What the figures were measured on, but no names of hosts or places. */
export async function machine(threads: number): Promise<string> {
  const sc = new Context({ threads })
  const { kernelsLine } = sc.info()
  await sc.stop()
  const all = cpus()
  return [
    `${all[0]?.model.trim() ?? 'unknown processor'}, ${all.length} processors, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `Node ${process.version} on ${process.platform}-${process.arch}, ${threads} worker threads`,
    kernelsLine,
  ].join('; ')
}

/** The peers' versions, as installed. */
export function peerVersions(): string {
  const names = ['rxjs', '@most/core', '@duckdb/node-api', 'nodejs-polars']
  return names
    .map(name => {
      const file = path.join(BENCH, 'peers/node_modules', name, 'package.json')
      return `${name} ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`
    })
    .join(', ')
}
