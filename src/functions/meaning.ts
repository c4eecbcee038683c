import { type Separator, separatorOf } from './separator.js'
import { isCounter, isShim } from './shims.js'
import type { AnyNode } from './syntax.js'
import type { Capture, UserFunction } from './user-function.js'

/**
 * What a function computes, for the functions that are understood: a small language over the record. Whether it
 * can run over columns also depends on their types; see worker/project.ts.
 */
export type Meaning =
  | { kind: 'input' }
  | { kind: 'const'; value: number | string | boolean | null }
  | { kind: 'field'; of: Meaning; name: string | number }
  | { kind: 'tuple'; items: Meaning[] }
  | { kind: 'record'; names: string[]; items: Meaning[] }
  /** `text.split(by)` */
  | { kind: 'split'; text: Meaning; by: Separator }
  /** A text that is not empty, as a condition. */
  | { kind: 'nonEmpty'; text: Meaning }
  /** The record itself, if it is what an operator of the library works on; an error if not. */
  | { kind: 'checked'; as: Check }

/** What an operator of the library may ask of its records. */
export type Check = 'number' | 'number or nothing' | 'text or nothing' | 'date or nothing' | 'ordered'

/** A reducer over numbers: a fold (FOLD_…), or one for each item of an array or property of an object. */
export type Fold = { op: number } | { items: Fold[]; names: string[] | undefined }

/** Why a function is not understood: the construct that stopped the reader. */
export class NotUnderstood extends Error {
  readonly construct: string

  constructor(node: AnyNode, source: string) {
    const text = source.slice(node.start, node.end).replace(/\s+/g, ' ')
    super(text)
    this.construct = text.length > 40 ? `${text.slice(0, 39)}…` : text
  }
}

/** The names in scope, parameters and constants declared before the result, and what has become of them. */
class Scope {
  readonly #names = new Map<string, Meaning>()
  readonly #used = new Set<Meaning>()
  readonly #demands: { anyOf: Meaning[]; node: AnyNode }[] = []

  enter(name: string, value: Meaning): void {
    this.#names.set(name, value)
  }
  use(name: string): Meaning | undefined {
    const value = this.#names.get(name)
    if (value !== undefined) this.#used.add(value)
    return value
  }
  /** Notes what may throw where it stands, for records of some types: the result must depend on one of these. */
  demand(node: AnyNode, anyOf: Meaning[]): void {
    this.#demands.push({ node, anyOf })
  }
  /** The first thing that would be left out if only the result were computed. */
  get leftOut(): AnyNode | undefined {
    return this.#demands.find(({ anyOf }) => !anyOf.some(value => this.#used.has(value)))?.node
  }
}

/** The meaning of a function of one record, or why there is none. */
export function meaningOf(fn: UserFunction): Meaning | NotUnderstood {
  if (fn.source === 'Boolean' && fn.node === undefined) return { kind: 'nonEmpty', text: { kind: 'input' } }
  return understand(fn, [{ kind: 'input' }], (body, read) => read(body))
}

/** As {@link meaningOf}, for a function that is used as a condition. */
export function conditionOf(fn: UserFunction): Meaning | NotUnderstood {
  if (fn.node === undefined) return meaningOf(fn)
  return understand(fn, [{ kind: 'input' }], (body, read) => nonEmpty(body, read) ?? read(body))
}

/**
 * Reads a function's result as an expression of its parameters.
 *
 * @param inputs what the parameters stand for
 * @param result reads the result's node; it is given the reader of expressions
 */
export function understand<T>(
  fn: UserFunction,
  inputs: Meaning[],
  result: (body: AnyNode, read: (node: AnyNode) => Meaning) => T,
): T | NotUnderstood {
  const { node, source } = fn
  if (node === undefined) return new NotUnderstood({ start: 0, end: source.length } as AnyNode, source)
  const scope = new Scope()
  const read = (n: AnyNode): Meaning => expression(n, scope, fn.captures, source)
  try {
    if (node.async || node.generator)
      throw new NotUnderstood({ ...node, end: node.body.start } as AnyNode, source)
    // What tools write is passed over, but not a variable that is named like it.
    if ([...fn.captures.keys()].some(isShim)) throw new NotUnderstood(node as unknown as AnyNode, source)
    node.params.forEach((param, i) => {
      bind(
        param as unknown as AnyNode,
        inputs[i] ?? { kind: 'const', value: null },
        scope,
        source,
        i < inputs.length,
      )
    })
    let body = node.body as unknown as AnyNode
    if (body.type === 'BlockStatement') body = resultOf(body, scope, read, source)
    const meant = result(withoutCounters(body), read)
    if (scope.leftOut !== undefined) throw new NotUnderstood(scope.leftOut, source)
    return meant
  } catch (error) {
    if (error instanceof NotUnderstood) return error
    throw error
  }
}

