import { type CarriedFunction, modulesOf, type Surroundings, unpack } from '../functions/carry.js'
import { functionsOf, type Program } from '../plan/stages.js'
import { Chain, type Operators } from './chain.js'

/** Loops kept for their types. Records whose names are data have a type for every name. */
const LOOPS = 300

/** A program on one thread: its functions, callable, and the loops made for them so far. */
export class LoadedProgram {
  readonly program: Program
  /** What must be imported before its functions can be called. */
  readonly modules: readonly string[]
  readonly #here: Surroundings
  readonly #functions = new Map<CarriedFunction, Function>()
  readonly #chains = new Map<Operators, Chain>()
  readonly #loops = new Map<string, unknown>()

  constructor(program: Program, here: Surroundings) {
    this.program = program
    this.modules = functionsOf(program).flatMap(modulesOf)
    this.#here = here
  }

  /** The callable copy of a function; always the same one. */
  fn(carried: CarriedFunction): Function {
    let fn = this.#functions.get(carried)
    if (fn === undefined) this.#functions.set(carried, (fn = unpack(carried, this.#here)))
    return fn
  }

  /** The chain of a branch, or of what lies aligned. */
  chain(of: Operators): Chain {
    let chain = this.#chains.get(of)
    if (chain === undefined) this.#chains.set(of, (chain = new Chain(of, this)))
    return chain
  }

  /** A generated loop, made once for each key; those that have not been used for long are forgotten. */
  loop<L>(key: string, make: () => L): L {
    const loop = (this.#loops.get(key) as L | undefined) ?? make()
    this.#loops.delete(key) // to the young end
    this.#loops.set(key, loop)
    if (this.#loops.size > LOOPS) this.#loops.delete(this.#loops.keys().next().value!)
    return loop
  }
}
