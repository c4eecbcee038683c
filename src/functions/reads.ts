import { type AnyNode, children } from './syntax.js'
import type { UserFunction } from './user-function.js'

/**
 * What a function may look at of the record it is given: all of it, or some of its fields, or items by their number, each
 * wholly or in part. What a function cannot look at need not be made for it.
 */
export type Reads = true | ReadonlyMap<string, Reads>

const NOTHING: Reads = new Map()

/** What a function may look at of its first argument; found in its text, and all of it where in doubt. */
export function readsOf({ node, captures }: UserFunction): Reads {
  if (node === undefined) return true
  const [record] = node.params as unknown as AnyNode[]
  return new Analysis(name => {
    const capture = captures.get(name)
    // The names of the library's own captures are not taken by anything else.
    return capture?.kind === 'function' && capture.users ? readsOf(capture.fn) : undefined
  }).of(record, node as unknown as AnyNode)
}

/** What either of two looks at. */
export function bothRead(a: Reads, b: Reads): Reads {
  if (a === true || b === true) return true
  const all = new Map(a)
  for (const [field, reads] of b) all.set(field, bothRead(all.get(field) ?? NOTHING, reads))
  return all
}

/**
 * What a chain of functions looks at of the records that come in. A filter hands on what it was given; behind anything else
 * there is another value.
 *
 * @param given true if records that all filters let through are wanted themselves
 */
export function readsOfSteps(steps: readonly { kind: string; reads: Reads }[], given: boolean): Reads {
  let all: Reads = NOTHING
  for (const { kind, reads } of steps) {
    all = bothRead(all, reads)
    if (kind !== 'filter') return all
  }
  return given ? true : all
}

/** A value that comes from the record, and what is done with it. */
class Use {
  whole = false
  readonly fields = new Map<string, Use>()

  field(name: string): Use {
    let field = this.fields.get(name)
    if (field === undefined) this.fields.set(name, (field = new Use()))
    return field
  }

  add(reads: Reads): void {
    if (reads === true) this.whole = true
    else for (const [name, inner] of reads) this.field(name).add(inner)
  }

  reads(): Reads {
    return this.whole || new Map(Array.from(this.fields, ([name, use]) => [name, use.reads()]))
  }
}

/** Follows the record through a function: by the names it goes by, and the fields that are named. */
class Analysis {
  readonly #captured: (name: string) => Reads | undefined
  readonly #record = new Use()
  /** Names that stand for the record, or for a part of it. Scopes are not told apart: a name is all that it may be. */
  readonly #names = new Map<string, Set<Use>>()
  #named = 0

  constructor(captured: (name: string) => Reads | undefined) {
    this.#captured = captured
  }

  of(record: AnyNode | undefined, fn: AnyNode): Reads {
    if (record !== undefined) this.#bind(record, [this.#record])
    // A name may be used above the place where it is given.
    for (let before = -1; before !== this.#named; ) {
      before = this.#named
      for (const child of children(fn as never)) if (child !== record) this.#visit(child)
    }
    return this.#record.reads()
  }

