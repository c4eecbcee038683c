import type { Context, MillraceError, RDD } from 'millrace'
import { ENGINE } from '../../src/api/rdd-core.js'
import type { Ways } from '../../src/worker/task.js'
import { asText, exactly } from './exactly.js'
import { evaluated } from './functions.js'
import { plainly, type Step } from './plainly.js'

const WAYS: readonly Ways[] = ['auto', 'fused', 'generic']

/** The functions of a test by their text: the same text is the same function, so that programs are found again. */
const functions = new Map<string, Function>()
const fnOf = (text: string): Function => {
  const fn = functions.get(text) ?? evaluated<Function>(text)
  functions.set(text, fn)
  return fn
}

/** A step's function where what it captures is in scope. */
const evaluate = ({ fn, captures = {} }: Step): ((...args: unknown[]) => unknown) =>
  evaluated<Function>(`(${Object.keys(captures).join(', ')}) => ${fn}`)(...Object.values(captures))

/**
 * Runs a program each way, and in plain JavaScript, and holds the results equal: the ways among each other in their order,
 * the plain ones without it, since that depends on the partitions of keys.
 */
export async function allWays(
  sc: Context,
  items: readonly unknown[],
  steps: readonly Step[],
  slices = 2,
): Promise<void> {
  const name = `${steps.map(({ op, fn = '' }) => `.${op}(${fn})`).join('')} of ${asText(items.slice(0, 8))}`
  const partitions = Array.from({ length: slices }, (_, i) =>
    items.slice(Math.floor((i * items.length) / slices), Math.floor(((i + 1) * items.length) / slices)),
  )
  const expected = plainly(partitions, steps, evaluate)
  // Of several partitions that fail, any may be the first.
  if (expected.errors.size > 0 && slices > 1) return allWays(sc, items, steps, 1)
  const source = sc.parallelize(items, slices)
  const results: unknown[] = []
  for (const ways of WAYS) {
    sc[ENGINE].ways = ways
    results.push(await run(source, steps).catch(failure))
    sc[ENGINE].ways = 'auto'
  }
  const [auto, fused, generic] = results
  exactly(fused, generic, `fused and generic differ: ${name}:`)
  exactly(auto, generic, `auto and generic differ: ${name}:`)
  if (generic instanceof Failure) {
    if (!expected.errors.has(generic.message))
      exactly(generic.message, [...expected.errors].join(' or ') || 'no error', name)
  } else {
    exactly([...expected.errors], [], `this should have failed: ${name}:`)
    const sorted = (records: unknown[]): string[] => records.map(asText).sort()
    exactly(
      sorted(generic as unknown[]),
      sorted(expected.records),
      `other than in plain JavaScript: ${name}:`,
    )
  }
}

/** What tells one failure from another. */
class Failure {
  readonly code: string
  readonly message: string
  readonly operator: string | undefined
  readonly record: string | undefined

  constructor(error: MillraceError) {
    this.code = error.code
    this.message = error.code === 'MILLRACE_TASK' ? (error.cause as Error).message : error.code
    this.operator = error.operator
    this.record = error.record
  }
}
const failure = (error: MillraceError): Failure => new Failure(error)

async function run(source: RDD<unknown>, steps: readonly Step[]): Promise<unknown> {
  let rdd = source
  for (const { op, fn, captures } of steps) {
    const f = (fn === undefined ? undefined : fnOf(fn)) as never
    const pairs = rdd as RDD<[unknown, unknown]>
    switch (op) {
      case 'reduceByKey':
        rdd = pairs.reduceByKey(f, undefined, captures)
        break
      case 'groupByKey':
        rdd = pairs.groupByKey()
        break
      case 'distinct':
        rdd = rdd.distinct()
        break
      case 'keys':
      case 'values':
        rdd = pairs[op]()
        break
      case 'count':
        return [await rdd.count()]
      case 'reduce':
        return [await rdd.reduce(f, captures)]
      default:
        rdd = (pairs as RDD<unknown>)[op as 'map'](f, captures)
    }
  }
  return rdd.collect()
}
