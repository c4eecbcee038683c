/** What {@link RDDStatistics.stats} tells of the numbers of an RDD. */
export interface Stats {
  readonly count: number
  /** NaN for no numbers, as are the others but for `count` and `sum`, and `min` and `max`, which are Infinity and -Infinity. */
  readonly mean: number
  readonly sum: number
  readonly min: number
  readonly max: number
  /** Of the whole population: divided by `count`. */
  readonly variance: number
  readonly stdev: number
  /** Divided by `count - 1`. */
  readonly sampleVariance: number
  readonly sampleStdev: number
}

/** Count, mean, sum of squared differences from it, least and greatest. */
export type Moments = [n: number, mean: number, m2: number, min: number, max: number]

export const NO_MOMENTS: Moments = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/** Those of a partition, in Welford's way: B. P. Welford, Technometrics 4 (1962). */
export const momentsOf = (numbers: Iterable<number>): Moments[] => {
  let [n, mean, m2] = [0, 0, 0]
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const x of numbers) {
    const delta = x - mean
    mean += delta / ++n
    m2 += delta * (x - mean)
    min = Math.min(min, x)
    max = Math.max(max, x)
  }
  return [[n, mean, m2, min, max]]
}

/** Of two parts: T. F. Chan, G. H. Golub, R. J. LeVeque, 1979. */
export const mergeMoments = (a: Moments, b: Moments): Moments => {
  if (a[0] === 0) return b
  if (b[0] === 0) return a
  const n = a[0] + b[0]
  const delta = b[1] - a[1]
  return [
    n,
    (a[1] * a[0] + b[1] * b[0]) / n,
    a[2] + b[2] + (delta * delta * a[0] * b[0]) / n,
    Math.min(a[3], b[3]),
    Math.max(a[4], b[4]),
  ]
}

export function statsOf([count, mean, m2, min, max]: Moments): Stats {
  const variance = count === 0 ? Number.NaN : m2 / count
  const sampleVariance = count <= 1 ? Number.NaN : m2 / (count - 1)
  return {
    count,
    mean: count === 0 ? Number.NaN : mean,
    sum: count === 0 ? 0 : mean * count,
    min,
    max,
    variance,
    stdev: Math.sqrt(variance),
    sampleVariance,
    sampleStdev: Math.sqrt(sampleVariance),
  }
}
