import { parentPort, workerData } from 'node:worker_threads'
import { isMillraceError } from '../../src/core/errors.js'
import { Heap, PAGE } from '../../src/memory/heap.js'
import { Seeded } from './seeded.js'

/** What a thread holds when it is done, and how often the heap was full. */
export interface Report {
  owner: number
  runs: { offset: number; pages: number; mark: number }[]
  wrong: string[]
  full: number
}

const { buffer, seed, rounds } = workerData as { buffer: SharedArrayBuffer; seed: number; rounds: number }

/** Allocates, writes, checks what it wrote, and frees; with `rounds` of Infinity until it is ended from outside. */
const heap = Heap.attach(buffer)
const random = new Seeded(seed)
const report: Report = { owner: heap.newOwner(), runs: [], wrong: [], full: 0 }
parentPort!.postMessage(report.owner)

const words = (run: { offset: number; pages: number }): Int32Array =>
  new Int32Array(buffer, run.offset, (run.pages * PAGE) / 4)

for (let round = 1; round <= rounds; round++) {
  if (random.chance(0.55)) {
    const pages = 1 + random.below(6)
    try {
      const run = {
        offset: heap.allocate(report.owner, pages),
        pages,
        mark: report.owner * 1e6 + (round % 1e6),
      }
      words(run).fill(run.mark)
      report.runs.push(run)
    } catch (error) {
      if (!isMillraceError(error) || error.code !== 'MILLRACE_HEAP_FULL') throw error
      report.full++
    }
  } else if (report.runs.length > 0) {
    const [run] = report.runs.splice(random.below(report.runs.length), 1)
    const found = words(run!).find(word => word !== run!.mark)
    if (found !== undefined) report.wrong.push(`${run!.mark} became ${found} at ${run!.offset}`)
    heap.free(run!.offset, run!.pages)
  }
}
parentPort!.postMessage(report)
