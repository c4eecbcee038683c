/** A text that is the same for keys that are the same key: by structure, NaN like NaN, -0 like 0, 1 unlike '1'. */
export function identity(key: unknown): string {
  if (typeof key === 'object' && key !== null) {
    if (Array.isArray(key)) return `[${key.map(identity).join()}]`
    const names = Object.keys(key).sort()
    return `{${names.map(name => JSON.stringify(name) + identity((key as Record<string, unknown>)[name])).join()}}`
  }
  return typeof key === 'string' ? JSON.stringify(key) : `${typeof key} ${String(key)}`
}
