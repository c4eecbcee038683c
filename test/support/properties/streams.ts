import fc from 'fast-check'
import { type DStream, StreamingContext } from 'millrace'
import { asText, exactly } from '../exactly.js'
import { ReferenceRDD } from '../reference/rdd.js'
import { ReferenceStream } from '../reference/stream.js'
import { CHOICES, chosen, textOf } from './program.js'
import { type Ground, type Property, property } from './prove.js'
import { type Kind, RECORDS } from './records.js'
import type { Step } from './steps.js'

/** Batches of records in slices, a batch a second, and what is made of their stream. Shown by its text. */
export interface StreamProgram {
  batches: unknown[][]
  slices: number
  // biome-ignore lint/suspicious/noExplicitAny: the stream is the library's or the reference's
  build: (stream: any) => any
  [fc.toStringMethod]: () => string
}

/** What is seen of a stream: of each batch that gave one, its second and the partitions of its RDD. */
type Seen = [second: number, partitions: unknown[][]][]

export const batchesOf = (kind: Kind): fc.Arbitrary<unknown[][]> =>
  fc.array(fc.array(RECORDS[kind], { maxLength: 5 }), { maxLength: 4 })

/** Streams of records of these kinds, and chains of these steps on them. */
export function streamPrograms(kinds: readonly Kind[], steps: readonly Step[]): fc.Arbitrary<StreamProgram> {
  return fc.constantFrom(...kinds).chain(kind =>
    fc
      .record({ batches: batchesOf(kind), slices: fc.integer({ min: 1, max: 3 }), choices: CHOICES })
      .map(({ batches, slices, choices }) => {
        const made = chosen(kind, steps, choices).steps
        return {
          batches,
          slices,
          build: (stream: unknown) => made.reduce((s, { call, n }) => call(s, n, s), stream),
          [fc.toStringMethod]: () =>
            `${asText(batches)} in ${slices}${made.map(s => `\n  ${textOf(s)}`).join('')}`,
        }
      }),
  )
}

/** A stream of records, and a call on it that is given parameters. */
export function callsOn<P>(
  records: fc.Arbitrary<unknown>,
  parameters: fc.Arbitrary<P>,
  // biome-ignore lint/suspicious/noExplicitAny: the stream is the library's or the reference's
  call: (stream: any, parameters: P) => any,
): fc.Arbitrary<StreamProgram> {
  return fc
    .record({
      batches: fc.array(fc.array(records, { maxLength: 5 }), { maxLength: 4 }),
      slices: fc.integer({ min: 1, max: 3 }),
      parameters,
    })
    .map(({ batches, slices, parameters }) => ({
      batches,
      slices,
      build: (stream: unknown) => call(stream, parameters),
      [fc.toStringMethod]: () =>
        `${asText(batches)} in ${slices}\n  ${call} of ${asText(parameters)}${functions(parameters)}`,
    }))
}

/** The texts of the functions among the parameters. */
const functions = (parameters: unknown): string =>
  [parameters]
    .flat()
    .filter(x => typeof x === 'function')
    .map(fn => `\n  ${fn}`)
    .join('')

/** Runs a program for as many seconds as it has batches, and some more. */
export async function run({ batches, slices, build }: StreamProgram, { sc, clock }: Ground): Promise<Seen> {
  const ssc = new StreamingContext(sc, '1s')
  const start = clock.now()
  const seen: Seen = []
  const stream: DStream<unknown> = build(ssc.queueStream(batches.map(items => sc.parallelize(items, slices))))
  stream.foreachRDD(async (rdd, time) => {
    seen.push([(time - start) / 1000, await rdd.glom().collect()])
  })
  await ssc.start()
  const over = ssc.awaitTermination()
  over.catch(() => {}) // until it is awaited
  await clock.advance(`${batches.length + AFTER}s`)
  await ssc.stop({ stopContext: false })
  await over
  return seen
}

/** Batches after the last that has records: windows and states go on without. */
const AFTER = 3

function reference({ batches, slices, build }: StreamProgram): Seen {
  const rdds = batches.map(items => ReferenceRDD.slices(items, slices))
  for (let i = 0; i < AFTER; i++) rdds.push(new ReferenceRDD([[]]))
  const stream: ReferenceStream = build(new ReferenceStream(rdds))
  return stream.batches.flatMap((rdd, i): Seen => (rdd ? [[i + 1, rdd.partitions as unknown[][]]] : []))
}

/**
 * Holds the batches of a stream equal to those of the reference.
 *
 * @param seen what is compared of a batch; default: all that can be seen
 */
export async function sameStream(
  program: StreamProgram,
  ground: Ground,
  seen: (partitions: unknown[][]) => unknown = x => x,
): Promise<void> {
  const shown = (batches: Seen): unknown => batches.map(([second, parts]) => [second, seen(parts)])
  const [received, expected] = [shown(await run(program, ground)), shown(reference(program))]
  if (asText(received) !== asText(expected)) exactly(received, expected)
}

/** The records of each partition without their order. */
export const anyOrder = (partitions: unknown[][]): string[][] =>
  partitions.map(part => part.map(asText).sort())

/** A property of streams: what millrace gives is what the reference gives. */
export const sameStreams = (
  name: string,
  programs: fc.Arbitrary<StreamProgram>,
  seen?: (partitions: unknown[][]) => unknown,
): Property => property(name, programs, (program, ground) => sameStream(program, ground, seen))
