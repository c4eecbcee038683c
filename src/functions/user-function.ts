import { MillraceError, shown } from '../core/errors.js'
import { isBounded, isBoundedBuiltIn } from './bounded.js'
import { CARRIED, type Captures, type Carried, copyCapture, JOB, UsersFunction } from './captures.js'
import { freeNames } from './free-names.js'
import { BUILT_INS, GLOBALS } from './globals.js'
import { isCounting } from './meaning.js'
import { nodeText } from './node-modules.js'
import { type Form, refused, refuseForm, refuseThis, unknownName } from './refusals.js'
import { isCounter, isShim } from './shims.js'
import { contains, type FunctionNode, type ParsedFunction, parseFunction } from './syntax.js'

/** A user's function, read and checked: what is needed to understand it, and to run it on another thread. */
export interface UserFunction {
  readonly id: number
  /** Text that evaluates to the function once its captures are in scope. */
  readonly source: string
  /** The syntax tree; undefined for built-in and module functions, and modules of Node, which are taken as they are. */
  readonly node: FunctionNode | undefined
  readonly captures: ReadonlyMap<string, Capture>
  /** Names that tools put into the text and that a worker must define. */
  readonly shims: readonly string[]
  /** The module that exports it, for a function of {@link moduleFunction}. */
  readonly module: { href: string; name: string } | undefined
  /** It is over soon whatever it is given, and does not touch what is outside of it: see bounded.ts. */
  readonly bounded: boolean
  /** Where the operator was written: `map at app.js:12`. */
  readonly location: string
  /** Which item of a record an error shows; undefined: all of it. */
  readonly shows?: number
}

export type Capture =
  | { kind: 'value'; value: unknown }
  /** See {@link JOB}. */
  | { kind: 'job' }
  /** `users`: see {@link UsersFunction}. */
  | { kind: 'function'; fn: UserFunction; users?: true }
  | { kind: 'carried'; carried: (home?: object) => Carried }

const MODULE: unique symbol = Symbol.for('millrace.module-function')

let nextId = 1
const parsed = new Map<string, { parsed: ParsedFunction | undefined; free: ReturnType<typeof freeNames> }>()

/**
 * Names a function that a module exports. The module is imported on the worker, so the function may use
 * imports, constants and helpers of its own.
 *
 * @param url of the module, such as `new URL('./score.js', import.meta.url)`
 * @param name of the export
 * @throws MILLRACE_FUNCTION if the URL is none
 * @example stream.map(moduleFunction(new URL('./score.js', import.meta.url), 'score'))
 */
// biome-ignore lint/suspicious/noExplicitAny: it stands for a function of any type
export function moduleFunction<F extends (...args: any[]) => any>(url: URL | string, name = 'default'): F {
  const stand = (): never => {
    throw new MillraceError(
      'MILLRACE_FUNCTION',
      `the module function '${name}' runs on workers; import it to call it here.`,
    )
  }
  if (!URL.canParse(String(url))) {
    throw new MillraceError(
      'MILLRACE_FUNCTION',
      `expected the URL of a module for moduleFunction but received ${shown(url)}; write new URL('./file.js', import.meta.url).`,
    )
  }
  return Object.assign(stand, { [MODULE]: { href: new URL(url).href, name } }) as unknown as F
}

/**
 * Reads a function that is to run on a worker.
 *
 * @param location the operator and where it was called, for messages: `map at app.js:12`
 * @param form what the operator can do with what the function gives
 * @throws MILLRACE_FUNCTION, MILLRACE_FREE_NAME, MILLRACE_CAPTURE, MILLRACE_CONTEXT_CAPTURED
 */
