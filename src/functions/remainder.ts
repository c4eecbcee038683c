import type { AnyNode } from './syntax.js'
import { children } from './syntax.js'

/** The name by which rewritten functions know {@link remainder}. */
export const REMAINDER = '__millrace_remainder'

/**
 * `a % c` for a whole c > 0, to the bit: V8 computes remainders of doubles by a C call, and those of whole numbers by a
 * multiplication, but it goes by the type of the variable and not by the value at hand. Anything that is not a positive
 * whole number, -0 and objects with a `valueOf` among them, takes the plain operator.
 */
export function remainder(a: number, c: number): number {
  if (typeof a === 'number') {
    const whole = a | 0
    if (whole === a && whole > 0) return whole % c
  }
  return a % c
}

/** A function's text with every `… % constant` as a call of {@link remainder}; the same text if there is none. */
export function withRemainders(source: string, root: AnyNode): string {
  let text = ''
  let at = root.start
  visit(root)
  return text === '' ? source : source.slice(0, root.start) + text + source.slice(at)

  function visit(node: AnyNode): void {
    const { left, right } = node as unknown as { left: AnyNode; right: AnyNode }
    const divisor =
      node.type === 'BinaryExpression' && node.operator === '%' && right.type === 'Literal'
        ? right.value
        : undefined
    const whole = typeof divisor === 'number' && Number.isInteger(divisor) && divisor > 0 && divisor < 2 ** 31
    // Between the sides lie the operator, brackets that close the left side, and rarely a comment.
    const between = whole ? /^([\s)]*)%[\s(]*$/.exec(source.slice(left.end, right.start)) : null
    if (between === null) {
      for (const child of children(node).sort((a, b) => a.start - b.start)) visit(child)
      return
    }
    copyTo(node.start)
    text += `${REMAINDER}(`
    visit(left)
    copyTo(left.end)
    text += `${between[1]}, ${divisor})`
    at = node.end
  }

  function copyTo(place: number): void {
    text += source.slice(at, place)
    at = place
  }
}
