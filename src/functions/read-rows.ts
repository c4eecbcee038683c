import type { Column } from '../memory/column.js'

/** Source text that reads row `i` of a column named `column`: statements for before the loop, and the value. */
export interface Reader {
  setup: string
  value: string
}

/** The reader for columns of the same type as `like`. The text expects `textReader` in scope. */
export function emitReader(like: Column): Reader {
  const setup: string[] = []
  const value = emit(like, 'column', setup)
  return { setup: setup.join('\n    '), value }
}

function emit(column: Column, path: string, setup: string[]): string {
  /** A local constant with this value. */
  const local = (text: string): string => {
    setup.push(`const c${setup.length} = ${text}`)
    return `c${setup.length - 1}`
  }
  const value = emitValid(column, path, setup, local)
  return column.valid === undefined ? value : `(${local(`${path}.valid`)}[i] === 0 ? null : ${value})`
}

function emitValid(column: Column, path: string, setup: string[], local: (text: string) => string): string {
  const children = (list: readonly Column[]): string[] =>
    list.map((child, k) => emit(child, `${path}.children[${k}]`, setup))
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
      return `[${children(column.children).join(', ')}]`
    case 'struct':
      return `({ ${children(column.children)
        .map((value, k) => `${JSON.stringify(column.names[k])}: ${value}`)
        .join(', ')} })`
  }
}
