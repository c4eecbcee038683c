import type { OpenSource, RecordType, Source } from '../../plan/source.js'
import { sliceBounds } from './encoded-source.js'

/** start, start + step, …: made by the workers themselves. */
export class RangeSource implements Source {
  readonly label: string
  readonly recordType: RecordType = { kind: 'number' }
  readonly #start: number
  readonly #step: number
  readonly #count: number
  readonly #slices: number

  constructor(start: number, end: number, step: number, slices: number) {
    this.label = `range(${start}, ${end}${step === 1 ? '' : `, ${step}`})`
    this.#start = start
    this.#step = step
    this.#count = Math.max(0, Math.ceil((end - start) / step))
    this.#slices = slices
  }

  partitionCount(): number {
    return this.#slices
  }
  async open(): Promise<OpenSource> {
    const partitions = Array.from({ length: this.#slices }, (_, i) => {
      const [from, to] = sliceBounds(i, this.#count, this.#slices)
      return {
        kind: 'range' as const,
        start: this.#start + from * this.#step,
        step: this.#step,
        count: to - from,
      }
    })
    return { partitions, release: () => {} }
  }
}
