import { DUPLICATE_PROPERTIES } from '../support/properties/event-time.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(DUPLICATE_PROPERTIES, RUNS).run()
