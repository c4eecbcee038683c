import { SESSION_PROPERTIES } from '../support/properties/event-time.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(SESSION_PROPERTIES, RUNS).run()
