/** The value at a share of the sorted list: 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** What lies between the least and the greatest value, as a share of the median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / Math.abs(median(values))
}

/** The slope of the line that fits best through values at 0, 1, 2, … */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const squares = values.reduce((total, _, i) => total + (i - middle) ** 2, 0)
  return values.reduce((total, value, i) => total + (i - middle) * (value - mean), 0) / squares
}

/**
 * Whether two checks, figures joined by ':', are the same.
 *
 * @param tolerance of the figures, relative
 */
export function sameCheck(a: string, b: string, tolerance = 0): boolean {
  if (a === b) return true
  const [left, right] = [a.split(':'), b.split(':')]
  return (
    left.length === right.length &&
    left.every((text, i) => {
      const [x, y] = [Number(text), Number(right[i])]
      return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y))
    })
  )
}
