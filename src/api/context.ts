import os from 'node:os'
import { type Clock, systemClock } from '../core/clock.js'
import { type Duration, milliseconds } from '../core/durations.js'
import { MillraceError, shown } from '../core/errors.js'
import { bytes, checkOptions, expect, isGiven, type MemorySize, whole } from '../core/options.js'
import { Engine } from '../execution/engine.js'
import { BinarySource, DocumentsSource } from '../execution/sources/binary-source.js'
import { type ColumnData, ColumnsSource } from '../execution/sources/columns-source.js'
import { ItemsSource } from '../execution/sources/items-source.js'
import { RangeSource } from '../execution/sources/range-source.js'
import { findFiles, TextFileSource } from '../execution/sources/text-file-source.js'
import { DRIVER_ONLY } from '../functions/captures.js'
import type { NativeMode } from '../kernels/load.js'
import { sourceNode, unionNode } from '../plan/nodes.js'
import type { Source } from '../plan/source.js'
import { Accumulator, type AccumulatorParam } from './accumulator.js'
import { Broadcast } from './broadcast.js'
import { RDD } from './rdd.js'
import { ENGINE, expectOwn, NODE } from './rdd-core.js'
import type { Pairs } from './types.js'

export interface ContextOptions {
  /** Shown by explain() and info(). */
  appName?: string
  /** Worker threads, at least 1; default: as many as the machine runs at once. */
  threads?: number
  /** Shared heap: bytes, or `'512MiB'`, `'2GiB'`. Reserved at once, committed on touch; default a quarter of the memory, at most 4 GiB. */
  memory?: MemorySize
  /** Partitions of a batch and of the results of by-key operators; default: `threads`. */
  defaultParallelism?: number
  /** Which kernels: `auto` takes the native ones if they are there, `require` fails without them. Default: MILLRACE_NATIVE, else `auto`. */
  native?: NativeMode
  /** Attempts of one task before its job fails; default 4. */
  maxTaskFailures?: number
  /** How long a task may run before its thread is ended and it is tried again; default: as long as it likes. */
  taskTimeout?: Duration
  /** Default: the system clock. */
  clock?: Clock
  /** Aborting it stops the context. */
  signal?: AbortSignal
}

const OPTIONS = [
  'appName',
  'threads',
  'memory',
  'defaultParallelism',
  'native',
  'maxTaskFailures',
  'taskTimeout',
  'clock',
  'signal',
]

/** What a context runs on. */
export interface EngineInfo {
  appName: string
  /** Of Node. */
  node: string
  kernels: 'native' | 'js'
  /** `avx2`, `base` or `javascript`. */
  instructions: string
  /** One line about the kernels, and, if they are not native, why. */
  kernelsLine: string
  threads: number
  defaultParallelism: number
  /** Bytes. */
  heap: { size: number; used: number }
}

/** The record that columns make. */
// biome-ignore lint/suspicious/noExplicitAny: any column
export type Row<C extends Record<string, ColumnData<any>>> = { -readonly [K in keyof C]: ItemOf<C[K]> }
/** The type of a column's values. */
export type ItemOf<D> = D extends readonly (infer T)[] ? T : D extends BigInt64Array ? bigint : number

/**
 * The entry point: PySpark's SparkContext. Owns the worker threads and the shared heap, and makes RDDs. The threads start
 * with the first action, and keep the process alive until {@link stop}.
 *
 * @example
 * const sc = new Context({ threads: 4 })
 * try { console.log(await sc.range(1_000_000).map(x => x * 2).sum()) } finally { await sc.stop() }
 */
export class Context implements AsyncDisposable {
  readonly [ENGINE]: Engine
  declare readonly [DRIVER_ONLY]: 'Context'
  readonly appName: string
  readonly clock: Clock
  /** Partitions where none are asked for. */
  readonly defaultParallelism: number
  readonly #threads: number
  #stopping: Promise<void> | undefined
  readonly #onStop: (() => void | Promise<void>)[] = []

