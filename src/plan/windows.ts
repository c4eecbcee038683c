import { UsersFunction } from '../functions/captures.js'
import { foldOf, isDifference, isSum } from '../functions/folds.js'
import { type Meaning, NotUnderstood } from '../functions/meaning.js'
import { readFunction, type UserFunction } from '../functions/user-function.js'
import { exchangeNode, type Node, narrowNode, unionNode } from './nodes.js'
import { type Given, reduceByKey, rowwise, type Transform } from './operators.js'
import type { Exchange } from './ops.js'

/**
 * Reductions over windows. A slice is one batch of the parent, reduced by key. A state is what a window with an inverse
 * remembers of each key: `[key, [value, slices]]`, the number of slices of the window that have the key.
 */

const field = (of: Meaning, name: number): Meaning => ({ kind: 'field', of, name })
const KEY = field({ kind: 'input' }, 0)
const VALUE = field({ kind: 'input' }, 1)

const project = (label: string, meaning: Meaning): Transform => {
  const op = { kind: 'project' as const, label, meaning }
  return node => narrowNode(node, op)
}

const counted = (slices: number): Transform =>
  project(`[k, v] => [k, [v, ${slices}]]`, {
    kind: 'tuple',
    items: [KEY, { kind: 'tuple', items: [VALUE, { kind: 'const', value: slices }] }],
  })

const entering = counted(1)
const leaving = counted(-1)

/** The pairs of a state as they are shown. */
export const shown: Transform = project('[k, [v, slices]] => [k, v]', {
  kind: 'tuple',
  items: [KEY, field(VALUE, 0)],
})

/** The values of a state. */
export interface StateValues {
  /** All are numbers. */
  numbers: boolean
  /** None has been rounded on the way, as far as can be told: taking away leaves nothing behind. */
  exact: boolean
}

/** The state of the next window: of a state, the slices that leave, and those that enter. */
export type Slide = (
  state: Node | undefined,
  old: readonly Node[],
  fresh: readonly Node[],
  values?: StateValues,
) => Node

/**
 * Takes the oldest slices away with the inverse, then adds the newest. A key is left out exactly when no slice of the window
 * has it; one that has gone and comes again begins anew, so that nothing of a former rounding error stays.
 */
export function slide(reduce: Given, inverse: Given, parts: number): Slide {
  const captures = { $reduce: new UsersFunction(reduce), $inverse: new UsersFunction(inverse) }
  const update = reduceByKey(
    {
      fn: ([value, slices]: [unknown, number], [other, change]: [unknown, number]): unknown => {
        if (change < 0) return [$inverse(value, other), slices + change]
        return slices === 0 ? [other, change] : [$reduce(value, other), slices + change]
      },
      captures,
      location: reduce.location,
      shows: 0,
    },
    parts,
    'reduceByKeyAndWindow',
  )
  const present = rowwise('filter', {
    fn: (state: [unknown, [unknown, number]]) => state[1][1] > 0,
    captures: undefined,
    location: reduce.location,
  })
  const inAll = (state: Node | undefined): Node[] => (state === undefined ? [] : [state])
  const generally: Slide = (state, old, fresh) =>
    present(update(unionNode([...inAll(state), ...old.map(leaving), ...fresh.map(entering)])))

  const read = ({ fn, captures, location }: Given): UserFunction => readFunction(fn, captures, location)
  const fold = foldOf(read(reduce))
  if (fold instanceof NotUnderstood || !isSum(fold) || !isDifference(read(inverse))) return generally

  // Sums of numbers: adding the negative is taking away, to the bit, and a kernel does it.
  const sum = readFunction(
    (a: [number, number], b: [number, number]) => [a[0] + b[0], a[1] + b[1]],
    undefined,
    reduce.location,
  )
  const sums = foldOf(sum)
  if (sums instanceof NotUnderstood) return generally
  const sliding = (exact: boolean): Exchange<UserFunction> => ({
    kind: 'key',
    label: 'reduceByKeyAndWindow',
    parts,
    combine: { kind: 'slide', fn: sum, fold: sums, exact },
    partitioner: undefined,
  })
  const [exactly, roundedly] = [sliding(true), sliding(false)]
  return (state, old, fresh, values) => {
    if (values === undefined || !values.numbers) return generally(state, old, fresh)
    const sides = [unionNode(inAll(state)), unionNode(old), unionNode(fresh)]
    return exchangeNode(sides, values.exact ? exactly : roundedly)
  }
}

// Names of captures, known where the function above runs.
declare const $reduce: (a: unknown, b: unknown) => unknown
declare const $inverse: (a: unknown, b: unknown) => unknown
