import fc from 'fast-check'
import { ACTIONS, COUNTS, PARTITIONS } from './actions.js'
import { type Program, programs } from './program.js'
import { type Property, property } from './prove.js'
import type { Kind } from './records.js'
import { sameAsReference } from './same.js'
import { ALL_STEPS, KEY_STEPS, ROW_STEPS, SHAPE_STEPS } from './steps.js'

const ALL: Kind[] = ['number', 'text', 'pair', 'mix', 'loose', 'any']

const same = (name: string, values: fc.Arbitrary<Program>): Property =>
  property(name, values, (program, { sc }) => sameAsReference(sc, program))

/** RDDs, on the driver's own thread. */
export const RDD_PROPERTIES: Property[] = [
  same('operators that go row by row keep order and partitions', programs(ALL, ROW_STEPS, [PARTITIONS])),
  same('values are combined by key in their order', programs(['pair', 'loose'], KEY_STEPS, [PARTITIONS])),
  same('records go where their partitions are', programs(ALL, SHAPE_STEPS, [PARTITIONS])),
  same('chains of all operators', programs(ALL, ALL_STEPS, [PARTITIONS])),
  same('actions', programs(ALL, ALL_STEPS, ACTIONS)),
  same('counts by value and by key', programs(ALL, ALL_STEPS, COUNTS)),
]

/** The same RDDs on the workers, which begin at random places of the program. */
export const WORKER_PROPERTIES: Property[] = [
  property(
    'a program gives the same on the workers',
    fc.tuple(programs(ALL, ALL_STEPS, [PARTITIONS, ...ACTIONS]), fc.array(fc.boolean(), { maxLength: 6 })),
    ([program, slow], { sc }) => sameAsReference(sc, program, i => slow[i + 1] ?? false),
  ),
]
