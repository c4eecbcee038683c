import type { UserFunction } from '../functions/user-function.js'
import { explainExchange, received, toPartitions } from './explain-exchange.js'
import { type Explained, explainOps, type Line, sameType } from './explain-operator.js'
import type { RecordType } from './source.js'
import { UNKNOWN } from './source.js'
import type { Branch, Input, Plan, Stage } from './stages.js'

/** What the words for the ways mean. */
const WAYS: Record<string, string> = {
  native: 'kernels over columns; no JavaScript value is made for a record',
  fused: 'your functions, in one loop that is generated for them and the types of the records',
  generic: 'your functions, over whole partitions of JavaScript values',
}

/** An explanation, and under it the meaning of the words that it uses. */
export function withLegend(text: string): string {
  const used = Object.keys(WAYS).filter(way => new RegExp(`\\b${way}\\b`).test(text))
  const legend = used.map(way => `${way.padEnd(8)} ${WAYS[way]}\n`).join('')
  return legend === '' ? text : `${text}\n${legend}`
}

/**
 * A plan as text: its stages, and for each function the way it runs and, where that is not native, the construct that
 * stopped it. Ways are told from what is known of the records; where that is not enough, the line says what it depends on.
 */
export function explainPlan(plan: Plan, partitions: readonly (number | undefined)[]): string {
  const outputs: RecordType[] = []
  const stages = plan.stages.map((stage, s) => {
    const { text, type } = explainStage(stage, outputs, partitions[s])
    outputs.push(type)
    return `Stage ${s + 1}  ${text}`
  })
  return `${stages.join('\n')}\n`
}

function explainStage(
  stage: Stage<UserFunction>,
  outputs: RecordType[],
  partitions: number | undefined,
): { text: string; type: RecordType } {
  const tasks = partitions === undefined ? '' : `  (${partitions} partition${partitions === 1 ? '' : 's'})`
  const parts: string[] = []
  let type: RecordType | undefined
  let sinkLine: Line | undefined
  stage.branches.forEach((branch, b) => {
    const { lines, type: out } = explainBranch(branch, outputs)
    const after =
      stage.sink.kind === 'exchange'
        ? explainExchange(stage.sink.exchange, out, toPartitions(stage.sink.exchange))
        : { line: undefined, type: out }
    sinkLine = after.line ?? sinkLine
    type = type === undefined || sameType(type, after.type) ? after.type : UNKNOWN
    const from = branch.input.kind === 'source' ? branch.input.source.label : reads(branch.input)
    parts.push(`${b === 0 ? '' : '   and  '}${from}${b === 0 ? tasks : ''}`, ...table(lines))
  })
  if (sinkLine !== undefined) parts.push(...table([sinkLine]))
  return { text: parts.length === 0 ? 'nothing' : parts.join('\n'), type: type ?? UNKNOWN }
}

/** What comes through an exchange, and what the reading side does with it. */
function reads({ exchange, sides }: Input<UserFunction> & { kind: 'exchange' }): string {
  const from = sides.map(side =>
    side.kind === 'sent'
      ? `stage ${side.stage + 1}`
      : side.runs.flatMap(run => run.sources.map(source => source.label)).join(' + ') || 'nothing',
  )
  const inPlace = sides.some(side => side.kind === 'aligned') ? ', in its partitions' : ''
  return `from ${from.join(', ')}${inPlace}${received(exchange)}`
}

function table(lines: Line[]): string[] {
  return lines.map(({ operator, way }) => `  ${operator.padEnd(44)} ${way}`)
}

function explainBranch({ input, ops }: Branch<UserFunction>, outputs: RecordType[]): Explained {
  if (input.kind === 'source') return explainOps(ops, { lines: [], type: input.source.recordType })
  return explainOps(ops, explainReading(input, outputs))
}

/** What is done to records that are taken where they lie; to others it was done in the stage that sent them. */
function explainReading(
  { exchange, sides }: Input<UserFunction> & { kind: 'exchange' },
  outputs: RecordType[],
): Explained {
  const explained = sides.map((side): Explained => {
    if (side.kind === 'sent') return { lines: [], type: outputs[side.stage]! }
    const runs = side.runs.map(({ ops, sources }) =>
      explainOps(ops, { lines: [], type: sources[0]!.recordType }),
    )
    return { lines: runs.flatMap(run => run.lines), type: runs[0]?.type ?? UNKNOWN }
  })
  const lines = explained.flatMap(side => side.lines)
  if (sides.some(side => side.kind === 'sent')) return { lines, type: explained[0]!.type }
  const { line, type } = explainExchange(exchange, explained[0]!.type, '')
  return { lines: [...lines, line], type }
}
