import fc from 'fast-check'
import { Context } from 'millrace'
import { ManualClock } from 'millrace/testing'
import { suite } from 'uvu'

/** Where a property runs its programs: one context for all of them, since threads take long to start. */
export interface Ground {
  sc: Context
  clock: ManualClock
}

/** What holds for every program of a kind. */
export interface Property {
  name: string
  holds: (ground: Ground) => fc.IAsyncProperty<unknown>
}

/** A property of the values of an arbitrary: the check throws for one that breaks it. */
export function property<T>(
  name: string,
  values: fc.Arbitrary<T>,
  check: (value: T, ground: Ground) => Promise<void>,
): Property {
  return { name, holds: ground => fc.asyncProperty(values, value => check(value, ground)) }
}

/**
 * A suite with each property as a test, always with the same programs; with MILLRACE_SEED, or in the deep tests, with others.
 * fast-check's report of a failure has the smallest program that fails, to be made a test of its own.
 */
export function prove(
  properties: readonly Property[],
  numRuns: number,
  seed: number = givenSeed(),
): { run: () => void } {
  const test = suite('properties')
  const clock = new ManualClock()
  const sc = new Context({ threads: 2, memory: '128MiB', clock })
  for (const { name, holds } of properties)
    test(`${name}: ${numRuns} programs`, () =>
      fc.assert(holds({ sc, clock }), { numRuns, seed, includeErrorInReport: true }))
  test('the context stops', () => sc.stop())
  return test
}

const givenSeed = (): number => Number(process.env.MILLRACE_SEED ?? 1)

/** How many programs a property gets in the test command. */
export const RUNS = 200
/** How many in the deep tests, and from where: another place each time. fast-check reports it. */
export const DEEP_RUNS: [runs: number, seed: number] = [5000, Date.now() | 0]