  /** @throws MILLRACE_OPTION, MILLRACE_DURATION; MILLRACE_NATIVE if the kernels were required and are not there */
  constructor(options: ContextOptions = {}) {
    checkOptions(options, OPTIONS, 'Context')
    const cpus = os.availableParallelism()
    this.#threads =
      options.threads === undefined ? cpus : whole(options.threads, "the option 'threads'", 1, 256)
    this.defaultParallelism =
      options.defaultParallelism === undefined
        ? this.#threads
        : whole(options.defaultParallelism, "the option 'defaultParallelism'", 1, 100_000)
    const { appName = 'millrace', clock = systemClock, signal } = options
    expect(typeof appName === 'string', 'a text', "the option 'appName'", appName)
    expect(
      typeof clock?.now === 'function' && typeof clock.at === 'function',
      'a clock with the functions now and at',
      "the option 'clock'",
      clock,
    )
    expect(
      signal === undefined || signal instanceof AbortSignal,
      'an AbortSignal',
      "the option 'signal'",
      signal,
    )
    this.appName = appName
    this.clock = clock
    const native = options.native ?? process.env.MILLRACE_NATIVE ?? 'auto'
    expect(
      native === 'auto' || native === 'require' || native === 'off',
      "'auto', 'require' or 'off'",
      "the option 'native' (or MILLRACE_NATIVE)",
      native,
    )
    this[ENGINE] = new Engine({
      threads: this.#threads,
      memory:
        options.memory === undefined
          ? Math.min(os.totalmem() / 4, 2 ** 32)
          : bytes(options.memory, "the option 'memory'"),
      native,
      maxTaskFailures:
        options.maxTaskFailures === undefined
          ? 4
          : whole(options.maxTaskFailures, "the option 'maxTaskFailures'", 1, 1000),
      taskTimeout:
        options.taskTimeout === undefined
          ? undefined
          : milliseconds(options.taskTimeout, "the option 'taskTimeout'"),
      verify: process.env.MILLRACE_VERIFY === '1',
    })
    if (signal === undefined) return
    const abort = (): void => void this.stop()
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    this.beforeStop(() => signal.removeEventListener('abort', abort))
  }

  // ---- RDDs

  /**
   * An RDD of a list. The records are read when the first action needs them: do not change them before that. Slice i is
   * records `[i*n/k, (i+1)*n/k)`.
   *
   * @example sc.parallelize([['a', 1], ['b', 2]]).reduceByKey((a, b) => a + b)
   */
  parallelize<K, V>(pairs: Pairs<K, V>, numSlices?: number): RDD<[K, V]>
  parallelize<T>(items: Iterable<T> | Float64Array | Int32Array, numSlices?: number): RDD<T>
  parallelize<T>(items: Iterable<T> | Float64Array | Int32Array, numSlices?: number): RDD<T> {
    const slices = this.slices(numSlices, 'numSlices')
    if (items instanceof Float64Array || items instanceof Int32Array)
      return this.source(new ColumnsSource(this[ENGINE], [items], { kind: 'value' }, slices, 'parallelize'))
    expect(
      typeof (items as Iterable<T> | null | undefined)?.[Symbol.iterator] === 'function',
      'an array or another iterable',
      'parallelize',
      items,
    )
    return this.source(new ItemsSource(this[ENGINE], Array.from(items), slices))
  }

  /** The numbers start, start + step, … before `end`; with one argument, from 0. The step is 1, unless it is given. */
  range(start: number, end?: number, step?: number, numSlices?: number): RDD<number> {
    const [from, to] = isGiven(end) ? [start, end] : [0, start]
    const by = step ?? 1
    expect(Number.isFinite(from) && Number.isFinite(to), 'finite numbers', 'range', [from, to])
    expect(Number.isFinite(by) && by !== 0, 'a step other than 0', 'range', by)
    return this.source(new RangeSource(from, to, by, this.slices(numSlices, 'numSlices')))
  }

  /**
   * Records out of columns of one length: `{ user: Int32Array, amount: Float64Array, name: string[] }` makes records with
   * these properties. Typed arrays are copied as they are.
   */
  // biome-ignore lint/suspicious/noExplicitAny: any column
  columns<C extends Record<string, ColumnData<any>>>(columns: C, numSlices?: number): RDD<Row<C>> {
    expect(
      typeof columns === 'object' && columns !== null && Object.keys(columns).length > 0,
      'an object of columns',
      'columns',
      columns,
    )
    const shape = { kind: 'record' as const, names: Object.keys(columns) }
    return this.source(
      new ColumnsSource(
        this[ENGINE],
        Object.values(columns),
        shape,
        this.slices(numSlices, 'numSlices'),
        'columns',
      ),
    )
  }

  /** Pairs out of two columns of one length. @example sc.pairs(new Int32Array([1, 2]), [0.5, 1.5]) */
  pairs<K extends ColumnData, V extends ColumnData>(
    keys: K,
    values: V,
    numSlices?: number,
  ): RDD<[ItemOf<K>, ItemOf<V>]> {
    return this.source(
      new ColumnsSource(
        this[ENGINE],
        [keys, values],
        { kind: 'pair' },
        this.slices(numSlices, 'numSlices'),
        'pairs',
      ),
    )
  }

