import { keyText } from './key-text.js'
import { partitionwise, type Transform } from './operators.js'

/** Names that functions below get as captures. */
declare const $bits: number
declare const $hash: typeof hashOf
declare const $text: typeof keyText

/**
 * Two hashes of 32 bits of a text: FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo), from two beginnings, and the finalizer of
 * MurmurHash3. It stands alone, so that it can be handed to a worker.
 */
function hashOf(text: string): [number, number] {
  const hash = (begin: number): number => {
    let h = begin
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    return (h ^ (h >>> 16)) >>> 0
  }
  return [hash(0x811c9dc5), hash(0x2f0b4a27)]
}

/**
 * For each partition the registers of HyperLogLog, one array of them: P. Flajolet, É. Fusy, O. Gandouet, F. Meunier, 2007.
 *
 * @param bits there are `2 ** bits` registers
 */
export function registers(bits: number, location: string): Transform {
  return partitionwise(
    {
      fn: (records: Iterable<unknown>) => {
        const found = new Array<number>(2 ** $bits).fill(0)
        for (const record of records) {
          const [place, rest] = $hash($text(record))
          const register = place >>> (32 - $bits)
          const rank = Math.clz32(rest) + 1
          if (rank > found[register]!) found[register] = rank
        }
        return [found]
      },
      captures: { $bits: bits, $hash: hashOf, $text: keyText },
      location,
    },
    undefined,
    'countApproxDistinct',
  )
}

/** The number of different records that the registers of all partitions tell of. */
export function estimate(partitions: readonly (readonly number[])[], bits: number): number {
  const m = 2 ** bits
  let [sum, zeros] = [0, 0]
  for (let i = 0; i < m; i++) {
    const register = partitions.reduce((most, found) => Math.max(most, found[i]!), 0)
    sum += 2 ** -register
    if (register === 0) zeros++
  }
  const alpha = m === 16 ? 0.673 : m === 32 ? 0.697 : m === 64 ? 0.709 : 0.7213 / (1 + 1.079 / m)
  const raw = (alpha * m * m) / sum
  // With many registers still empty, their number tells more.
  return Math.round(raw <= 2.5 * m && zeros > 0 ? m * Math.log(m / zeros) : raw)
}
