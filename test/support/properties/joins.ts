import { ACTIONS, type Action, PARTITIONS } from './actions.js'
import { programs } from './program.js'
import { type Property, property } from './prove.js'
import { sameAsReference } from './same.js'
import { ALL_STEPS, type Step } from './steps.js'
import { sameStreams, streamPrograms } from './streams.js'

/* Both sides come from one list of pairs: those with small values, and those with greater ones as text. */
// biome-ignore lint/suspicious/noExplicitAny: an RDD or a DStream, the library's or the reference's
const few = (r: any): any => r.filter(([, x]: [unknown, number]) => x < 3)
// biome-ignore lint/suspicious/noExplicitAny: as above
const many = (r: any): any => r.filter(([, x]: [unknown, number]) => x > 0).mapValues((x: number) => `${x}`)

export const JOIN_STEPS: Step[] = [
  ['pair', 'any', (r, n) => few(r).join(many(r), n)],
  ['pair', 'any', (r, n) => few(r).leftOuterJoin(many(r), n)],
  ['pair', 'any', (r, n) => few(r).rightOuterJoin(many(r), n)],
  ['pair', 'any', (r, n) => few(r).fullOuterJoin(many(r), n)],
  ['pair', 'any', (r, n) => few(r).cogroup(many(r), n)],
]

const SET_STEPS: Step[] = [
  ['pair', 'any', r => few(r).groupWith(many(r), r)],
  ['pair', 'pair', (r, n) => r.subtractByKey(few(r), n)],
  ['pair', 'pair', (r, n) => r.subtract(few(r), n)],
  ['pair', 'pair', r => r.intersection(few(r))],
  [
    'number',
    'number',
    (r, n) =>
      r.subtract(
        r.map((x: number) => x + 1),
        n,
      ),
  ],
  ['number', 'number', r => r.intersection(r.map((x: number) => x + 1))],
]

const FOLD_STEPS: Step[] = [
  ['pair', 'pair', (r, n) => r.foldByKey(0.5, (a: number, b: number) => a + b, n)],
  [
    'pair',
    'any',
    (r, n) =>
      r.aggregateByKey(
        [],
        (xs: number[], x: number) => [...xs, x],
        (xs: number[], ys: number[]) => [...xs, 'and', ...ys],
        n,
      ),
  ],
  ['number', 'any', (r, n) => r.groupBy((x: number) => x % 2, n)],
  ['text', 'any', (r, n) => r.groupBy((x: string) => x.length, n)],
  ['pair', 'any', (r, n) => r.groupBy(([, x]: [unknown, number]) => x < 3, n)],
]

const holds = (name: string, steps: Step[], actions: Action[] = [PARTITIONS]): Property =>
  property(name, programs(['pair', 'number'], steps, actions), (program, { sc }) =>
    sameAsReference(sc, program),
  )

/** Where two RDDs, or two streams, meet. */
export const JOIN_PROPERTIES: Property[] = [
  holds('joins and cogroups', JOIN_STEPS),
  holds('groupWith, subtract and intersection', SET_STEPS),
  holds('aggregateByKey, foldByKey and groupBy', FOLD_STEPS),
]

/** The same among all other operators, and in streams. */
export const JOINING_PROPERTIES: Property[] = [
  holds(
    'joins and sets among all other operators',
    [...JOIN_STEPS, ...SET_STEPS, ...FOLD_STEPS, ...ALL_STEPS],
    [PARTITIONS, ...ACTIONS],
  ),
  sameStreams('streams are joined batch by batch', streamPrograms(['pair'], JOIN_STEPS)),
]
