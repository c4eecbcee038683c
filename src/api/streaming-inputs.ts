import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { systemNetwork } from '../core/network.js'
import { checkOptions, expect, isGiven, whole } from '../core/options.js'
import { BinarySource } from '../execution/sources/binary-source.js'
import { FileListSource, type FileSize, MAX_LINE_BYTES } from '../execution/sources/text-file-source.js'
import type { Source } from '../plan/source.js'
import type { StreamGraph } from '../streaming/graph.js'
import { type FileStreamOptions, FilesInput } from '../streaming/inputs/files.js'
import { type Input, InputStream } from '../streaming/inputs/input.js'
import { type FromOptions, IterableInput } from '../streaming/inputs/iterable.js'
import { QueueInput } from '../streaming/inputs/queue.js'
import { SocketInput, type SocketOptions } from '../streaming/inputs/socket.js'
import type { Context } from './context.js'
import { DStream } from './dstream.js'
import { QueueStream, queued, type RDDOrItems } from './queue-stream.js'
import { ENGINE } from './rdd-core.js'
import { INPUT, Receiver } from './receiver.js'
import type { StreamingContext } from './streaming-context.js'
import type { Pairs } from './types.js'

/** Where streams begin. */
export abstract class StreamingInputs {
  abstract readonly context: Context
  protected abstract readonly graph: StreamGraph

  /**
   * A stream of RDDs out of a queue.
   *
   * @param rdds RDDs, or lists of records
   * @param oneAtATime one RDD for each batch (the default), or all that are there
   * @param defaultRdd what a batch is when the queue is empty; default: an empty RDD
   */
  // By themselves, arrays show the compiler what their records are.
  queueStream<K, V>(
    rdds: readonly [Pairs<K, V>, ...(Pairs<K, V> | readonly [])[]],
    oneAtATime?: boolean,
    defaultRdd?: RDDOrItems<[K, V]>,
  ): QueueStream<[K, V]>
  queueStream<T>(
    rdds: readonly Iterable<T>[],
    oneAtATime?: boolean,
    defaultRdd?: RDDOrItems<T>,
  ): QueueStream<T>
  queueStream<T>(
    rdds?: Iterable<RDDOrItems<T>>,
    oneAtATime?: boolean,
    defaultRdd?: RDDOrItems<T>,
  ): QueueStream<T>
  queueStream<T>(
    rdds?: Iterable<RDDOrItems<T>> | null,
    oneAtATime?: boolean | null,
    defaultRdd?: RDDOrItems<T> | null,
  ): QueueStream<T> {
    const [queue, single] = [rdds ?? [], oneAtATime ?? true]
    expect(
      typeof queue[Symbol.iterator] === 'function',
      'an array of RDDs or of lists of records',
      'queueStream',
      rdds,
    )
    expect(typeof single === 'boolean', 'true or false', 'oneAtATime of queueStream', oneAtATime)
    const input = new QueueInput(
      this.context[ENGINE],
      Array.from(queue, rdd => queued(rdd, this.context)),
      single,
      isGiven(defaultRdd) ? queued(defaultRdd, this.context) : undefined,
      this.context.defaultParallelism,
    )
    return new QueueStream<T>(this as unknown as StreamingContext, new InputStream(this.graph, input), input)
  }

  /**
   * The lines of the files that appear in a directory (or in the directories a glob names). Move files there when they are
   * complete; names that begin with `.` or `_`, or end like an unfinished download, are passed over.
   */
  textFileStream(directory: string, options: FileStreamOptions = {}): DStream<string> {
    expect(typeof directory === 'string' && directory !== '', 'a path', 'textFileStream', directory)
    checkOptions(options, ['newFilesOnly', 'maxLineBytes'], 'textFileStream')
    const { newFilesOnly = true } = options
    expect(typeof newFilesOnly === 'boolean', 'true or false', "the option 'newFilesOnly'", newFilesOnly)
    const maxLineBytes = whole(options.maxLineBytes ?? MAX_LINE_BYTES, "the option 'maxLineBytes'", 1)
    const name = `textFileStream(${JSON.stringify(directory)})`
    const parts = this.context.defaultParallelism
    return this.files(
      name,
      directory,
      newFilesOnly,
      files => new FileListSource(name, files, parts, maxLineBytes),
    )
  }

