import { type RecordType, UNKNOWN } from '../../plan/source.js'

/** The rough type of a value that stands for many. */
export function typeOfRecord(value: unknown): RecordType {
  switch (typeof value) {
    case 'string':
      return { kind: 'text' }
    case 'number':
      return { kind: 'number' }
    case 'object':
      if (Array.isArray(value)) return { kind: 'tuple', items: value.slice(0, 16).map(typeOfRecord) }
      if (value !== null && Object.getPrototypeOf(value) === Object.prototype) {
        return { kind: 'record', names: Object.keys(value), items: Object.values(value).map(typeOfRecord) }
      }
      return value === null ? UNKNOWN : { kind: 'other' }
    case 'undefined':
      return UNKNOWN
    default:
      return { kind: 'other' }
  }
}
