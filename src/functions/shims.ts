/**
 * What tools leave behind in a function's text, so that functions of programs run through them still work:
 * esbuild's and tsx's `__name`, Istanbul's counters, and TypeScript's helpers for older targets.
 */

const helpers: Record<string, unknown> = {
  __name: (fn: object, value: string) => Object.defineProperty(fn, 'name', { value, configurable: true }),
  __assign: Object.assign,
  __spreadArray: (to: unknown[], from: unknown[]) => [...to, ...from],
  __read: (items: Iterable<unknown>, n?: number) => (n === undefined ? [...items] : [...items].slice(0, n)),
  __values: (items: Iterable<unknown>) => items[Symbol.iterator](),
  __rest: (from: Record<string, unknown>, left: string[]) =>
    Object.fromEntries(Object.entries(from).filter(([k]) => !left.includes(k))),
  __awaiter: (self: unknown, args: unknown, _: unknown, body: (...a: unknown[]) => Generator<unknown>) => {
    const steps = body.apply(self, (args as unknown[]) ?? [])
    const advance = (value?: unknown): unknown => {
      const step = steps.next(value)
      return step.done ? step.value : Promise.resolve(step.value).then(advance, error => advanceWith(error))
    }
    const advanceWith = (error: unknown): unknown => {
      const step = steps.throw(error)
      return step.done ? step.value : Promise.resolve(step.value).then(advance, advanceWith)
    }
    return Promise.resolve().then(() => advance())
  },
}

/** Istanbul's counters for a file: every path below it is a number that may be raised. */
function counters(): unknown {
  const counter: object = new Proxy((() => {}) as object, {
    get: (_, name) => (name === Symbol.toPrimitive ? () => 0 : counter),
    set: () => true,
    apply: () => counter,
  })
  return counter
}

/** True for a name that a tool put into the text. */
export function isShim(name: string): boolean {
  return Object.hasOwn(helpers, name) || isCounter(name)
}

/** True for the name of an Istanbul counter: `cov_` and a hash, or the older `__cov_`. */
export function isCounter(name: string): boolean {
  return /^(__)?cov_[\w$]+$/.test(name)
}

/** What such a name stands for on a worker. */
export function shim(name: string): unknown {
  return helpers[name] ?? counters()
}
