import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Tells what a batch waits for: its outputs, and the loops over `batches()`. If they stop the streaming context, the stop
 * must not wait for their batch in turn.
 */
export class BatchScope {
  static readonly #current = new AsyncLocalStorage<BatchScope>()
  /** The graph whose batch waits; undefined while none does. */
  #graph: object | undefined

  /** True if a batch of this graph waits for the caller. */
  static inside(graph: object): boolean {
    const scope = BatchScope.#current.getStore()
    return scope !== undefined && scope.#graph === graph
  }

  /** Runs what a batch of the graph waits for. What that leaves behind, a timer for instance, is not inside any more. */
  static async run(graph: object, action: () => Promise<void>): Promise<void> {
    const scope = new BatchScope()
    scope.waiting(graph)
    try {
      await BatchScope.#current.run(scope, action)
    } finally {
      scope.waiting(undefined)
    }
  }

  /** From here on the caller's asynchronous context is this scope. */
  enter(): void {
    BatchScope.#current.enterWith(this)
  }

  /** Says whose batch waits for this scope from now on. */
  waiting(graph: object | undefined): void {
    this.#graph = graph
  }
}
