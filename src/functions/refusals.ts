import { MillraceError } from '../core/errors.js'
import type { Captures } from './captures.js'
import { type AnyNode, contains, type ParsedFunction, sloppyReason } from './syntax.js'

/**
 * Functions that cannot be carried to another thread, and what to do about it: each error shows the function and names the
 * way out.
 */

/** What a function may be: one that gives its result at once, one that gives many as an iterable, or one that is awaited. */
export type Form = 'plain' | 'iterable' | 'awaited' | 'any'

/** A function's text as an error shows it: one line, shortened. */
export function snippet(source: string, limit = 100): string {
  const line = source.replace(/\s+/g, ' ').trim()
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}

/** The error for what is no function that can be read. */
export function refused(fn: Function, text: string, location: string): MillraceError {
  const native = /\{\s*\[native code\]\s*\}$/.test(text)
  const bound = native && fn.name.startsWith('bound ')
  const sloppy = sloppyReason(text)
  const what = /^class\b/.test(text)
    ? 'a class'
    : bound
      ? 'a bound function'
      : native
        ? 'a native function'
        : sloppy !== undefined
          ? 'a function that is not valid in strict mode'
          : 'a function whose source cannot be read'
  const name = fn.name.replace(/^(bound )+/, '')
  const hint =
    what === 'a class'
      ? 'Put it into a module, together with a function that uses it, and name that function with moduleFunction; or write the class into the function.'
      : sloppy !== undefined
        ? `Functions run in strict mode there: ${sloppy}.`
        : `Write an arrow function that calls it, for example x => ${/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : 'f'}(x), and hand over what it uses.`
  return new MillraceError(
    'MILLRACE_FUNCTION',
    `${location}: ${what} (${snippet(text, 60)}) cannot be carried to another thread as source text. ${hint}`,
  )
}

/** A promise or an iterator would be taken for a result: as a condition, both are true. */
export function refuseForm({ source, node }: ParsedFunction, form: Form, location: string): void {
  const { async, generator } = node
  if (form === 'any' || !(async || generator)) return
  if (form === (async ? 'awaited' : 'iterable') && !(async && generator)) return
  const [is, gives] = async ? ['async', 'a promise'] : ['a generator', 'an iterator']
  const fix = async
    ? 'Write a plain function. What must wait belongs into an input, or into foreachPartition, which awaits its function.'
    : 'Write a plain function. For several records from one, use flatMap.'
  throw new MillraceError(
    'MILLRACE_FUNCTION',
    `${location}: the function is ${is}, and would give ${gives} where its result is needed: ${snippet(source)}. ${fix}`,
  )
}

/** What only its place gives a meaning. */
export function refuseThis({ source, node }: ParsedFunction, location: string): void {
  const ownThis = (n: AnyNode): boolean =>
    n.type === 'FunctionExpression' || n.type === 'FunctionDeclaration' || n.type === 'ClassBody'
  const below = (test: (n: AnyNode) => boolean): boolean => {
    const parts = [...(node.params as unknown as AnyNode[]), node.body as unknown as AnyNode]
    return parts.some(part => !ownThis(part) && contains(part, test, ownThis))
  }
  const what = below(n => n.type === 'ThisExpression')
    ? '`this`'
    : below(n => n.type === 'Super')
      ? '`super`'
      : contains(
            node,
            n => n.type === 'PrivateIdentifier',
            n => n.type === 'ClassBody',
          )
        ? 'a #private name'
        : contains(node, n => n.type === 'MetaProperty')
          ? '`new.target` or `import.meta`'
          : undefined
  if (what === undefined) return
  throw new MillraceError(
    'MILLRACE_FUNCTION',
    `${location}: the function uses ${what}, which means nothing on another thread: ${snippet(source)}. ` +
      `Copy what it needs into a variable and hand that over: fn, { name }. Or put the function into a module, see moduleFunction.`,
  )
}

/** The error for an outside name that was not handed over. */
export function unknownName(
  name: string,
  captures: Captures | undefined,
  fnName: string,
  source: string,
  location: string,
): MillraceError {
  const given = Object.keys(captures ?? {})
  const fix =
    name === 'arguments' || name === 'eval'
      ? name === 'eval'
        ? 'Write what it should do into the function.'
        : 'Give the function parameters: (...items) => ….'
      : `Hand it over as the operator's last argument: { ${[...given, name].join(', ')} }.`
  const why =
    name === 'require' || name === 'module' || name === '__dirname' || name === '__filename'
      ? ` Modules are not at hand there: put the function into a file of its own and name it with moduleFunction(new URL('./file.js', import.meta.url), 'name').`
      : /^(_\w+|__\w+|import_\w+|\w+_\d+)$/.test(name)
        ? ` The name looks like one that a compiler or bundler made: raise its target, or name the function with moduleFunction.`
        : fnName !== ''
          ? ` If the function is a module's, name it instead: moduleFunction(new URL('./file.js', import.meta.url), '${fnName}').`
          : ''
  return new MillraceError(
    'MILLRACE_FREE_NAME',
    `${location}: the function uses the outside name '${name}', which is not known on another thread: ${snippet(source)}. ` +
      `${fix}${why}`,
  )
}
