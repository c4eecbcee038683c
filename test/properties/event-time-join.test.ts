import { INTERVAL_JOIN_PROPERTIES } from '../support/properties/event-time.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(INTERVAL_JOIN_PROPERTIES, RUNS).run()
