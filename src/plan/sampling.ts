import { keyText } from './key-text.js'
import { partitionwise, type Transform } from './operators.js'

/** Names that functions below get as captures. */
declare const $random: typeof newRandom
declare const $seed: number
declare const $from: number
declare const $to: number
declare const $copies: typeof copies
declare const $mean: number
declare const $means: ReadonlyMap<unknown, number>
declare const $structured: ReadonlyMap<string, number>
declare const $keyText: typeof keyText

/**
 * Numbers in [0, 1) that are the same for the same seed and stream: G. Marsaglia's xorshift128 (Xorshift RNGs, 2003), seeded
 * by the finalizer of MurmurHash3. It stands alone, so that it can be handed to a worker.
 *
 * @param stream such as the number of a partition
 */
export function newRandom(seed: number, stream: number): () => number {
  const upper = Math.floor(seed / 2 ** 32)
  let at = upper
  const next = (): number => {
    at = (at + 0x6d2b79f5) | 0
    let h = at
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    return h ^ (h >>> 16)
  }
  // The upper half of a seed is spread before it meets the lower one: both of -1 are ones.
  at = Math.imul(stream + 1, 0x9e3779b1) ^ seed ^ (upper === 0 ? 0 : next())
  let [x, y, z, w] = [next() | 1, next(), next(), next()]
  return () => {
    const t = x ^ (x << 11)
    x = y
    y = z
    z = w
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8)
    return (w >>> 0) / 2 ** 32
  }
}

/** How often a record is drawn when draws come at random, `mean` times on average (Poisson). It stands alone, too. */
export function copies(random: () => number, mean: number): number {
  // The waits between draws are exponential; as many draws as fit into a time of `mean`.
  let count = -1
  for (let time = 0; time <= mean; count++) time -= Math.log(1 - random())
  return count
}

const sampling = (fn: Function, captures: Record<string, unknown>, location: string): Transform =>
  partitionwise(
    { fn, captures: { ...captures, $random: newRandom }, location },
    'index',
    location.split(' ')[0],
  )

/** Each record for which a number in [0, 1), drawn at random, lies in `[from, to)`. */
export function sampleRange(from: number, to: number, seed: number, location: string): Transform {
  return sampling(
    function* (index: number, records: Iterable<unknown>) {
      const random = $random($seed, index)
      for (const record of records) {
        const x = random()
        if (x >= $from && x < $to) yield record
      }
    },
    { $from: from, $to: to, $seed: seed },
    location,
  )
}

/** Each record any number of times, `mean` times on average. */
export function sampleWithReplacement(mean: number, seed: number, location: string): Transform {
  return sampling(
    function* (index: number, records: Iterable<unknown>) {
      const random = $random($seed, index)
      for (const record of records) for (let n = $copies(random, $mean); n > 0; n--) yield record
    },
    { $mean: mean, $seed: seed, $copies: copies },
    location,
  )
}

/** Of the pairs of each key a part of its own. Keys with a structure are the same if they are equal. */
export function sampleByKey(
  withReplacement: boolean,
  means: ReadonlyMap<unknown, number>,
  seed: number,
  location: string,
): Transform {
  const isStructured = ([key]: [unknown, number]): boolean => typeof key === 'object' && key !== null
  const [plain, structured] = [false, true].map(is => [...means].filter(entry => isStructured(entry) === is))
  return sampling(
    function* (index: number, pairs: Iterable<[unknown, unknown]>) {
      const random = $random($seed, index)
      for (const pair of pairs) {
        const key = pair[0]
        const structured = typeof key === 'object' && key !== null
        const mean = structured ? $structured.get($keyText(key)) : $means.get(key)
        if (mean === undefined)
          throw new Error(
            `there is no fraction for the key ${structured ? JSON.stringify(key) : String(key)}`,
          )
        for (let n = $copies(random, mean); n > 0; n--) yield pair
      }
    },
    {
      $means: new Map(plain),
      $structured: new Map(structured!.map(([key, mean]) => [keyText(key), mean])),
      $keyText: keyText,
      $seed: seed,
      $copies: withReplacement ? copies : (random: () => number, chance: number) => Number(random() < chance),
    },
    location,
  )
}

/** Puts records into an order at random, in place. */
export function shuffled<T>(records: T[], random: () => number): T[] {
  for (let i = records.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[records[i], records[j]] = [records[j]!, records[i]!]
  }
  return records
}
