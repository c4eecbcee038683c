import type { Heap } from '../memory/heap.js'

/**
 * The control block: how the driver and its workers agree on what to do, without messages. It lies in the first page of
 * the heap; the description of the job at hand lies where it says (job-view.ts). Both sides import these two files, and only
 * they know the places. Every word that several threads write has a cache line of its own.
 */

/** Most workers of one context. */
export const MAX_WORKERS = 256

const LINE = 16

// Words of the first page.
const JOB = 0 // number of the job at hand, 0 for none
const JOB_PLACE = LINE // its description: units of 64 bytes from the heap's start
const BELL = 2 * LINE // raised at every change that a sleeping worker must see
const CLOSED = 3 * LINE // 1 when workers are to end
const WORKERS = 4 * LINE // how many there are
const SLEEPERS = 5 * LINE // at least so many sleep or are about to: nobody else need be woken, which takes a call to the system
const WATCHED = 6 * LINE // 1 while the driver waits for workers to leave a job
const INSIDE = 16 * LINE // for each worker: the job it may be touching, 0 for none
const PROCESSOR = 1 // beside it: the processor that the worker was on when it began the job
const OTHERS = 2 // and those of some others, in the rest of the line

/** The control block of a heap. */
export class ControlBlock {
  readonly words: Int32Array

  constructor(heap: Heap) {
    this.words = new Int32Array(heap.buffer, 0, INSIDE + MAX_WORKERS * LINE)
  }

  /** Says how many workers there are. */
  expect(workers: number): void {
    Atomics.store(this.words, WORKERS, workers)
  }
  get job(): number {
    return Atomics.load(this.words, JOB)
  }
  get jobPlace(): number {
    return (Atomics.load(this.words, JOB_PLACE) >>> 0) * 64
  }
  get closed(): boolean {
    return Atomics.load(this.words, CLOSED) === 1
  }

  /**
   * Shows a job to the workers. Its description must be complete. One worker is woken, and wakes others: to wake a core costs
   * a while, and the driver's thread has better things to do; nor should it sit on the core where one of them would run.
   */
  publish(job: number, place: number): void {
    Atomics.store(this.words, JOB_PLACE, place / 64)
    Atomics.store(this.words, JOB, job)
    Atomics.add(this.words, BELL, 1)
    this.wake(1)
  }
  /** Wakes some of the workers that sleep, for a job that is published. */
  wake(workers: number): void {
    if (Atomics.load(this.words, SLEEPERS) > 0) Atomics.notify(this.words, BELL, workers)
  }
  /** Ends the job at hand: no worker may enter it any more; some may still be inside. */
  withdraw(): void {
    Atomics.store(this.words, JOB, 0)
  }
  close(): void {
    Atomics.store(this.words, CLOSED, 1)
    this.ring()
  }

  /** Wakes every sleeping worker. */
  ring(): void {
    Atomics.add(this.words, BELL, 1)
    this.wake(MAX_WORKERS)
  }
  get bell(): number {
    return Atomics.load(this.words, BELL)
  }
  /** Sleeps until the bell is not `seen` any more. Workers only: the driver's thread must never block. */
  sleep(seen: number): void {
    Atomics.add(this.words, SLEEPERS, 1)
    Atomics.wait(this.words, BELL, seen)
    Atomics.sub(this.words, SLEEPERS, 1)
  }

  /**
   * Says that a worker is about to touch a job, and checks that the job is still the one at hand. The order of these
   * two and of the two in withdraw-then-inside is what makes it safe to reuse a job's memory.
   */
  enter(worker: number, job: number): boolean {
    Atomics.store(this.words, INSIDE + worker * LINE, job)
    if (this.job === job) return true
    this.leave(worker)
    return false
  }
  leave(worker: number): void {
    Atomics.store(this.words, INSIDE + worker * LINE, 0)
    if (Atomics.load(this.words, WATCHED) === 1) Atomics.notify(this.words, INSIDE + worker * LINE)
  }
  /** Says whether the driver is about to wait for workers to leave. */
  watch(watched: boolean): void {
    Atomics.store(this.words, WATCHED, watched ? 1 : 0)
  }
  /**
   * Says on which processor a worker that is inside a job runs; -1 if that is not known.
   *
   * @returns those of others, if one of them is on the same
   */
  settle(worker: number, job: number, processor: number): Int32Array {
    const line = INSIDE + worker * LINE
    Atomics.store(this.words, line + PROCESSOR, processor)
    const others = this.words.subarray(line + OTHERS, line + LINE)
    const workers = Atomics.load(this.words, WORKERS)
    let count = 0
    for (let w = 0; w < workers && count < others.length; w++)
      if (w !== worker && this.inside(w) === job)
        others[count++] = Atomics.load(this.words, INSIDE + w * LINE + PROCESSOR)
    const found = others.subarray(0, count)
    return processor >= 0 && found.includes(processor) ? found : found.subarray(0, 0)
  }
  /** The word that tells whether a worker may be touching a job. */
  insideIndex(worker: number): number {
    return INSIDE + worker * LINE
  }
  inside(worker: number): number {
    return Atomics.load(this.words, this.insideIndex(worker))
  }
}