/** The returned expression of a body of constants and one return; a tool's counters are passed over. */
function resultOf(block: AnyNode, scope: Scope, read: (n: AnyNode) => Meaning, source: string): AnyNode {
  for (const statement of block.body as AnyNode[]) {
    if (statement.type === 'ExpressionStatement' && isCounting(statement.expression as AnyNode)) continue
    if (statement.type === 'ReturnStatement' && statement.argument) return statement.argument as AnyNode
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const')
      throw new NotUnderstood(statement, source)
    for (const d of statement.declarations as AnyNode[]) {
      // A copy, since each name is to be used: `const a = x.f, b = a` reads a for b, and that may be all.
      const value = { ...read(withoutCounters(d.init as AnyNode)) }
      bind(d.id as AnyNode, value, scope, source, true)
      if (value.kind !== 'input' && value.kind !== 'const' && (d.id as AnyNode).type === 'Identifier')
        scope.demand(d, [value])
    }
  }
  throw new NotUnderstood(block, source)
}

/** Enters the names of a pattern; gives what they stand for. */
function bind(pattern: AnyNode, value: Meaning, scope: Scope, source: string, known: boolean): Meaning[] {
  if (!known) throw new NotUnderstood(pattern, source)
  const bound: Meaning[] = []
  switch (pattern.type) {
    case 'Identifier':
      if (isShim(pattern.name as string)) break
      scope.enter(pattern.name as string, value)
      return [value]
    case 'ArrayPattern':
      ;(pattern.elements as (AnyNode | null)[]).forEach((element, name) => {
        if (element !== null)
          bound.push(...bind(element, { kind: 'field', of: value, name }, scope, source, true))
      })
      scope.demand(pattern, bound)
      return bound
    case 'ObjectPattern':
      for (const property of pattern.properties as AnyNode[]) {
        const key = property.key as AnyNode | undefined
        if (property.type !== 'Property' || property.computed || key?.type !== 'Identifier')
          throw new NotUnderstood(pattern, source)
        const field: Meaning = { kind: 'field', of: value, name: key.name as string }
        bound.push(...bind(property.value as AnyNode, field, scope, source, true))
      }
      scope.demand(pattern, bound)
      return bound
  }
  throw new NotUnderstood(pattern, source)
}

function expression(
  outer: AnyNode,
  scope: Scope,
  captures: ReadonlyMap<string, Capture>,
  source: string,
): Meaning {
  const node = withoutCounters(outer)
  const read = (n: AnyNode): Meaning => expression(n, scope, captures, source)
  switch (node.type) {
    case 'Identifier': {
      const known = scope.use(node.name as string)
      if (known !== undefined) return known
      const capture = captures.get(node.name as string)
      if (capture?.kind === 'value' && isPrimitive(capture.value))
        return { kind: 'const', value: capture.value }
      break
    }
    case 'Literal':
      if (isPrimitive(node.value) && !node.regex) return { kind: 'const', value: node.value }
      break
    case 'UnaryExpression': {
      const value = (node.argument as AnyNode).value
      if (node.operator === '-' && typeof value === 'number') return { kind: 'const', value: -value }
      break
    }
    case 'TemplateLiteral':
      if ((node.expressions as AnyNode[]).length === 0) {
        return { kind: 'const', value: ((node.quasis as AnyNode[])[0]!.value as { cooked: string }).cooked }
      }
      break
    case 'ArrayExpression':
      if ((node.elements as (AnyNode | null)[]).every(e => e !== null && e.type !== 'SpreadElement')) {
        return { kind: 'tuple', items: (node.elements as AnyNode[]).map(read) }
      }
      break
    case 'ObjectExpression': {
      const properties = node.properties as AnyNode[]
      const names = properties.map(propertyName)
      if (
        names.every(n => n !== undefined && n !== '__proto__') &&
        new Set(names).size === names.length &&
        names.length > 0
      ) {
        return {
          kind: 'record',
          names: names as string[],
          items: properties.map(p => read(p.value as AnyNode)),
        }
      }
      break
    }
    case 'MemberExpression': {
      const name = memberName(node)
      if (name !== undefined && name !== 'length' && name !== '__proto__' && !node.optional)
        return { kind: 'field', of: read(node.object as AnyNode), name }
      break
    }
    case 'CallExpression': {
      const callee = node.callee as AnyNode
      const args = node.arguments as AnyNode[]
      if (
        callee.type === 'MemberExpression' &&
        memberName(callee) === 'split' &&
        args.length === 1 &&
        !node.optional &&
        !callee.optional
      ) {
        const by = separatorOf(args[0]!, captures)
        if (by !== undefined) return { kind: 'split', text: read(callee.object as AnyNode), by }
      }
      break
    }
  }
  throw new NotUnderstood(node, source)
}

