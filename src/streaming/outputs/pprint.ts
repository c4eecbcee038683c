import { inspect } from 'node:util'
import { printedRecord } from '../../core/record-text.js'
import { firstRecords } from '../../execution/actions.js'
import type { Engine } from '../../execution/engine.js'
import type { Node } from '../../plan/nodes.js'

const RULE = '-------------------------------------------'

/** Prints the first records of a batch as PySpark does: a header with the time, a line a record, an empty line. */
export async function pprint(engine: Engine, node: Node, time: number, num: number): Promise<void> {
  await printBlock(engine, node, time, num, printedRecord)
}

/** The same block with records as Node's console shows them. */
export async function print(engine: Engine, node: Node, time: number, num: number): Promise<void> {
  await printBlock(engine, node, time, num, record => (typeof record === 'string' ? record : inspect(record)))
}

async function printBlock(
  engine: Engine,
  node: Node,
  time: number,
  num: number,
  show: (record: unknown) => string,
): Promise<void> {
  const records = await firstRecords(engine, node, num + 1)
  const lines = records.slice(0, num).map(show)
  if (records.length > num) lines.push('...')
  process.stdout.write(`${[RULE, `Time: ${batchTime(time)}`, RULE, ...lines].join('\n')}\n\n`)
}

/** Local time, as Python prints a datetime: microseconds only where the second is not whole. */
function batchTime(time: number): string {
  const date = new Date(time)
  const two = (n: number): string => String(n).padStart(2, '0')
  const ms = date.getMilliseconds()
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}000`}`
}
