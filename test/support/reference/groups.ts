/** Values by key, keys compared by their structure and kept as first seen, in that order. */
export class Groups<V> {
  readonly #found = new Map<string, [key: unknown, value: V]>()

  has(key: unknown): boolean {
    return this.#found.has(identity(key))
  }
  get(key: unknown): V {
    return this.#found.get(identity(key))![1]
  }
  set(key: unknown, value: V): void {
    const entry = this.#found.get(identity(key))
    if (entry === undefined) this.#found.set(identity(key), [key, value])
    else entry[1] = value
  }
  delete(key: unknown): void {
    this.#found.delete(identity(key))
  }
  entries(): [key: unknown, value: V][] {
    return [...this.#found.values()].map(([key, value]) => [key, value])
  }
}

/** A text that is the same for keys that are the same key: by structure, NaN like NaN, -0 like 0, 1 unlike '1'. */
function identity(key: unknown): string {
  if (typeof key === 'object' && key !== null) {
    if (Array.isArray(key)) return `[${key.map(identity).join()}]`
    const names = Object.keys(key).sort()
    return `{${names.map(name => JSON.stringify(name) + identity((key as Record<string, unknown>)[name])).join()}}`
  }
  return typeof key === 'string' ? JSON.stringify(key) : `${typeof key} ${String(key)}`
}
