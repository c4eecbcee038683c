/** The folds, by their FOLD_… number. */
export const FOLDS: readonly ((a: number, b: number) => number)[] = [
  (a, b) => a + b,
  (a, b) => Math.min(a, b),
  (a, b) => Math.max(a, b),
  (a, b) => (a < b ? a : b),
  (a, b) => (a <= b ? a : b),
  (a, b) => (a > b ? a : b),
  (a, b) => (a >= b ? a : b),
  (a, b) => (a < b ? b : a),
  (a, b) => (a <= b ? b : a),
  (a, b) => (a > b ? b : a),
  (a, b) => (a >= b ? b : a),
]

export function fold(op: number, values: Float64Array | Int32Array, first: number): number {
  let acc = first
  if (op === 0) {
    for (let i = 0; i < values.length; i++) acc += values[i]!
    return acc
  }
  const f = FOLDS[op]!
  for (let i = 0; i < values.length; i++) acc = f(acc, values[i]!)
  return acc
}

export function foldByGroup(
  op: number,
  acc: Float64Array,
  next: number,
  ids: Int32Array,
  values: Float64Array | Int32Array,
): number {
  const f = FOLDS[op]!
  let fresh = next
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!
    if (id === fresh) acc[fresh++] = values[i]!
    else if (op === 0) acc[id] += values[i]!
    else acc[id] = f(acc[id]!, values[i]!)
  }
  return fresh
}

export function foldConstByGroup(
  op: number,
  acc: Float64Array,
  next: number,
  ids: Int32Array,
  value: number,
): number {
  const f = FOLDS[op]!
  let fresh = next
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!
    if (id === fresh) acc[fresh++] = value
    else if (op === 0) acc[id] += value
    else acc[id] = f(acc[id]!, value)
  }
  return fresh
}
