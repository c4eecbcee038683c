import fc from 'fast-check'
import { asText } from '../exactly.js'
import type { Action } from './actions.js'
import { type Kind, listOf } from './records.js'
import type { Call, Step } from './steps.js'

/** A program: records in slices, steps with their numbers of partitions, and an action. Shown by its text. */
export interface Program {
  items: unknown[]
  slices: number
  steps: { call: Call; n: number }[]
  action: Action[1]
  [fc.toStringMethod]: () => string
}

const fits = (from: Kind, kind: Kind): boolean => from === 'any' || from === kind

/** The kind of the records after a step. */
export const after = (kind: Kind, [from, to]: Step): Kind => (from === 'any' && to === 'any' ? kind : to)

/** Any choice of steps that take what those before them give; shrinks to fewer of them, and to earlier ones of the list. */
export function chosen(
  kind: Kind,
  steps: readonly Step[],
  choices: readonly [choice: number, n: number][],
): { steps: Program['steps']; kind: Kind } {
  const made: Program['steps'] = []
  let at = kind
  for (const [choice, n] of choices) {
    const fitting = steps.filter(([from]) => fits(from, at))
    if (fitting.length === 0) continue
    const step = fitting[choice % fitting.length]!
    made.push({ call: step[2], n })
    at = after(at, step)
  }
  return { steps: made, kind: at }
}

export const CHOICES: fc.Arbitrary<[number, number][]> = fc.array(
  fc.tuple(fc.nat({ max: 999 }), fc.integer({ min: 1, max: 4 })),
  { maxLength: 5 },
)

/** Programs over records of these kinds, of these steps, ending in one of these actions. */
export function programs(
  kinds: readonly Kind[],
  steps: readonly Step[],
  actions: readonly Action[],
): fc.Arbitrary<Program> {
  return fc.constantFrom(...kinds).chain(kind =>
    fc
      .record({
        items: listOf(kind),
        slices: fc.integer({ min: 1, max: 4 }),
        choices: CHOICES,
        choice: fc.nat({ max: 999 }),
      })
      .map(({ items, slices, choices, choice }) => {
        const made = chosen(kind, steps, choices)
        const fitting = actions.filter(([from]) => fits(from, made.kind))
        const [, action] = fitting[choice % fitting.length] ?? actions[0]!
        return {
          items,
          slices,
          steps: made.steps,
          action,
          [fc.toStringMethod]: () =>
            `${asText(items)} in ${slices}${made.steps.map(s => `\n  ${textOf(s)}`).join('')}\n  ${action}`,
        }
      }),
  )
}

export const textOf = ({ call, n }: { call: Call; n: number }): string =>
  call.toString().replaceAll(/\bn\b/g, String(n))
