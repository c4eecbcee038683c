import type { Node } from '../plan/nodes.js'
import type { Source } from '../plan/source.js'

/** The sources of a plan that have plans of their own to be taken in their place; see {@link Source.plan}. */
export function lateSources(node: Node): Source[] {
  const seen = new Set<Node>()
  const found = new Set<Source>()
  const look = (at: Node): void => {
    if (at.storage !== undefined || seen.has(at)) return
    seen.add(at)
    if (at.kind === 'source') {
      if (at.source.plan !== undefined) found.add(at.source)
    } else if (at.kind === 'narrow') look(at.parent)
    else at.parents.forEach(look)
  }
  look(node)
  return [...found]
}

/** The same plan with those sources' plans in it. What is read twice stays one node, so that it is computed once. */
export async function withPlans(node: Node, late: readonly Source[]): Promise<Node> {
  const plans = new Map<Source, Node>()
  for (const source of late) {
    const plan = await source.plan!()
    plans.set(source, await withPlans(plan, lateSources(plan)))
  }
  const made = new Map<Node, Node>()
  const replaced = (at: Node): Node => {
    let known = made.get(at)
    if (known === undefined) made.set(at, (known = at.storage === undefined ? rebuilt(at) : at))
    return known
  }
  const rebuilt = (at: Node): Node => {
    switch (at.kind) {
      case 'source':
        return plans.get(at.source) ?? at
      case 'narrow': {
        const parent = replaced(at.parent)
        return parent === at.parent ? at : { ...at, parent }
      }
      default: {
        const parents = at.parents.map(replaced)
        return parents.every((parent, k) => parent === at.parents[k]) ? at : { ...at, parents }
      }
    }
  }
  return replaced(node)
}
