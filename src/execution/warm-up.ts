import { sourceNode } from '../plan/nodes.js'
import { reduceByKey, rowwise } from '../plan/operators.js'
import { cut, type Plan } from '../plan/stages.js'
import type { Engine } from './engine.js'
import { ItemsSource } from './sources/items-source.js'

/** Starts the workers and runs a small word count on them and inline, so that the first batch finds warm code. */
export async function warmUp(engine: Engine): Promise<void> {
  await engine.start()
  const lines = new ItemsSource(engine, ['warm up', 'the workers'], 2)
  try {
    const plan = wordCount(lines)
    ;(await engine.run(plan, { onWorkers: true })).release()
    ;(await engine.run(plan)).release()
  } finally {
    lines.drop()
  }
}

function wordCount(lines: ItemsSource): Plan {
  const given = (fn: Function) => ({ fn, captures: undefined, location: 'warm-up' })
  const words = rowwise(
    'flatMap',
    given((line: string) => line.split(' ')),
  )(sourceNode(lines))
  const pairs = rowwise(
    'map',
    given((word: string) => [word.toUpperCase(), 1]),
  )(words)
  return cut(
    reduceByKey(
      given((a: number, b: number) => a + b),
      2,
    )(pairs),
    { kind: 'collect', limit: undefined },
  )
}
