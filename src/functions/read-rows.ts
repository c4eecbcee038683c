import type { Column } from '../memory/column.js'
import type { Reads } from './reads.js'

/** Source text that reads row `i` of a column named `column`: statements for before the loop, and the value. */
export interface Reader {
  setup: string
  value: string
}

/**
 * The reader for columns of the same type as `like`. The text expects `textReader` in scope.
 *
 * @param reads what is looked at of a row; of tuples and objects the rest is left out
 */
export function emitReader(like: Column, reads: Reads = true): Reader {
  const setup: string[] = []
  const value = emit(like, 'column', reads, setup)
  return { setup: setup.join('\n    '), value }
}

function emit(column: Column, path: string, reads: Reads, setup: string[]): string {
  /** A local constant with this value. */
  const local = (text: string): string => {
    setup.push(`const c${setup.length} = ${text}`)
    return `c${setup.length - 1}`
  }
  const value = emitValid(column, path, reads, setup, local)
  return column.valid === undefined ? value : `(${local(`${path}.valid`)}[i] === 0 ? null : ${value})`
}

function emitValid(
  column: Column,
  path: string,
  reads: Reads,
  setup: string[],
  local: (text: string) => string,
): string {
  /** The values of the children that are looked at. */
  const children = (list: readonly Column[], nameOf: (k: number) => string): (string | undefined)[] =>
    list.map((child, k) => {
      const inner = reads === true ? true : reads.get(nameOf(k))
      return inner && emit(child, `${path}.children[${k}]`, inner, setup)
    })
  switch (column.kind) {
    case 'f64':
    case 'i32':
    case 'i64':
      return `${local(`${path}.values`)}[i]`
    case 'bool':
      return `(${local(`${path}.values`)}[i] === 1)`
    case 'utf8':
      return `${local(`textReader(${path}.bytes, ${path}.starts, ${path}.ends)`)}(i)`
    case 'dict':
      return `${local(`${path}.words.strings`)}[${local(`${path}.codes`)}[i]]`
    case 'binary':
    case 'any':
    case 'list':
      return `${local(path)}.at(i)`
    case 'const':
      return local(`${path}.value`)
    case 'tuple':
      return `[${children(column.children, String)
        .map(value => value ?? 'undefined')
        .join(', ')}]`
    case 'struct':
      return `({ ${children(column.children, k => column.names[k]!)
        .flatMap((value, k) => (value === undefined ? [] : `${JSON.stringify(column.names[k])}: ${value}`))
        .join(', ')} })`
  }
}