/** `w`, `!!w`, `w !== ''`, `w.length`, `w.length > 0`: true for a text that is not empty. */
function nonEmpty(outer: AnyNode, read: (n: AnyNode) => Meaning): Meaning | undefined {
  const node = withoutCounters(outer)
  const isLength = (n: AnyNode): boolean =>
    n.type === 'MemberExpression' && memberName(n) === 'length' && !n.optional
  const textOf = (n: AnyNode): Meaning => ({
    kind: 'nonEmpty',
    text: read(isLength(n) ? (n.object as AnyNode) : n),
  })
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    const inner = node.argument as AnyNode
    return inner.type === 'UnaryExpression' && inner.operator === '!'
      ? nonEmpty(inner.argument as AnyNode, read)
      : undefined
  }
  if (node.type === 'BinaryExpression') {
    const [left, right] = [node.left as AnyNode, node.right as AnyNode]
    const limit = right.value
    const operator = node.operator as string
    if ((operator === '!==' || operator === '!=') && limit === '') return textOf(left)
    if (
      isLength(left) &&
      ((['!==', '!=', '>'].includes(operator) && limit === 0) || (operator === '>=' && limit === 1))
    )
      return textOf(left)
    return undefined
  }
  return node.type === 'Identifier' || node.type === 'MemberExpression' ? textOf(node) : undefined
}

function propertyName(property: AnyNode): string | undefined {
  if (property.type !== 'Property' || property.computed || property.kind !== 'init' || property.method)
    return undefined
  const key = property.key as AnyNode
  const name = key.type === 'Identifier' ? (key.name as string) : key.value
  // Names that look like numbers do not keep their place in an object.
  return typeof name === 'string' && !/^\d+$/.test(name) ? name : undefined
}

/** The constant name of a member access. */
export function memberName(node: AnyNode): string | number | undefined {
  const property = node.property as AnyNode
  if (!node.computed) return property.type === 'Identifier' ? (property.name as string) : undefined
  const { value } = property
  return typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value) && value >= 0)
    ? value
    : undefined
}

function isPrimitive(value: unknown): value is number | string | boolean | null {
  return (
    value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
  )
}

/** An expression without a coverage tool's `(cov_x().b[0][0]++, …)` and without `__name(…, 'x')`. */
export function withoutCounters(node: AnyNode): AnyNode {
  if (node.type === 'SequenceExpression') {
    const parts = node.expressions as AnyNode[]
    if (parts.slice(0, -1).every(isCounting)) return withoutCounters(parts.at(-1)!)
  }
  if (node.type === 'CallExpression' && (node.callee as AnyNode).name === '__name')
    return withoutCounters((node.arguments as AnyNode[])[0]!)
  return node
}

/** True for a coverage tool's `cov_x().s[0]++`. */
export function isCounting(node: AnyNode): boolean {
  if (node.type !== 'UpdateExpression') return false
  let at = node.argument as AnyNode
  while (at.type === 'MemberExpression' || at.type === 'CallExpression')
    at = (at.type === 'MemberExpression' ? at.object : at.callee) as AnyNode
  return at.type === 'Identifier' && isCounter(at.name as string)
}