export function readFunction(
  fn: Function,
  captures: Captures | undefined,
  location: string,
  form: Form = 'plain',
): UserFunction {
  const module = (fn as { [MODULE]?: { href: string; name: string } })[MODULE]
  if (module !== undefined) return named(`${module.href}#${module.name}`, location, { module })
  const text = Function.prototype.toString.call(fn)
  const builtIn = BUILT_INS.get(fn)
  if (builtIn !== undefined) return named(builtIn, location, { bounded: isBoundedBuiltIn(builtIn) })

  const { parsed: syntax, free } = read(text)
  if (syntax !== undefined) refuseForm(syntax, form, location)
  try {
    if (syntax === undefined) throw refused(fn, text, location)
    return readText(syntax, free, fn.name, captures, location)
  } catch (error) {
    return ofNode(fn, location, error)
  }
}

function readText(
  { node, source }: ParsedFunction,
  free: ReturnType<typeof freeNames>,
  fnName: string,
  captures: Captures | undefined,
  location: string,
): UserFunction {
  refuseThis({ node, source }, location)
  const names = new Map<string, Capture>()
  const shims: string[] = []
  for (const { name } of free) {
    if (captures !== undefined && Object.hasOwn(captures, name) && name !== 'arguments')
      names.set(name, readCapture(name, captures[name], captures, location))
    else if (isShim(name) && !(isCounter(name) && isUsed(name, node))) shims.push(name)
    else if (!GLOBALS.has(name)) throw unknownName(name, captures, fnName, source, location)
  }
  const bounded = isBounded(node, names)
  return { id: nextId++, source, node, captures: names, shims, module: undefined, bounded, location }
}

/** A function that is not carried, but found again by its name. */
function named(
  source: string,
  location: string,
  { module, bounded = false }: Partial<Pick<UserFunction, 'module' | 'bounded'>> = {},
): UserFunction {
  return { id: nextId++, source, node: undefined, captures: new Map(), shims: [], module, bounded, location }
}

/** What names a function or a module of Node that could not be carried. @throws the error that said so, for any other */
function ofNode(value: unknown, location: string, error: unknown): UserFunction {
  const source = nodeText(value)
  if (source === undefined) throw error
  return named(source, location)
}

/** True if a name is used for more than to count, as a coverage tool's names are not. */
function isUsed(name: string, node: FunctionNode): boolean {
  return contains(node, n => n.type === 'Identifier' && n.name === name, isCounting)
}

function read(text: string): { parsed: ParsedFunction | undefined; free: ReturnType<typeof freeNames> } {
  let known = parsed.get(text)
  if (known === undefined) {
    const syntax = parseFunction(text)
    known = { parsed: syntax, free: syntax === undefined ? [] : freeNames(syntax.node) }
    if (parsed.size >= 1000) parsed.clear()
    parsed.set(text, known)
  }
  return known
}

// The captured functions being read: one that captures itself would be read for ever.
const reading = new Set<Function>()

function readCapture(name: string, value: unknown, captures: Captures, location: string): Capture {
  if (value instanceof UsersFunction)
    return { kind: 'function', fn: readFunction(value.fn, value.captures, value.location), users: true }
  if (typeof value === 'function') {
    if (reading.has(value)) {
      throw new MillraceError(
        'MILLRACE_CAPTURE',
        `the captured function '${name}' uses itself by way of its captures; give it a name of its own (function ${name}(…) { … }) or put it into a module, see moduleFunction.`,
      )
    }
    reading.add(value)
    try {
      return {
        kind: 'function',
        fn: readFunction(value, captures, `the capture '${name}' of ${location}`, 'any'),
      }
    } finally {
      reading.delete(value)
    }
  }
  if (value === JOB) return { kind: 'job' }
  const carried = (value as { [CARRIED]?: (home?: object) => Carried } | null | undefined)?.[CARRIED]
  if (typeof carried === 'function') return { kind: 'carried', carried: carried.bind(value) }
  try {
    return { kind: 'value', value: copyCapture(`the capture '${name}'`, value) }
  } catch (error) {
    return { kind: 'function', fn: ofNode(value, location, error) }
  }
}