  /** Gives values to a pattern. */
  #bind(pattern: AnyNode, uses: readonly Use[]): void {
    switch (pattern.type as string) {
      case 'Identifier': {
        const name = pattern.name as string
        const known = this.#names.get(name) ?? new Set()
        this.#names.set(name, known)
        for (const use of uses) {
          if (known.has(use)) continue
          known.add(use)
          this.#named++
        }
        return
      }
      case 'AssignmentPattern':
        this.#visit(pattern.right as AnyNode)
        return this.#bind(pattern.left as AnyNode, uses)
      case 'ObjectPattern':
        for (const property of pattern.properties as AnyNode[]) {
          const name = property.type === 'Property' ? keyOf(property) : undefined
          if (name === undefined) return this.#everything(pattern, uses)
          this.#bind(
            property.value as AnyNode,
            uses.map(use => use.field(name)),
          )
        }
        return
      case 'ArrayPattern':
        for (const [i, item] of (pattern.elements as (AnyNode | null)[]).entries()) {
          if (item === null) continue
          if ((item.type as string) === 'RestElement') return this.#everything(pattern, uses)
          this.#bind(
            item,
            uses.map(use => use.field(String(i))),
          )
        }
        return
      default:
        this.#everything(pattern, uses)
    }
  }

  #everything(node: AnyNode, uses: readonly Use[]): void {
    for (const use of uses) use.whole = true
    for (const child of children(node as never)) this.#visit(child)
  }

  #visit(node: AnyNode): void {
    const uses = this.#followed(node)
    if (uses !== undefined) {
      for (const use of uses) use.whole = true
      return
    }
    switch (node.type as string) {
      case 'Identifier':
        if (node.name === 'arguments' || node.name === 'eval') this.#record.whole = true
        return
      case 'MemberExpression':
        this.#visit(node.object as AnyNode)
        if (node.computed === true) this.#visit(node.property as AnyNode)
        return
      case 'Property':
        if (node.computed === true) this.#visit(node.key as AnyNode)
        this.#visit(node.value as AnyNode)
        return
      case 'CallExpression':
        return this.#visitCall(node)
      case 'TaggedTemplateExpression':
        this.#visitCallee(node.tag as AnyNode)
        return this.#visit(node.quasi as AnyNode)
      case 'VariableDeclarator': {
        const init = node.init as AnyNode | null
        const given = init === null ? undefined : this.#followed(init)
        if (given !== undefined) return this.#bind(node.id as AnyNode, given)
        break
      }
      case 'AssignmentExpression':
        this.#visitTarget(node.left as AnyNode)
        return this.#visit(node.right as AnyNode)
      case 'UpdateExpression':
        return this.#visitTarget(node.argument as AnyNode)
      case 'UnaryExpression':
        if (node.operator === 'delete') return this.#visitTarget(node.argument as AnyNode)
    }
    for (const child of children(node as never)) this.#visit(child)
  }

  #visitCall(node: AnyNode): void {
    const callee = node.callee as AnyNode
    const [first, ...rest] = node.arguments as AnyNode[]
    const reads = callee.type === 'Identifier' ? this.#captured(callee.name as string) : undefined
    const uses = first === undefined || reads === undefined ? undefined : this.#followed(first)
    this.#visitCallee(callee)
    if (uses !== undefined) for (const use of uses) use.add(reads!)
    else if (first !== undefined) this.#visit(first)
    for (const argument of rest) this.#visit(argument)
  }

  /** A method is given the whole of what it is called on. */
  #visitCallee(callee: AnyNode): void {
    if (callee.type !== 'MemberExpression') return this.#visit(callee)
    this.#visit(callee.object as AnyNode)
    if (callee.computed === true) this.#visit(callee.property as AnyNode)
  }

  /** What is written to is another value from then on. */
  #visitTarget(target: AnyNode): void {
    if (target.type !== 'MemberExpression') return this.#visit(target)
    this.#visitTarget(target.object as AnyNode)
    if (target.computed === true) this.#visit(target.property as AnyNode)
  }

  /** The values that an expression may be, if it is the record, or a field of it that is named, or what goes by a name for one. */
  #followed(node: AnyNode): Use[] | undefined {
    switch (node.type as string) {
      case 'Identifier': {
        const uses = this.#names.get(node.name as string)
        return uses && [...uses]
      }
      case 'ChainExpression':
        return this.#followed(node.expression as AnyNode)
      case 'MemberExpression': {
        const name = keyOf(node, 'property')
        const uses = name === undefined ? undefined : this.#followed(node.object as AnyNode)
        return uses?.map(use => use.field(name!))
      }
      default:
        return undefined
    }
  }
}

/** A key that stands in the text; undefined for one that is computed. */
function keyOf(node: AnyNode, at: 'key' | 'property' = 'key'): string | undefined {
  const key = node[at] as AnyNode
  if (key.type === 'Literal') {
    const { value } = key as unknown as { value: unknown }
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }
  return key.type === 'Identifier' && node.computed !== true ? (key.name as string) : undefined
}
