import { inspect } from 'node:util'

/** An operator of an RDD and its function as source text. */
export interface Step {
  op:
    | 'map'
    | 'filter'
    | 'flatMap'
    | 'keyBy'
    | 'mapValues'
    | 'flatMapValues'
    | 'mapPartitions'
    | 'keys'
    | 'values'
    | 'distinct'
    | 'reduceByKey'
    | 'groupByKey'
    | 'reduce'
    | 'count'
  fn?: string
  captures?: Record<string, unknown>
}

/** What a program gives: its records, or the texts of all errors it may end with; the code for an error of millrace. */
export interface Outcome {
  records: unknown[]
  errors: Set<string>
}

type Fn = (...args: unknown[]) => unknown

/**
 * A program in the plainest JavaScript: arrays, one for each partition, and the functions as they stand. Records that
 * throw are left out and their errors kept, since which of several is met first is not said.
 */
export function plainly(
  partitions: unknown[][],
  steps: readonly Step[],
  evaluate: (step: Step) => Fn,
): Outcome {
  const errors = new Set<string>()
  let parts = partitions
  for (const step of steps) {
    const fn = step.fn === undefined ? undefined : evaluate(step)
    parts = apply(parts, step.op, fn as Fn, errors)
  }
  return { records: parts.flat(), errors }
}

function apply(parts: unknown[][], op: Step['op'], fn: Fn, errors: Set<string>): unknown[][] {
  const guarded = <R>(run: () => R[]): R[] => {
    try {
      return run()
    } catch (error) {
      errors.add(error instanceof Error ? error.message : inspect(error))
      return []
    }
  }
  const each = (f: (x: unknown) => unknown[]): unknown[][] =>
    parts.map(part => part.flatMap(x => guarded(() => f(x))))
  const pair = (x: unknown): [unknown, unknown] => {
    if (!Array.isArray(x) || x.length < 2) throw new Error('MILLRACE_VALUE')
    return x as [unknown, unknown]
  }
  switch (op) {
    case 'map':
      return each(x => [fn(x)])
    case 'filter':
      return each(x => (fn(x) ? [x] : []))
    case 'flatMap':
      return each(x => items(fn(x)))
    case 'keyBy':
      return each(x => [[fn(x), x]])
    case 'mapValues':
      return each(x => [[pair(x)[0], fn(pair(x)[1])]])
    case 'flatMapValues':
      return each(x => items(fn(pair(x)[1])).map(v => [pair(x)[0], v]))
    case 'keys':
      return each(x => [Array.isArray(x) && x.length > 0 ? x[0] : pair(x)])
    case 'values':
      return each(x => [pair(x)[1]])
    case 'mapPartitions':
      return parts.map(part => guarded(() => [...(fn(part.values()) as Iterable<unknown>)]))
    case 'count':
      return [[parts.flat().length]]
    case 'distinct':
      return [
        byKey(
          parts,
          x => [x, x],
          () => undefined,
          guarded,
        ).map(([key]) => key),
      ]
    case 'groupByKey': {
      const lists = parts.map(part => part.map(x => [pair(x)[0], [pair(x)[1]]]))
      return [
        byKey(
          lists,
          x => x as [unknown, unknown],
          (a, b) => [...(a as []), ...(b as [])],
          guarded,
        ),
      ]
    }
    case 'reduceByKey':
      return [byKey(parts, pair, fn, guarded)]
    case 'reduce': {
      const firsts = parts
        .filter(part => part.length > 0)
        .map(part => guarded(() => [part.reduce((a, b) => fn(a, b))]))
      return [firsts.some(f => f.length > 0) ? guarded(() => [firsts.flat().reduce((a, b) => fn(a, b))]) : []]
    }
  }
}

function items(value: unknown): unknown[] {
  if (typeof (value as Iterable<unknown> | null | undefined)?.[Symbol.iterator] !== 'function')
    throw new Error('MILLRACE_VALUE')
  return [...(value as Iterable<unknown>)]
}

/** The values of each key, combined within each partition, then the results of the partitions in their order. */
function byKey(
  parts: unknown[][],
  pair: (x: unknown) => [unknown, unknown],
  fn: Fn,
  guarded: <R>(run: () => R[]) => R[],
): [unknown, unknown][] {
  const combine = (pairs: [unknown, unknown][]): [unknown, unknown][] => {
    const found = new Map<string, [unknown, unknown]>()
    for (const [key, value] of pairs) {
      const name = keyText(key)
      const known = found.get(name)
      if (known === undefined) found.set(name, [key, value])
      else guarded(() => [(known[1] = fn(known[1], value))])
    }
    return [...found.values()]
  }
  return combine(parts.flatMap(part => combine(part.flatMap(x => guarded(() => [pair(x)])))))
}

/** Equal for equal keys: -0 is 0, NaN is NaN, objects whatever the order of their properties; 1 is not '1'. */
export function keyText(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key)
  if (typeof key !== 'object' || key === null) return `${typeof key} ${Object.is(key, -0) ? 0 : String(key)}`
  if (Array.isArray(key)) return `[${Array.from(key, keyText).join()}]`
  if (Object.getPrototypeOf(key) === Object.prototype) {
    const names = Object.keys(key).sort()
    return `{${names.map(name => `${JSON.stringify(name)}:${keyText((key as Record<string, unknown>)[name])}`).join()}}`
  }
  throw new Error('a key of another kind')
}
