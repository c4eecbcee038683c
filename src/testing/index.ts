/** What tests of streaming programs need; the library's own tests use nothing else. */
export type { Clock } from '../core/clock.js'
export { ManualClock } from './manual-clock.js'
