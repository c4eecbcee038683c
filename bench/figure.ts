import type { Env } from './case.js'
import { cases } from './cases/index.js'

/**
 * Measures one figure in this process, which run.ts starts for it alone, and prints it as a line of JSON.
 *
 *   node --expose-gc dist/bench/figure.js CASE FIGURE ENV
 */
const [name, figure, env] = process.argv.slice(2)
const measure = cases.find(c => c.name === name)?.figures[figure!]
if (measure === undefined) throw new Error(`there is no figure ${figure} of ${name}`)
const reading = await measure(JSON.parse(env!) as Env)
console.log(JSON.stringify({ impl: figure, ...reading }))
