import { prove, RUNS } from '../support/properties/prove.js'
import { TRACKED_STATE_PROPERTIES } from '../support/properties/state.js'

prove(TRACKED_STATE_PROPERTIES, RUNS).run()
