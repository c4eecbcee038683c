import { ReferenceRDD } from './rdd.js'
import { mappedStates, type ReferenceSpec, updatedStates } from './state.js'

type Fn = (...args: never[]) => unknown

/**
 * The reference of a DStream: a list of what its batches are, the first at second 1, `undefined` where its slide gives
 * none. An operator of an RDD is here what it is there, batch by batch.
 */
export class ReferenceStream {
  readonly batches: readonly (ReferenceRDD | undefined)[]
  /** In batches. */
  readonly slide: number

  constructor(batches: readonly (ReferenceRDD | undefined)[], slide = 1) {
    this.batches = batches
    this.slide = slide
  }

  each(make: (rdd: ReferenceRDD, index: number) => ReferenceRDD): ReferenceStream {
    return new ReferenceStream(
      this.batches.map((rdd, i) => rdd && make(rdd, i)),
      this.slide,
    )
  }
  transform(fn: (rdd: ReferenceRDD) => ReferenceRDD): ReferenceStream {
    return this.each(fn)
  }
  transformWith(
    other: ReferenceStream,
    fn: (a: ReferenceRDD, b: ReferenceRDD) => ReferenceRDD,
  ): ReferenceStream {
    return this.each((rdd, i) => fn(rdd, other.batches[i]!))
  }

  // ---- one result a batch, in one partition

  reduce(fn: Fn): ReferenceStream {
    return this.each(rdd => new ReferenceRDD([rdd.isEmpty() ? [] : [rdd.reduce(fn)]]))
  }
  count(): ReferenceStream {
    return this.each(rdd => new ReferenceRDD([[rdd.count()]]))
  }
  countByValue(n: number): ReferenceStream {
    return this.each(rdd => rdd.map((x: unknown) => [x, 1]).reduceByKey((a: number, b: number) => a + b, n))
  }

  // ---- windows

  /** The records of the last seconds, the oldest first; nothing is before the first batch. */
  window(length: string, slide = `${this.slide}s`): ReferenceStream {
    const [w, s] = [seconds(length), seconds(slide)]
    const at = (i: number): ReferenceRDD | undefined => {
      if ((i + 1) % s !== 0) return undefined
      const rdds = this.batches.slice(Math.max(0, i + 1 - w), i + 1).filter(rdd => rdd !== undefined)
      return new ReferenceRDD(rdds.flatMap(rdd => rdd.partitions))
    }
    return new ReferenceStream(
      this.batches.map((_, i) => at(i)),
      s,
    )
  }
  reduceByWindow(fn: Fn, _inverse: Fn | null, length: string, slide: string): ReferenceStream {
    return this.window(length, slide).reduce(fn)
  }
  countByWindow(length: string, slide: string): ReferenceStream {
    return this.window(length, slide).count()
  }
  countByValueAndWindow(length: string, slide: string, n: number): ReferenceStream {
    return this.window(length, slide).countByValue(n)
  }
  reduceByKeyAndWindow(
    fn: Fn,
    _inverse: Fn | null,
    length: string,
    slide: string,
    n: number,
    filter: Fn = () => true,
  ): ReferenceStream {
    return this.window(length, slide).each(rdd => rdd.reduceByKey(fn, n).filter(filter))
  }
  groupByKeyAndWindow(length: string, slide: string, n: number): ReferenceStream {
    return this.window(length, slide).each(rdd => rdd.groupByKey(n))
  }

  // ---- state: where its keys go is a question of partitionBy

  updateStateByKey(
    fn: (values: unknown[], state: unknown) => unknown,
    n: number,
    initial: [unknown, unknown][] = [],
  ): ReferenceStream {
    const states = updatedStates(this.batches as ReferenceRDD[], fn, initial)
    return this.each((_, i) => new ReferenceRDD([states[i] as unknown[]]).partitionBy(n))
  }
  /** In one partition. */
  mapWithState(spec: ReferenceSpec): ReferenceStream & { stateSnapshots: () => ReferenceStream } {
    const batches = mappedStates(this.batches as ReferenceRDD[], spec)
    return Object.assign(
      this.each((_, i) => new ReferenceRDD([batches[i]!.mapped])),
      { stateSnapshots: () => this.each((_, i) => new ReferenceRDD([batches[i]!.states as unknown[]])) },
    )
  }
}

/** Of '3s'. */
const seconds = (duration: string): number => Number(duration.slice(0, -1))

/** What a stream has from RDDs as it stands. */
const PER_BATCH = [
  ...[
    'map',
    'filter',
    'flatMap',
    'mapPartitions',
    'mapPartitionsWithIndex',
    'glom',
    'keyBy',
    'keys',
    'values',
  ],
  ...['mapValues', 'flatMapValues', 'union', 'distinct', 'repartition', 'partitionBy', 'combineByKey'],
  ...['reduceByKey', 'groupByKey', 'join', 'leftOuterJoin', 'rightOuterJoin', 'fullOuterJoin', 'cogroup'],
]
for (const name of PER_BATCH) {
  Object.defineProperty(ReferenceStream.prototype, name, {
    value(this: ReferenceStream, ...args: unknown[]) {
      const given = (i: number): unknown[] =>
        args.map(arg => (arg instanceof ReferenceStream ? arg.batches[i] : arg))
      return this.each(
        (rdd, i) => (rdd as unknown as Record<string, Fn>)[name]!(...(given(i) as never[])) as ReferenceRDD,
      )
    },
  })
}
