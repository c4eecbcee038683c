import { DEEP_RUNS, prove } from '../support/properties/prove.js'
import { STATE_PROPERTIES } from '../support/properties/state.js'

prove(STATE_PROPERTIES, ...DEEP_RUNS).run()
