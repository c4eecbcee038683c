import type { Property } from './prove.js'
import type { Kind } from './records.js'
import { ALL_STEPS, type Step } from './steps.js'
import { sameStreams, streamPrograms } from './streams.js'

const ALL: Kind[] = ['number', 'text', 'pair', 'mix', 'loose', 'any']

/** What a stream alone has: one result for each batch. */
const BATCH_STEPS: Step[] = [
  ['any', 'number', r => r.count()],
  ['number', 'number', r => r.reduce((a: number, b: number) => a + b)],
  ['text', 'text', r => r.reduce((a: string, b: string) => a + b)],
  ['any', 'pair', (r, n) => r.countByValue(n)],
  ['any', 'any', r => r.transform((rdd: { filter: Function }) => rdd.filter((x: unknown) => x !== ''))],
  ['any', 'any', (r, _, again) => r.transformWith(again, (a: { union: Function }, b: unknown) => a.union(b))],
]

/** DStreams batch by batch. */
export const BATCH_PROPERTIES: Property[] = [
  sameStreams('operators mean in each batch what they mean on an RDD', streamPrograms(ALL, ALL_STEPS)),
  sameStreams('results of whole batches', streamPrograms(ALL, [...BATCH_STEPS, ...ALL_STEPS])),
]