  /**
   * The UTF-8 lines of a file, of the files in a directory, or of those a glob names; of several, parted by commas. Files are
   * read by the workers, a piece at a time, whatever their size.
   *
   * @param path where they are, or file URLs; nothing is decompressed
   * @param minPartitions large files are cut so that there are about so many; default `defaultParallelism`
   */
  textFile(path: string, minPartitions?: number): RDD<string> {
    expect(typeof path === 'string' && path !== '', 'a path', 'textFile', path)
    const engine = this[ENGINE]
    return this.source(
      new TextFileSource(
        engine.files,
        path,
        this.slices(minPartitions, 'minPartitions'),
        isGiven(minPartitions),
      ),
    )
  }

  /**
   * Pairs of the path and the whole text of each file of a directory, or of those a glob names: for small files that are
   * not lines.
   *
   * @example await sc.wholeTextFiles('pages/*.html').mapValues(html => html.length).collect()
   */
  wholeTextFiles(path: string, minPartitions?: number): RDD<[path: string, text: string]> {
    expect(typeof path === 'string' && path !== '', 'a path', 'wholeTextFiles', path)
    const parts = this.slices(minPartitions, 'minPartitions')
    return this.source(new DocumentsSource(this[ENGINE].files, path, parts))
  }

  /**
   * The records of a binary file, of the files in a directory, or of those a glob names: `recordLength` bytes each.
   *
   * @throws MILLRACE_INPUT, by the action, for a file that is not there or ends within a record
   * @example sc.binaryRecords('points.bin', 8).map(b => new DataView(b.buffer, b.byteOffset).getFloat64(0, true))
   */
  binaryRecords(path: string, recordLength: number): RDD<Uint8Array> {
    expect(typeof path === 'string' && path !== '', 'a path', 'binaryRecords', path)
    whole(recordLength, 'the length of a record', 1)
    const { files } = this[ENGINE]
    const label = `binaryRecords(${JSON.stringify(path)})`
    return this.source(
      new BinarySource(label, () => findFiles(path, files), recordLength, this.defaultParallelism),
    )
  }

  /** An RDD without records and without partitions. */
  emptyRDD<T>(): RDD<T> {
    return new RDD<T>(this, unionNode([]))
  }

  /** The records of all, in order. */
  union<T>(rdds: readonly RDD<T>[]): RDD<T> {
    expect(Array.isArray(rdds) && rdds.every(r => r instanceof RDD), 'an array of RDDs', 'union', rdds)
    for (const rdd of rdds) expectOwn(this, rdd, 'union')
    return new RDD<T>(this, unionNode(rdds.map(r => r[NODE])))
  }

  // ---- shared variables

  /** A value for all workers; see {@link Broadcast}. */
  broadcast<T>(value: T): Broadcast<T> {
    return new Broadcast(this[ENGINE], value)
  }

  /** A sum that functions add to; see {@link Accumulator}. Anything but a number needs an AccumulatorParam. */
  accumulator(initial: number): Accumulator<number>
  accumulator<T>(initial: T, param: AccumulatorParam<T>): Accumulator<T>
  accumulator<T>(initial: T, param?: AccumulatorParam<T>): Accumulator<T> {
    if (!isGiven(param) && typeof initial !== 'number') {
      throw new MillraceError(
        'MILLRACE_OPTION',
        `expected a number for accumulator without an AccumulatorParam but received ${shown(initial)}. Give { zero, addInPlace } as well.`,
      )
    }
    return new Accumulator<T>(this[ENGINE], initial, param ?? undefined)
  }

  // ---- life

  /** What the context runs on. */
  info(): EngineInfo {
    const { kernels, heap, kernelsLine, blocks } = this[ENGINE]
    blocks.sweep()
    return {
      appName: this.appName,
      node: process.version,
      kernels: kernels.kind,
      instructions: kernels.instructions,
      kernelsLine,
      threads: this.#threads,
      defaultParallelism: this.defaultParallelism,
      heap: { size: heap.byteLength, used: heap.bytesInUse() },
    }
  }

  /** Ends streaming contexts, jobs and threads. Any number of calls stop it once. */
  stop(): Promise<void> {
    this.#stopping ??= (async () => {
      for (const action of this.#onStop.splice(0)) await action()
      await this[ENGINE].stop()
    })()
    return this.#stopping
  }

  /** True once {@link stop} was called. */
  get stopped(): boolean {
    return this.#stopping !== undefined
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** Called first when the context stops; for streaming contexts. */
  beforeStop(action: () => void | Promise<void>): void {
    this.#onStop.push(action)
  }

  private source<T>(source: Source): RDD<T> {
    return new RDD<T>(this, sourceNode(source))
  }

  private slices(count: number | null | undefined, what: string): number {
    return isGiven(count) ? whole(count, what, 1, 100_000) : this.defaultParallelism
  }
}

Object.defineProperty(Context.prototype, DRIVER_ONLY, { value: 'Context' })
