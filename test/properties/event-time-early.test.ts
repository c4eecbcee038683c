import { EARLY_PROPERTIES } from '../support/properties/event-time.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(EARLY_PROPERTIES, RUNS).run()
