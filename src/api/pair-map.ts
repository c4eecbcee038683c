import { canonicalKey } from '../memory/structured.js'
import { notPair } from '../worker/pairs.js'

/**
 * Pairs as a Map, of several values of a key the last. Keys with a structure are one key if they are equal, as they are
 * for every operator; the one that came first stands in the Map.
 *
 * @throws MILLRACE_VALUE for a record that is no pair
 */
export function pairMap<K, V>(records: readonly unknown[], operator: string): Map<K, V> {
  const map = new Map<K, V>()
  const known = new Map<string, K>()
  for (const record of records) {
    if (!Array.isArray(record) || record.length !== 2) throw notPair(record, operator)
    let [key, value] = record as [K, V]
    if (typeof key === 'object' && key !== null) {
      const text = Buffer.from(canonicalKey(key)).toString('latin1')
      const first = known.get(text)
      if (first === undefined) known.set(text, key)
      else key = first
    }
    map.set(key, value)
  }
  return map
}
