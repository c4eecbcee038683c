/**
 * A text that two values share exactly if they are the same key: whatever the order of an object's properties, NaN is NaN and
 * -0 is 0, but 1 is not '1', and null not undefined. It stands alone, so that it can be handed to a worker.
 */
export function keyText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null)
    return value === 0 ? 'number 0' : `${typeof value} ${String(value)}`
  if (value instanceof Date) return `date ${value.getTime()}`
  if (Array.isArray(value)) return `[${Array.from(value, keyText).join()}]`
  if (value instanceof Map || value instanceof Set)
    return `${value.constructor.name} ${Array.from(value as Iterable<unknown>, keyText).join()}`
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} ${Array.from(value as Uint8Array, String).join()}`
  const item = value as Record<string, unknown>
  const names = Object.keys(item).sort()
  return `{${names.map(name => `${JSON.stringify(name)}:${keyText(item[name])}`).join()}}`
}
