import { writeFileSync } from 'node:fs'
import type { Case, Env } from './case.js'
import { cases } from './cases/index.js'
import { machine, peerVersions } from './machine.js'
import { makeInputs } from './make-inputs.js'
import { type Options, parseOptions, USAGE } from './options.js'
import { compileLimit, installPeers, type Program, programsOf } from './programs.js'
import { differing, measure, type Result } from './rounds.js'
import { caseTable, verdictTable } from './table.js'
import { judge, subjectOf } from './targets.js'

/**
 * Measures the cases and prints their tables as Markdown; what it is doing goes to the standard error. Ends with 1
 * when a figure failed or computed something else, never because of a target: times depend on the machine's mood.
 */
async function main(options: Options): Promise<void> {
  const chosen = choose(options.only)
  if (options.list) {
    for (const c of chosen) console.log(`${c.name.padEnd(18)} ${c.title}`)
    return
  }
  say('inputs')
  makeInputs(options.data, new Set(chosen.flatMap(c => c.inputs ?? [])), options.text)
  const limit = chosen.some(c => c.limit !== undefined) ? await limitProgram(options) : undefined
  if (options.peers) {
    say('installing peers')
    await installPeers()
  }

  console.log(`${await machine(options.threads)}.`)
  if (options.peers) console.log(`Peers: ${peerVersions()}.`)
  const env: Env = { data: options.data, threads: options.threads, quick: options.quick }
  const results: Result[] = []
  for (const c of chosen) {
    const programs = programsOf(c, env, limit, options.peers)
    results.push(await measure(c, options.quick ? needed(c, programs) : programs, options.rounds, say))
    say('')
    console.log(`\n${caseTable(results.at(-1)!)}`)
  }
  console.log(`\n### Targets\n\n${verdictTable(results.flatMap(judge))}`)
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(results.map(toData), null, 1))
  if (results.some(r => differing(r).length > 0 || r.series.some(s => s.failed !== undefined)))
    process.exitCode = 1
}

const toData = ({ case: c, series, others }: Result): object => ({ case: c.name, series, others })

function choose(only: readonly string[] | undefined): readonly Case[] {
  if (only === undefined) return cases
  return only.map(name => {
    const found = cases.find(c => c.name.toLowerCase() === name.toLowerCase())
    if (found === undefined)
      throw new Error(`there is no case '${name}': the cases are ${cases.map(c => c.name).join(', ')}`)
    return found
  })
}

async function limitProgram(options: Options): Promise<string | undefined> {
  say('compiling the limit')
  try {
    return await compileLimit(options.data)
  } catch (error) {
    say('')
    console.log(`Without the limit, which does not compile here: ${(error as Error).message}\n`)
    return undefined
  }
}

/** The programs without which no target can be judged. */
function needed(c: Case, programs: readonly Program[]): Program[] {
  const figures = new Set([subjectOf(c), ...(c.targets ?? []).map(target => target.of)])
  return programs.filter(p => p.figures.some(figure => figures.has(figure)))
}

/** One line that the next one replaces, on a terminal only. */
function say(doing: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${doing}`)
}

try {
  await main(parseOptions(process.argv.slice(2)))
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`)
  process.exitCode = 2
}
