import { isCounting } from './meaning.js'
import { separatorOf } from './separator.js'
import type { AnyNode, FunctionNode } from './syntax.js'
import type { Capture } from './user-function.js'

/**
 * Tells which functions are over soon whatever they are given, so that the driver may call them on its own thread.
 *
 * Only what is listed here counts: operators, constants declared once, branches, and calls of known functions whose work
 * is of the order of their arguments. No loops, functions of its own, assignments or callbacks. Anything else runs on a
 * worker, which can be ended.
 */

/** Work, in steps over something of the size of the record, that a call may take at most. */
const MOST = 300

/** Global functions, and those of global objects. */
const CALLS = new Set(
  `Number String Boolean BigInt parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent
   JSON.parse JSON.stringify Object.keys Object.values Object.entries Object.is Object.hasOwn Object.fromEntries
   Array.isArray Array.of Date.now Date.parse Date.UTC String.fromCharCode String.fromCodePoint
   Number.isFinite Number.isInteger Number.isNaN Number.isSafeInteger Number.parseInt Number.parseFloat`.split(
    /\s+/,
  ),
)
const CLASSES = new Set(['Date', 'Map', 'Set', 'Error', 'RangeError', 'TypeError'])
const CONSTANTS = new Set(['undefined', 'NaN', 'Infinity'])

/** Methods of what a record may hold. */
const METHODS = new Set(
  `at charAt charCodeAt codePointAt concat endsWith flat get has isWellFormed normalize slice startsWith substring
   toExponential toFixed toISOString toLowerCase toPrecision toString toUpperCase trim trimEnd trimStart valueOf
   getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate
   getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds`.split(
    /\s+/,
  ),
)
/** Methods that go over one text for another: only for texts that are written down, or captured. */
const SEARCHES = new Set(['includes', 'indexOf', 'join', 'lastIndexOf', 'replace', 'replaceAll', 'split'])

/** Methods as values may end up where they are called with anything: only calls are let through. */
const METHOD_NAMES = new Set([
  '__proto__',
  ...[Array, BigInt, Boolean, Date, Function, Map, Number, Object, RegExp, Set, String, Uint8Array].flatMap(
    of =>
      [of.prototype as object, Object.getPrototypeOf(of.prototype) as object | null].flatMap(prototype =>
        Object.entries(Object.getOwnPropertyDescriptors(prototype ?? {}))
          .filter(([, { value }]) => typeof value === 'function')
          .map(([name]) => name),
      ),
  ),
])

/** True if a built-in function, named by its text, is over soon. */
export const isBoundedBuiltIn = (name: string): boolean => CALLS.has(name) || name.startsWith('Math.')

export function isBounded(node: FunctionNode, captures: ReadonlyMap<string, Capture>): boolean {
  return weightOf(node, captures) <= MOST
}