  /**
   * The records of `recordLength` bytes of the files that appear in a directory; otherwise as {@link textFileStream}. A file
   * of another length fails its batch.
   */
  binaryRecordsStream(
    directory: string,
    recordLength: number,
    options: Pick<FileStreamOptions, 'newFilesOnly'> = {},
  ): DStream<Uint8Array> {
    expect(typeof directory === 'string' && directory !== '', 'a path', 'binaryRecordsStream', directory)
    whole(recordLength, 'the length of a record', 1)
    checkOptions(options, ['newFilesOnly'], 'binaryRecordsStream')
    const { newFilesOnly = true } = options
    expect(typeof newFilesOnly === 'boolean', 'true or false', "the option 'newFilesOnly'", newFilesOnly)
    const name = `binaryRecordsStream(${JSON.stringify(directory)})`
    const parts = this.context.defaultParallelism
    return this.files(
      name,
      directory,
      newFilesOnly,
      files => new BinarySource(name, () => files, recordLength, parts),
    )
  }

  /**
   * The lines that a TCP server sends. When the connection is refused or lost, it is tried again. Half a line is dropped when
   * the connection is reset or the context stops; what a server sent before it ended the connection is a line.
   */
  socketTextStream(host: string, port: number, options: SocketOptions = {}): DStream<string> {
    expect(typeof host === 'string' && host !== '', 'a host name', 'the host of socketTextStream', host)
    whole(port, 'the port of socketTextStream', 1, 65_535)
    checkOptions(options, ['maxLineBytes', 'maxPendingBytes', 'reconnectDelay'], 'socketTextStream')
    for (const name of ['maxLineBytes', 'maxPendingBytes'] as const)
      if (options[name] !== undefined) whole(options[name], `the option '${name}'`, 1)
    const { context } = this
    return this.input(
      new SocketInput(host, port, options, systemNetwork, context[ENGINE], context.defaultParallelism),
    )
  }

  /** The records of an async iterable, an iterable, a Node Readable or a web ReadableStream. It is read only as fast as batches are done. */
  from<K, V>(source: Pairs<K, V>, options?: FromOptions): DStream<[K, V]>
  from<T>(
    source: AsyncIterable<T> | Iterable<T> | Readable | ReadableStream<T>,
    options?: FromOptions,
  ): DStream<T>
  from<T>(
    source: AsyncIterable<T> | Iterable<T> | Readable | ReadableStream<T>,
    options: FromOptions = {},
  ): DStream<T> {
    checkOptions(options, ['name', 'maxPendingRecords'], 'from')
    if (options.maxPendingRecords !== undefined)
      whole(options.maxPendingRecords, "the option 'maxPendingRecords'", 1)
    return this.input(
      new IterableInput(
        source as AsyncIterable<unknown>,
        options,
        this.context[ENGINE],
        this.context.defaultParallelism,
      ),
    )
  }

  /** The records that a receiver stores; see {@link Receiver}. */
  receiverStream<T>(receiver: Receiver<T>): DStream<T> {
    expect(
      receiver instanceof Receiver &&
        typeof receiver.onStart === 'function' &&
        typeof receiver.onStop === 'function',
      'a Receiver with onStart and onStop',
      'receiverStream',
      receiver,
    )
    this.graph.checkBuilding()
    return this.input(receiver[INPUT](this.context[ENGINE], this.context.defaultParallelism))
  }

  private files<T>(
    name: string,
    directory: string,
    newFilesOnly: boolean,
    source: (files: readonly FileSize[]) => Source,
  ): DStream<T> {
    const { clock } = this.context
    const { files } = this.context[ENGINE]
    return this.input(new FilesInput(name, directory, newFilesOnly, source, clock, files, this.graph.batchMs))
  }

  private input<T>(input: Input): DStream<T> {
    return new DStream<T>(this as unknown as StreamingContext, new InputStream(this.graph, input))
  }
}
