/**
 * The one order of records, for sorting, top and takeOrdered: null and undefined, then false and true, numbers with NaN last,
 * texts by their code units, dates, and arrays item by item. It stands alone, so that it can be handed to a worker.
 *
 * @returns less than 0, 0, or more than 0
 * @throws TypeError for what has no order, such as objects
 */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') {
    if (a < b) return -1
    if (a > b) return 1
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  }
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  const rank = (value: unknown): number => {
    if (value === null || value === undefined) return 0
    if (typeof value === 'boolean') return 1
    if (typeof value === 'number' || typeof value === 'bigint') return 2
    if (typeof value === 'string') return 3
    if (value instanceof Date) return 4
    if (Array.isArray(value)) return 5
    throw new TypeError(
      `expected numbers, texts, booleans, dates or arrays of these to sort by but received ${typeof value}; give a key function`,
    )
  }
  const [r, s] = [rank(a), rank(b)]
  if (r !== s) return r - s
  if (r === 0) return 0
  if (r === 5) {
    const [x, y] = [a as unknown[], b as unknown[]]
    for (let i = 0; i < x.length && i < y.length; i++) {
      const order = compareValues(x[i], y[i])
      if (order !== 0) return order
    }
    return x.length - y.length
  }
  const [x, y] = [a as number, b as number]
  if (x < y) return -1
  if (x > y) return 1
  return r === 2 ? Number(Number.isNaN(x)) - Number(Number.isNaN(y)) : 0 // a bigint and NaN
}
