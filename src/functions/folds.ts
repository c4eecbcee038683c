import { type Fold, type Meaning, memberName, NotUnderstood, understand, withoutCounters } from './meaning.js'
import type { AnyNode } from './syntax.js'
import type { UserFunction } from './user-function.js'

/** The numbers of native folds; kernels/layout.ts has the same. */
const SUM = 0
const MIN = 1
const MAX = 2
const COMPARE: Record<string, number> = { '<': 3, '<=': 4, '>': 5, '>=': 6 }
/** From `cond ? a : b` to `cond ? b : a`. */
const OTHER = 4
const MIRROR: Record<string, string> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

const LEFT: Meaning = { kind: 'field', of: { kind: 'input' }, name: 0 }
const RIGHT: Meaning = { kind: 'field', of: { kind: 'input' }, name: 1 }

/**
 * What a reducer does, if every number of its result is a known fold of the same number of both sides:
 * `(a, b) => a + b`, `(a, b) => Math.max(a, b)`, `([s, n], [t, m]) => [s + t, n + m]`.
 * It holds for numbers only; `a + b` of texts is another matter.
 */
export function foldOf(fn: UserFunction): Fold | NotUnderstood {
  if (fn.source === 'Math.min') return { op: MIN }
  if (fn.source === 'Math.max') return { op: MAX }
  if (fn.captures.has('Math')) return new NotUnderstood({ start: 0, end: 4 } as AnyNode, 'Math')
  return understand(fn, [LEFT, RIGHT], (body, read) => fold(body, [], read, fn.source))
}

/** True for `(a, b) => a - b`: for numbers, the inverse of a sum. */
export function isDifference(fn: UserFunction): boolean {
  const found = understand(fn, [LEFT, RIGHT], (body, read) => {
    const { type, operator } = body
    return (
      type === 'BinaryExpression' &&
      operator === '-' &&
      isAt(body.left as AnyNode, 0, [], read) &&
      isAt(body.right as AnyNode, 1, [], read)
    )
  })
  return found === true
}

/** True for a reducer that adds two numbers. */
export function isSum(fold: Fold | undefined): boolean {
  return fold !== undefined && 'op' in fold && fold.op === SUM
}

function fold(
  outer: AnyNode,
  path: (string | number)[],
  read: (n: AnyNode) => Meaning,
  source: string,
): Fold {
  const node = withoutCounters(outer)
  if (node.type === 'ArrayExpression') {
    return {
      items: (node.elements as AnyNode[]).map((item, i) => fold(item ?? node, [...path, i], read, source)),
      names: undefined,
    }
  }
  if (node.type === 'ObjectExpression') {
    const names = (node.properties as AnyNode[]).map(p =>
      p.type === 'Property' && !p.computed
        ? String((p.key as AnyNode).name ?? (p.key as AnyNode).value)
        : '__proto__',
    )
    if (names.includes('__proto__')) throw new NotUnderstood(node, source)
    return {
      items: (node.properties as AnyNode[]).map((p, i) =>
        fold(p.value as AnyNode, [...path, names[i]!], read, source),
      ),
      names,
    }
  }
  const op = foldNumber(node, read, path)
  if (op === undefined) throw new NotUnderstood(node, source)
  return { op }
}

function foldNumber(
  node: AnyNode,
  read: (n: AnyNode) => Meaning,
  path: (string | number)[],
): number | undefined {
  const isLeft = (n: AnyNode): boolean => isAt(n, 0, path, read)
  const isRight = (n: AnyNode): boolean => isAt(n, 1, path, read)
  /** True for (left, right), false for (right, left), undefined for anything else. */
  const order = (a: AnyNode, b: AnyNode): boolean | undefined =>
    isLeft(a) && isRight(b) ? true : isRight(a) && isLeft(b) ? false : undefined

  if (node.type === 'BinaryExpression' && node.operator === '+') {
    return order(node.left as AnyNode, node.right as AnyNode) === undefined ? undefined : SUM
  }
  if (node.type === 'CallExpression') {
    const callee = node.callee as AnyNode
    const args = node.arguments as AnyNode[]
    const of = callee.object as AnyNode | undefined
    // A parameter may be called Math.
    if (
      callee.type !== 'MemberExpression' ||
      of?.name !== 'Math' ||
      understoodBy(read, of) !== undefined ||
      args.length !== 2
    )
      return undefined
    if (order(args[0]!, args[1]!) === undefined) return undefined
    return { min: MIN, max: MAX }[String(memberName(callee))]
  }
  if (node.type === 'ConditionalExpression') {
    const test = withoutCounters(node.test as AnyNode)
    if (test.type !== 'BinaryExpression') return undefined
    const compared = order(test.left as AnyNode, test.right as AnyNode)
    const picked = order(node.consequent as AnyNode, node.alternate as AnyNode)
    if (compared === undefined || picked === undefined) return undefined
    const operator = compared ? (test.operator as string) : MIRROR[test.operator as string]
    const op = COMPARE[operator ?? '']
    return op === undefined ? undefined : picked ? op : op + OTHER
  }
  return undefined
}

/** True if the node is the number at `path` of side 0 or 1. */
function isAt(
  node: AnyNode,
  side: number,
  path: (string | number)[],
  read: (n: AnyNode) => Meaning,
): boolean {
  let meaning = understoodBy(read, node)
  for (const name of [side, ...path].reverse()) {
    if (meaning?.kind !== 'field' || meaning.name !== name) return false
    meaning = meaning.of
  }
  return meaning?.kind === 'input'
}

function understoodBy(read: (n: AnyNode) => Meaning, node: AnyNode): Meaning | undefined {
  try {
    return read(node)
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}
