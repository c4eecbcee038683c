/**
 * millrace: Spark Streaming's programming model as a library inside a Node process.
 *
 * The layers, top down; imports go down only, which test/layers.test.ts checks:
 *
 *   api/         what a user types: Context, RDD, StreamingContext, DStream. Thin: each method adds to a plan
 *   streaming/   batches: clock grid, scheduler, the job of a batch, inputs/, outputs/
 *   execution/   the driver's side: worker pool, jobs, retries, sources in the heap
 *   worker/      the worker's side: a task from its input through its chain to its sink; the control block of both
 *   plan/        the lazy graph, cut into stages; operators, once for RDDs and DStreams
 *   functions/   a user's function: read, checked, understood, carried, compiled into loops
 *   kernels/     the hot loops, native or JavaScript
 *   memory/      the shared heap, and columns in it
 *   core/        errors, options, durations, the seams to time and files
 */
export { Accumulator, type AccumulatorParam } from './api/accumulator.js'
export { Broadcast } from './api/broadcast.js'
export { Context, type ContextOptions, type EngineInfo, type ItemOf, type Row } from './api/context.js'
export { DStream } from './api/dstream.js'
export type { EventTimeOptions } from './api/dstream-event-time.js'
export type { StreamBatch } from './api/dstream-outputs.js'
export type { StatefulDStream } from './api/dstream-state.js'
export { EventTimeStream, type Interval, type WindowOptions, type WithLate } from './api/event-time-stream.js'
export { EventTimeWindows } from './api/event-time-windows.js'
export { QueueStream, type RDDOrItems } from './api/queue-stream.js'
export { RDD } from './api/rdd.js'
export { Receiver } from './api/receiver.js'
export { type State, type StateFunction, StateSpec } from './api/state-spec.js'
export type { Stats } from './api/stats.js'
export { StreamingContext, type StreamingState, type StreamingStopOptions } from './api/streaming-context.js'
export type { KeyOf, Pair, ValueOf, Widen } from './api/types.js'
export type { Clock } from './core/clock.js'
export type { Duration } from './core/durations.js'
export { ERROR_CODES, type ErrorCode, type ErrorDetails, MillraceError } from './core/errors.js'
export type { MemorySize } from './core/options.js'
export type { ColumnData } from './execution/sources/columns-source.js'
export type { Captures } from './functions/captures.js'
export { moduleFunction } from './functions/user-function.js'
export type { WindowResult } from './plan/event-time/windows.js'
export type { FileStreamOptions } from './streaming/inputs/files.js'
export type { FromOptions } from './streaming/inputs/iterable.js'
export type { SocketOptions } from './streaming/inputs/socket.js'
export type {
  BatchInfo,
  InputInfo,
  OutputOperationInfo,
  ReceiverInfo,
  StreamingListener,
} from './streaming/listener.js'
