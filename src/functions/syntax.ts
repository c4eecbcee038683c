import { type Expression, type Node, type Options, parseExpressionAt, parse as parseProgram } from 'acorn'

/** Any function node of the syntax tree. */
export type FunctionNode = Extract<Expression, { type: 'ArrowFunctionExpression' | 'FunctionExpression' }>

/** A node whose fields are looked up by name. */
export type AnyNode = Node & Record<string, unknown>

/** A function as an expression, whichever way it was written, and its syntax tree. */
export interface ParsedFunction {
  /** Text that evaluates to the function. */
  source: string
  node: FunctionNode
}

/**
 * Parses what `Function.prototype.toString` gives. A method (`m(x) { … }`), getter or class member is not an
 * expression as it stands, and becomes a function expression.
 *
 * @returns undefined when the text is no function, a class for instance
 */
export function parseFunction(text: string): ParsedFunction | undefined {
  const node = parse(text)
  if (node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression')
    return { source: text, node }
  if (node !== undefined) return undefined
  const member = `(class {${text}})`
  const wrapped = parse(member) as { body?: { body: AnyNode[] } } | undefined
  const value = wrapped?.body?.body[0]?.value as AnyNode | null | undefined
  if (value?.type !== 'FunctionExpression') return undefined
  const body = member.slice(value.start, value.end)
  const source = `${value.async ? 'async ' : ''}function${value.generator ? '*' : ''} ${body}`
  const method = parse(source)
  return method?.type === 'FunctionExpression' ? { source, node: method } : undefined
}

/** The whole text as one expression, in strict mode, else undefined. Places in the tree are places in the text. */
function parse(text: string): Expression | undefined {
  try {
    const { body } = parseProgram(`'use strict';(${text}\n)`, OPTIONS)
    if (body.length !== 2 || body[1]!.type !== 'ExpressionStatement') return undefined
    return parseExpressionAt(text, 0, OPTIONS)
  } catch {
    return undefined
  }
}

/** Why a function that is valid outside of strict mode is not valid in it; undefined for any other text. */
export function sloppyReason(text: string): string | undefined {
  const messages = ['', "'use strict';"].map(directive => {
    try {
      parseProgram(`${directive}(${text}\n)`, OPTIONS)
      return undefined
    } catch (error) {
      return (error as Error).message.replace(/ \(\d+:\d+\)$/, '')
    }
  })
  return messages[0] === undefined ? messages[1] : undefined
}

/** What only its place gives a meaning, `super` and the like, is parsed as well, so that it can be refused by its name. */
const OPTIONS: Options = {
  ecmaVersion: 'latest',
  sourceType: 'commonjs', // as in a function, where `new.target` may be
  allowImportExportEverywhere: true,
  allowSuperOutsideMethod: true,
  checkPrivateFields: false,
}

/** The nodes directly below a node, in the order of the text. */
export function children(node: Node): AnyNode[] {
  const found: AnyNode[] = []
  for (const value of Object.values(node)) {
    if (isNode(value)) found.push(value)
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) found.push(item)
  }
  return found
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

/** True if the node or one below it satisfies `test`; does not look below a node for which `skip` holds. */
export function contains(
  node: Node,
  test: (n: AnyNode) => boolean,
  skip: (n: AnyNode) => boolean = () => false,
): boolean {
  return test(node as AnyNode) || children(node).some(child => !skip(child) && contains(child, test, skip))
}
