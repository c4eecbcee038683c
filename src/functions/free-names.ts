import type { Node } from 'acorn'
import { type AnyNode, children } from './syntax.js'

/** A name's first use. */
export interface FreeName {
  name: string
  start: number
}

class Scope {
  readonly names = new Set<string>()
  readonly parent: Scope | undefined
  /** A scope that `var` belongs to. */
  readonly ofFunction: boolean

  constructor(parent: Scope | undefined, ofFunction: boolean) {
    this.parent = parent
    this.ofFunction = ofFunction
  }
  has(name: string): boolean {
    return this.names.has(name) || (this.parent?.has(name) ?? false)
  }
  get nearestFunction(): Scope {
    return this.ofFunction || this.parent === undefined ? this : this.parent.nearestFunction
  }
}

/** The names that a function uses and does not define, globals included, in the order of their first use. */
export function freeNames(root: Node): FreeName[] {
  const found = new Map<string, FreeName>()
  visit(root as AnyNode, new Scope(undefined, true))
  return [...found.values()]

  function use(node: AnyNode, scope: Scope): void {
    const name = node.name as string
    if (!scope.has(name) && !found.has(name)) found.set(name, { name, start: node.start })
  }

  function visit(node: AnyNode, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        return use(node, scope)
      case 'MemberExpression':
        visit(node.object as AnyNode, scope)
        if (node.computed) visit(node.property as AnyNode, scope)
        return
      case 'Property':
      case 'PropertyDefinition':
      case 'MethodDefinition':
        if (node.computed) visit(node.key as AnyNode, scope)
        if (node.value) visit(node.value as AnyNode, scope)
        return
      case 'LabeledStatement':
        return visit(node.body as AnyNode, scope)
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        return
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
        return visitFunction(node, scope)
      case 'ClassExpression':
      case 'ClassDeclaration':
        return visitClass(node, scope)
      case 'BlockStatement':
      case 'StaticBlock':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'SwitchStatement':
        return visitBlock(node, new Scope(scope, node.type === 'StaticBlock'))
      case 'CatchClause': {
        const inner = new Scope(scope, false)
        if (node.param) bind(node.param as AnyNode, inner)
        if (node.param) bindDefaults(node.param as AnyNode, inner)
        return visitBlock(node.body as AnyNode, inner)
      }
      case 'VariableDeclarator':
        bindDefaults(node.id as AnyNode, scope)
        if (node.init) visit(node.init as AnyNode, scope)
        return
      default:
        for (const child of children(node)) visit(child, scope)
    }
  }

  function visitFunction(node: AnyNode, outer: Scope): void {
    const scope = new Scope(outer, true)
    if (node.type !== 'ArrowFunctionExpression') scope.names.add('arguments')
    if (node.type === 'FunctionExpression' && node.id) scope.names.add((node.id as AnyNode).name as string)
    // A default may use parameters that follow, in a function of its own.
    for (const param of node.params as AnyNode[]) bind(param, scope)
    for (const param of node.params as AnyNode[]) bindDefaults(param, scope)
    const body = node.body as AnyNode
    if (body.type !== 'BlockStatement') return visit(body, scope)
    hoistVars(body, scope)
    visitBlock(body, scope)
  }

  function visitClass(node: AnyNode, outer: Scope): void {
    const scope = new Scope(outer, false)
    if (node.id) scope.names.add((node.id as AnyNode).name as string)
    if (node.superClass) visit(node.superClass as AnyNode, scope)
    visit(node.body as AnyNode, scope)
  }

  /** Visits the children of a block whose own declarations are entered first. */
  function visitBlock(node: AnyNode, scope: Scope): void {
    const statements =
      node.type === 'SwitchStatement'
        ? (node.cases as AnyNode[]).flatMap(c => c.consequent as AnyNode[])
        : children(node)
    for (const statement of statements) declare(statement, scope)
    if (scope.ofFunction || scope.parent === undefined) hoistVars(node, scope)
    for (const child of children(node)) visit(child, scope)
  }

  function declare(statement: AnyNode, scope: Scope): void {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
      for (const d of statement.declarations as AnyNode[]) bind(d.id as AnyNode, scope)
    } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      scope.names.add((statement.id as AnyNode).name as string)
    }
  }

  function hoistVars(node: AnyNode, scope: Scope): void {
    for (const child of children(node)) {
      if (/^(Arrow)?Function(Expression|Declaration)$|^Class(Expression|Declaration)$/.test(child.type))
        continue
      if (child.type === 'VariableDeclaration' && child.kind === 'var') {
        for (const d of child.declarations as AnyNode[]) bind(d.id as AnyNode, scope)
      }
      hoistVars(child, scope)
    }
  }

  /** Enters a pattern's names; visits its defaults and computed keys in `uses`, if given. */
  function bind(pattern: AnyNode, scope: Scope, uses?: Scope): void {
    switch (pattern.type) {
      case 'Identifier':
        scope.names.add(pattern.name as string)
        return
      case 'RestElement':
        return bind(pattern.argument as AnyNode, scope, uses)
      case 'AssignmentPattern':
        bind(pattern.left as AnyNode, scope, uses)
        if (uses) visit(pattern.right as AnyNode, uses)
        return
      case 'ArrayPattern':
        for (const element of pattern.elements as (AnyNode | null)[]) if (element) bind(element, scope, uses)
        return
      case 'ObjectPattern':
        for (const property of pattern.properties as AnyNode[]) {
          if (property.type === 'RestElement') bind(property, scope, uses)
          else {
            if (uses && property.computed) visit(property.key as AnyNode, uses)
            bind(property.value as AnyNode, scope, uses)
          }
        }
    }
  }

  /** The defaults and computed keys of a pattern whose names were entered before. */
  function bindDefaults(pattern: AnyNode, scope: Scope): void {
    bind(pattern, new Scope(undefined, true), scope)
  }
}
