import { TUMBLING_PROPERTIES } from '../support/properties/event-time.js'
import { prove, RUNS } from '../support/properties/prove.js'

prove(TUMBLING_PROPERTIES, RUNS).run()
