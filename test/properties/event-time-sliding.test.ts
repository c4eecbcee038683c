import { SLIDING_PROPERTIES } from '../support/properties/event-time.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(SLIDING_PROPERTIES, RUNS).run()
