import { prove, RUNS } from '../support/properties/prove.js'
import { STATE_PROPERTIES } from '../support/properties/state.js'

prove(STATE_PROPERTIES, RUNS).run()
