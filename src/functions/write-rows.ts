import { F64Builder, I32Builder } from '../memory/build/fixed.js'
import { StructBuilder, TupleBuilder } from '../memory/build/nested.js'
import type { RowBuilder } from '../memory/build/row-builder.js'

/** Source text that pushes values into a RowBuilder named `out`: statements for before and after the loop, and the push. */
export interface Writer {
  setup: string
  /** @param value the name of a variable */
  write(value: string): string
  end: string
}

/** What a writer's text expects in scope. */
export const WRITER_SCOPE: Record<string, unknown> = {
  F64Builder,
  I32Builder,
  TupleBuilder,
  StructBuilder,
  ObjectPrototype: Object.prototype,
  prototypeOf: Object.getPrototypeOf,
}

/**
 * The writer for builders of the same type as `like`; it copes with any other, only slower.
 *
 * The builder, or each child's builder of a tuple or struct, is a local of its own, so that its `push` is monomorphic and
 * inlined. A value that it refuses goes through `RowBuilder.push`, which widens.
 *
 * @param atMost an expression for the most values that will come; with it, numbers go straight into their array
 */
export function emitWriter({ builder }: RowBuilder, atMost?: string): Writer {
  if (builder === undefined) return { setup: '', write: value => `out.push(${value})`, end: '' }
  if (atMost !== undefined && builder instanceof F64Builder)
    return numbers('F64Builder', atMost, value => `typeof ${value} === 'number'`)
  if (atMost !== undefined && builder instanceof I32Builder)
    return numbers(
      'I32Builder',
      atMost,
      value =>
        `typeof ${value} === 'number' && (${value} | 0) === ${value} && !(${value} === 0 && 1 / ${value} < 0)`,
    )
  if (builder instanceof TupleBuilder) {
    const items = builder.children.map((_, k) => `[${k}]`)
    return nested(items, 'TupleBuilder', value => {
      const whole = items.map((item, k) => ` && (${value}${item} !== undefined || ${k} in ${value})`).join('')
      return {
        setup: '',
        test: `Array.isArray(${value}) && ${value}.length === ${items.length} && ${value}.index === undefined${whole}`,
      }
    })
  }
  if (builder instanceof StructBuilder) {
    const names = builder.names.map(name => JSON.stringify(name))
    return nested(
      names.map(name => `[${name}]`),
      'StructBuilder',
      value => ({
        setup: `let k = -1
        if (typeof ${value} === 'object' && ${value} !== null && prototypeOf(${value}) === ObjectPrototype) {
          k = 0
          for (const name in ${value}) { if (name !== names[k]) { k = -1; break } k++ }
        }`,
        test: `k === ${names.length}`,
        scope: `const names = [${names}]`,
      }),
    )
  }
  return { setup: 'let b = out.builder', write: value => pushTo('b', 'out', value), end: '' }
}

/** Numbers, written without a call until one does not fit. */
function numbers(className: string, atMost: string, fits: (value: string) => string): Writer {
  return {
    setup: `const b = out.builder
      let m = b.length, direct = b instanceof ${className} && b.openFor(${atMost})
      const o = b.values`,
    write: value => `if (direct && ${fits(value)}) o[m++] = ${value}
        else { if (direct) { b.close(m); direct = false } out.push(${value}) }`,
    end: 'if (direct) b.close(m)',
  }
}

/** Records with a fixed number of children; `fits` tells a value that has just these. */
function nested(
  children: string[],
  className: string,
  fits: (value: string) => { setup: string; test: string; scope?: string },
): Writer {
  const load = `whole = out.builder; typed = whole instanceof ${className} && whole.children.length === ${children.length}
        if (typed) { ${children.map((_, k) => `r${k} = whole.children[${k}]; b${k} = r${k}.builder`).join('; ')} }`
  return {
    setup: `let whole, typed, ${children.map((_, k) => `r${k}, b${k}`).join(', ')}; ${load}; ${fits('').scope ?? ''}`,
    write: value => {
      const { setup, test } = fits(value)
      return `${setup}
        if (typed && ${test}) {
          ${children.map((child, k) => pushTo(`b${k}`, `r${k}`, `${value}${child}`)).join('\n          ')}
          whole.acceptRow()
        } else { out.push(${value}); ${load} }`
    },
    end: '',
  }
}

function pushTo(builder: string, rows: string, value: string): string {
  return `if (${builder} === undefined || !${builder}.push(${value})) { ${rows}.push(${value}); ${builder} = ${rows}.builder }`
}

/** Equal for builders that one writer serves at full speed. */
export function writerKey({ builder }: RowBuilder): string {
  const name = builder === undefined ? '-' : builder.constructor.name
  const children = (list: readonly RowBuilder[]): string =>
    list.map(c => c.builder?.constructor.name ?? '-').join(',')
  if (builder instanceof TupleBuilder) return `${name}(${children(builder.children)})`
  return builder instanceof StructBuilder
    ? `${name}(${JSON.stringify(builder.names)},${children(builder.children)})`
    : name
}
