import { type Node, sourceNode } from '../plan/nodes.js'
import { reduceByKey, rowwise } from '../plan/operators.js'
import type { Engine } from './engine.js'
import { ItemsSource } from './sources/items-source.js'

/** Starts the workers and runs a small word count on them and inline, so that the first batch finds warm code. */
export async function warmUp(engine: Engine): Promise<void> {
  await engine.start()
  const lines = new ItemsSource(engine, ['warm up', 'the workers'], 2)
  try {
    const counts = wordCount(lines)
    ;(await engine.run(counts, undefined, { onWorkers: true })).release()
    ;(await engine.run(counts)).release()
  } finally {
    lines.drop()
  }
}

function wordCount(lines: ItemsSource): Node {
  const given = (fn: Function) => ({ fn, captures: undefined, location: 'warm-up' })
  const words = rowwise(
    'flatMap',
    given((line: string) => line.split(' ')),
  )(sourceNode(lines))
  const pairs = rowwise(
    'map',
    given((word: string) => [word.toUpperCase(), 1]),
  )(words)
  return reduceByKey(
    given((a: number, b: number) => a + b),
    2,
  )(pairs)
}