/** The work of a call, infinite where it is not known. Every use of a value counts with what it took to make it. */
function weightOf(fn: FunctionNode, captures: ReadonlyMap<string, Capture>): number {
  const locals = new Map<string, number>()
  if (fn.async || fn.generator) return Infinity
  const params = (fn.params as unknown as AnyNode[]).map(param => bind(param, 1))
  return sum(params) + weigh(fn.body as unknown as AnyNode)

  function sum(weights: readonly number[]): number {
    return weights.reduce((a, b) => a + b, 0)
  }
  function all(nodes: unknown): number {
    return sum((nodes as (AnyNode | null)[]).map(n => (n === null ? 0 : weigh(n))))
  }
  function weighOptional(node: unknown): number {
    return node ? weigh(node as AnyNode) : 0
  }

  /** Enters the names of a pattern, for a value of this weight; gives the weight of the pattern itself. */
  function bind(pattern: AnyNode, value: number): number {
    switch (pattern.type) {
      case 'Identifier': {
        const name = pattern.name as string
        locals.set(name, Math.max(value, locals.get(name) ?? 0))
        return 1
      }
      case 'RestElement':
        return bind(pattern.argument as AnyNode, value) + value
      case 'AssignmentPattern': {
        const other = weigh(pattern.right as AnyNode)
        return bind(pattern.left as AnyNode, value + other) + other
      }
      case 'ArrayPattern':
        return sum((pattern.elements as (AnyNode | null)[]).map(e => (e === null ? 1 : bind(e, value))))
      case 'ObjectPattern':
        return sum(
          (pattern.properties as AnyNode[]).map(p =>
            p.type === 'RestElement'
              ? bind(p, value)
              : isFieldName(p.key as AnyNode, p.computed as boolean)
                ? bind(p.value as AnyNode, value)
                : Infinity,
          ),
        )
      default:
        return Infinity
    }
  }

  function weigh(node: AnyNode): number {
    switch (node.type) {
      case 'Identifier':
        return weightOfName(node.name as string)
      case 'Literal':
        return node.regex === undefined ? sizeOf(node.value) : Infinity
      case 'TemplateLiteral':
        return 1 + all(node.expressions)
      case 'TemplateElement':
      case 'EmptyStatement':
        return 0
      case 'BinaryExpression': {
        const [left, right] = [node.left as AnyNode, node.right as AnyNode]
        // Of BigInts these grow without bounds, and a BigInt does not mix with a number.
        const grows = node.operator === '**' || node.operator === '<<'
        if (grows && typeof right.value !== 'number') return Infinity
        return 1 + weigh(left) + weigh(right)
      }
      case 'LogicalExpression':
        return 1 + all([node.left, node.right])
      case 'UnaryExpression':
        return node.operator === 'delete' ? Infinity : 1 + weigh(node.argument as AnyNode)
      case 'UpdateExpression':
        return isCounting(node) ? 1 : Infinity
      case 'ConditionalExpression':
      case 'IfStatement':
        return (
          1 + weigh(node.test as AnyNode) + weigh(node.consequent as AnyNode) + weighOptional(node.alternate)
        )
      case 'ArrayExpression':
        return 1 + all(node.elements)
      case 'SequenceExpression':
        return all(node.expressions)
      case 'ObjectExpression':
        return 1 + all(node.properties)
      case 'Property':
        return node.kind === 'init' && !node.method && !node.computed
          ? 1 + weigh(node.value as AnyNode)
          : Infinity
      case 'SpreadElement':
      case 'ThrowStatement':
        return 1 + weigh(node.argument as AnyNode)
      case 'ReturnStatement':
        return 1 + weighOptional(node.argument)
      case 'ChainExpression':
      case 'ExpressionStatement':
        return weigh(node.expression as AnyNode)
      case 'BlockStatement':
        return all(node.body)
      case 'VariableDeclaration':
        return sum(
          (node.declarations as AnyNode[]).map(({ id, init }) => {
            const value = weighOptional(init)
            return value + bind(id as AnyNode, 1 + value)
          }),
        )
      case 'MemberExpression':
        return weighMember(node)
      case 'CallExpression':
        return weighCall(node.callee as AnyNode, node.arguments as AnyNode[])
      case 'NewExpression':
        return isGlobal(node.callee as AnyNode, CLASSES) ? 1 + all(node.arguments) : Infinity
      default:
        return Infinity
    }
  }

  function weightOfName(name: string): number {
    const local = locals.get(name)
    const capture = captures.get(name)
    // A block may declare a name that is captured: either may be meant.
    if (capture !== undefined)
      return Math.max(
        local ?? 0,
        capture.kind === 'value' ? sizeOf(capture.value) : capture.kind === 'job' ? 1 : Infinity,
      )
    return local ?? (CONSTANTS.has(name) ? 1 : Infinity)
  }

  function isGlobal(node: AnyNode, names: ReadonlySet<string>): boolean {
    const name = node.name as string
    return node.type === 'Identifier' && names.has(name) && !locals.has(name) && !captures.has(name)
  }

  function weighMember({ object, property, computed }: AnyNode): number {
    const of = object as AnyNode
    const name = (property as AnyNode).name as string
    if (!computed && isGlobal(of, NAMESPACES))
      return typeof (NAMESPACE_VALUES[of.name as string] as Record<string, unknown>)[name] === 'number'
        ? 1
        : Infinity
    return isFieldName(property as AnyNode, computed as boolean) ? 1 + weigh(of) : Infinity
  }

  function weighCall(callee: AnyNode, args: AnyNode[]): number {
    if (callee.type === 'Identifier') {
      if (isGlobal(callee, CALLS)) return 1 + all(args)
      const capture = captures.get(callee.name as string)
      if (capture?.kind !== 'function' || locals.has(callee.name as string)) return Infinity
      const { node, captures: inner, bounded } = capture.fn
      if (node === undefined) return bounded ? 1 + all(args) : Infinity
      // One that calls others may double its work at each level.
      if ([...inner.values()].some(c => c.kind === 'function')) return Infinity
      return (1 + all(args)) * weightOf(node, inner)
    }
    if (callee.type !== 'MemberExpression' || callee.computed) return Infinity
    const of = callee.object as AnyNode
    const name = (callee.property as AnyNode).name as string
    if (isGlobal(of, NAMESPACES)) return isBoundedBuiltIn(`${of.name}.${name}`) ? 1 + all(args) : Infinity
    if (METHODS.has(name)) return 1 + weigh(of) + all(args)
    if (!SEARCHES.has(name) || !args.every(isConstant)) return Infinity
    return (1 + weigh(of)) * (1 + sum(args.map(arg => (arg.regex === undefined ? weigh(arg) : 1))))
  }

  function isConstant(node: AnyNode): boolean {
    if (node.regex !== undefined) return separatorOf(node, captures) !== undefined
    if (node.type === 'Literal') return true
    const capture = node.type === 'Identifier' ? captures.get(node.name as string) : undefined
    return capture?.kind === 'value' && typeof capture.value !== 'object' && !locals.has(node.name as string)
  }
}

const NAMESPACE_VALUES: Record<string, unknown> = { Math, Number, JSON, Object, Array, Date, String }
const NAMESPACES: ReadonlySet<string> = new Set(Object.keys(NAMESPACE_VALUES))

/** A name written down that is no method's. */
function isFieldName(key: AnyNode, computed: boolean): boolean {
  if (computed && key.type !== 'Literal') return false
  const name = key.type === 'Literal' ? String(key.value) : (key.name as string | undefined)
  return name !== undefined && !METHOD_NAMES.has(name)
}

/** How much there is of a constant; infinite for what is large, or holds itself. */
function sizeOf(value: unknown, depth = 8): number {
  if (typeof value === 'string') return 1 + value.length / 16
  if (typeof value === 'bigint') return 1 + value.toString(16).length / 16
  if (typeof value !== 'object' || value === null) return 1
  if (ArrayBuffer.isView(value)) return 1 + value.byteLength / 8
  if (value instanceof Date) return 1
  const items =
    value instanceof Map
      ? [...value].flat()
      : value instanceof Set || Array.isArray(value)
        ? [...value]
        : Object.getPrototypeOf(value) === Object.prototype
          ? Object.values(value)
          : undefined
  if (items === undefined || depth === 0) return Infinity
  let size = 1
  for (const item of items) {
    size += sizeOf(item, depth - 1)
    if (size > MOST) return Infinity
  }
  return size
}
