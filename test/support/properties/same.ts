import type { Context, RDD } from 'millrace'
import { asWholeText, exactly } from '../exactly.js'
import { ReferenceRDD } from '../reference/rdd.js'
import { onWorkers } from '../with-context.js'
import type { Program } from './program.js'

/** The result as text, Maps without their order; or the code of the error. */
export async function outcome(run: () => unknown): Promise<string> {
  try {
    const result = await run()
    return result instanceof Map ? [...result].map(asWholeText).sort().join('\n') : asWholeText(result)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'MILLRACE_EMPTY') return code
    throw error
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the type of the records changes at every step
function build({ steps }: Program, source: any, slow: (i: number) => boolean = () => false): any {
  let rdd = slow(-1) ? onWorkers(source) : source
  for (const [i, { call, n }] of steps.entries()) {
    rdd = call(rdd, n, rdd)
    if (slow(i)) rdd = onWorkers(rdd as RDD<unknown>)
  }
  return rdd
}

/**
 * Holds what millrace gives for a program equal to what the reference gives, to the bit.
 *
 * @param slow after which steps (-1 is the source) the records come from the workers; default: none
 */
export async function sameAsReference(
  sc: Context,
  program: Program,
  slow?: (i: number) => boolean,
): Promise<void> {
  const { items, slices, action } = program
  const expected = await outcome(() => action(build(program, ReferenceRDD.slices(items, slices))))
  const received = await outcome(() => action(build(program, sc.parallelize(items, slices), slow)))
  if (received !== expected) exactly(received, expected)
}
